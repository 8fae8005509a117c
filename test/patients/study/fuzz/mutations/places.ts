import { dicomKinds, eachFile, type Mutation, pick } from "../mutation.ts";
import type { Study } from "../study.ts";

const named = (study: Study, name: (n: number) => string): Study =>
  eachFile(study, (file, n) => ({ ...file, name: name(n) }));

const number = (n: number) => String(n).padStart(4, "0");

/** The same files in other places. */
export const places: readonly Mutation[] = [
  {
    name: "nested folders, and names that say nothing",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) => {
      const [depth, ending] = [draw.integer(4), pick(draw, ["", ".dcm", ".IMA", ".txt", ".1"])];
      const folders = () => Array.from({ length: depth }, () => `${draw.integer(3)}/`).join("");
      return { ...named(study, (n) => `${folders()}${number(n)}${ending}`), place: "folders" };
    },
  },
  {
    name: "links to the files",
    of: dicomKinds,
    ends: ["same"],
    apply: (study) => ({ ...study, place: "links" }),
  },
  {
    name: "a ZIP archive",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) => ({
      ...named(study, (n) => `${draw.integer(2)}/${number(n)}`),
      place: "archive",
    }),
  },
  {
    name: "other files among them",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) => {
      const text = pick(draw, ["read me", "<html></html>", "%PDF-1.7", "MZ\0\0", "{}"]);
      const other = { ...study.files[0], name: "README", bytes: Buffer.from(text.padEnd(40)) };
      return { ...study, files: [other, ...study.files] };
    },
  },
  {
    name: "an empty file, or one that is hidden",
    of: dicomKinds,
    ends: ["same", "same, said"],
    says: /an empty file/,
    apply: (study, draw) => {
      const [name, bytes] = draw.integer(2) === 0 ? ["empty", ""] : [".hidden", "x"];
      const other = { ...study.files[0], name, bytes: Buffer.from(bytes) };
      return { ...study, files: [...study.files, other], place: "folders" };
    },
  },
];
