/** Renews THIRD_PARTY_NOTICES.md: `npm run notices`, after any change of the packages that the lock file names. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { writeWhole } from "../src/base/files.ts";

const root = resolve(import.meta.dirname, "..");
export const noticesFile = join(root, "THIRD_PARTY_NOTICES.md");

interface Locked {
  readonly version: string;
  readonly license?: string;
  /** Of development only. */
  readonly dev?: boolean;
}
interface Manifest {
  readonly name: string;
  readonly homepage?: string;
  readonly repository?: string | { readonly url: string };
}

/** A package that comes with this one, and the texts of the files that hold its licence. */
interface Notice {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly homepage: string;
  readonly texts: readonly string[];
}

const licenseFile = /^(licen[cs]e|copying|notice|third.?party.?notices)(?!\w*\.(js|ts)$)/i;
const lines = (text: string): string =>
  text
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/[ \t]+$/gm, "")
    .trim();

/** Where a package's site or sources are, as a page to open; empty where it names none. */
function homepage({ homepage, repository }: Manifest): string {
  const url = homepage || (typeof repository === "string" ? repository : (repository?.url ?? ""));
  return url
    .replace(/^git\+/, "")
    .replace(/^(git|ssh):\/\/(git@)?/, "https://")
    .replace(/^(github:)?([\w-]+\/[\w.-]+)$/, "https://github.com/$2")
    .replace(/\.git$/, "");
}

function noticeOf(path: string, { version, license }: Locked): Notice {
  const folder = join(root, path);
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const texts = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && licenseFile.test(entry.name))
    .map(({ name }) => name)
    .sort()
    .map((name) => lines(readFileSync(join(folder, name), "utf8")))
    .filter((text) => text !== "");
  return {
    name: manifest.name,
    version,
    license: license ?? "not named",
    homepage: homepage(manifest),
    texts,
  };
}

/** Of development only, but part of the reading room's page as it is built. */
const inPage = ["preact", "@preact/signals", "@preact/signals-core"];

/** Every package that an installation of this one brings along, once a version, by name. */
function runtimeNotices(): Notice[] {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const notices = Object.entries(lock.packages as Record<string, Locked>)
    .filter(([path, { dev }]) => path !== "" && (!dev || inPage.includes(path.replace("node_modules/", ""))))
    .map(([path, locked]) => noticeOf(path, locked));
  const once = new Map(notices.map((notice) => [`${notice.name}@${notice.version}`, notice]));
  return [...once.values()].sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
}
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The whole file: a table of the packages, and after it each text once with the packages that it is of. */
export function noticesText(): string {
  const notices = runtimeNotices();
  const texts = [...new Set(notices.flatMap((notice) => notice.texts))];
  const numbers = ({ texts: own }: Notice) => own.map((text) => `[${texts.indexOf(text) + 1}]`).join(" ");
  return [
    "# Third-party notices",
    "",
    "trinephron is licensed under Apache-2.0. An installation brings the packages below along, each under a licence of its own. This file is made by `npm run notices` from `package-lock.json` and from what the packages themselves hold; where a package holds no text, that of its licence stands at https://spdx.org/licenses.",
    "",
    "| package | version | licence | text | homepage |",
    "| ------- | ------- | ------- | ---- | -------- |",
    ...notices.map(
      (notice) =>
        `| ${notice.name} | ${notice.version} | ${notice.license} | ${numbers(notice) || "none"} | ${notice.homepage} |`,
    ),
    "",
    "## Texts",
    ...texts.flatMap((text, t) => [
      "",
      `### [${t + 1}]`,
      "",
      // A fence longer than any in the text.
      "`````text",
      text,
      "`````",
    ]),
    "",
  ].join("\n");
}

if (import.meta.main) await writeWhole(noticesFile, noticesText());
