import { type DataSet, type Element, isSequence, mapped, replaced, without } from "../dataSet.ts";
import { explicitBig, explicitLittle, implicitLittle } from "../encode.ts";
import { dicomKinds, eachDataSet, eachFile, isCt, type Mutation, pick } from "../mutation.ts";
import type { Study } from "../study.ts";
import { bytesOf, storedOf } from "./storedValues.ts";

const encodedAs = (study: Study, change: object): Study =>
  eachFile(study, (file) => ({ ...file, encoding: { ...file.encoding, ...change } }));

const eachElement = (study: Study, change: (element: Element) => Element): Study =>
  eachDataSet(study, (dataSet) => mapped(dataSet, change));

/** The same number, of more bytes. */
const wider = (element: Element): Element => {
  if (element.vr !== "US" || isSequence(element)) return element;
  const bytes = element.value as Buffer;
  const value = Buffer.alloc(2 * bytes.length);
  for (let n = 0; n < bytes.length; n += 2) value.writeUInt32LE(bytes.readUInt16LE(n), 2 * n);
  return { ...element, vr: "UL", value };
};

/** The same numbers, as text. */
const worded = (element: Element): Element => {
  if (element.vr !== "US" || isSequence(element)) return element;
  const bytes = element.value as Buffer;
  const numbers = Array.from({ length: bytes.length / 2 }, (_, n) => bytes.readUInt16LE(2 * n));
  return { ...element, vr: "IS", value: Buffer.from(numbers.join("\\")) };
};

/** The same numbers, as binary floating point. */
const floating = (width: 4 | 8) => (element: Element) => {
  if (element.vr !== "DS" || isSequence(element) || element.value.length === 0) return element;
  const numbers = (element.value as Buffer).toString("latin1").split("\\").map(Number);
  const array = width === 8 ? Float64Array.from(numbers) : Float32Array.from(numbers);
  return { ...element, vr: width === 8 ? "FD" : "FL", value: Buffer.from(array.buffer) };
};

/** Stored values with a sign, without which Pixel Representation means nothing. */
const signed = (study: Study): Study =>
  eachDataSet(
    study,
    (dataSet) =>
      replaced(
        replaced(
          replaced(dataSet, "7fe00010", bytesOf(Int16Array.from(storedOf(dataSet), (value) => value - 1024))),
          "00281052",
          "0",
        ),
        "00280103",
        [1],
      ),
    isCt,
  );

/** VRs whose values are written alike. */
const alike: Readonly<Record<string, readonly string[]>> = {
  DS: ["LO", "SH", "ST", "IS", "UT"],
  IS: ["DS", "SH", "LO"],
  LO: ["SH", "ST", "UT", "PN"],
  SH: ["LO", "ST"],
  CS: ["SH", "LO"],
  DA: ["LO", "DT"],
  TM: ["LO", "SH"],
  UI: ["LO", "SH"],
  PN: ["LO"],
  AS: ["SH"],
  US: ["SS"],
  OW: ["OB"],
  OB: ["OW"],
};

/** Value representations and lengths written in other ways. */
export const representations: readonly Mutation[] = [
  {
    name: "implicit VRs",
    of: dicomKinds,
    ends: ["same"],
    apply: (study) => encodedAs(study, implicitLittle),
  },
  {
    name: "explicit VRs, big endian",
    of: dicomKinds,
    ends: ["same"],
    apply: (study) => encodedAs(study, explicitBig),
  },
  {
    name: "deflated",
    of: dicomKinds,
    ends: ["same"],
    apply: (study) => encodedAs(study, { syntax: "1.2.840.10008.1.2.1.99", deflated: true }),
  },
  {
    name: "no meta information",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) =>
      encodedAs(study, { ...pick(draw, [explicitLittle, implicitLittle, explicitBig]), bare: true }),
  },
  {
    name: "another encoding than the declared one",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) => {
      const [written, declared] = pick(draw, [
        [explicitLittle, implicitLittle],
        [implicitLittle, explicitLittle],
      ]);
      return encodedAs(study, { ...written, syntax: declared.syntax });
    },
  },
  {
    name: "sequences and items with delimiters",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) =>
      encodedAs(study, { ...pick(draw, [explicitLittle, implicitLittle, explicitBig]), delimited: true }),
  },
  {
    name: "some sequences with delimiters",
    of: ["SEG", "RTSTRUCT"],
    ends: ["same"],
    apply: (study, draw) =>
      eachElement(study, (element) => ({ ...element, delimited: draw.integer(2) === 0 })),
  },
  {
    name: "UN of known length for some VRs",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) =>
      eachElement(study, (element) => (draw.integer(3) === 0 ? { ...element, written: "UN" } : element)),
  },
  {
    name: "UN of unknown length for sequences",
    of: ["SEG", "RTSTRUCT"],
    ends: ["same"],
    apply: (study, draw) =>
      eachElement(study, (element) =>
        isSequence(element) && draw.integer(2) === 0
          ? { ...element, written: "UN", delimited: true }
          : element,
      ),
  },
  {
    name: "UN for all, big endian",
    of: dicomKinds,
    ends: ["same"],
    apply: (study) => {
      // Words of pixels keep their own order: the transfer syntax is theirs.
      const unknown = (element: Element) =>
        element.tag === "7fe00010" ? element : { ...element, written: "UN" };
      return encodedAs(eachElement(study, unknown), explicitBig);
    },
  },
  {
    name: "other VRs whose values are written alike",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) =>
      eachElement(study, (element) => ({
        ...element,
        written: draw.integer(2) === 0 ? pick(draw, alike[element.vr] ?? [element.vr]) : element.vr,
      })),
  },
  {
    name: "numbers of four bytes for two",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) =>
      encodedAs(eachElement(study, wider), pick(draw, [explicitLittle, implicitLittle, explicitBig])),
  },
  {
    name: "whole numbers as text for two bytes",
    of: dicomKinds,
    ends: ["same"],
    apply: (study) => eachElement(study, worded),
  },
  {
    name: "floating point of eight bytes for decimal strings",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) =>
      encodedAs(eachElement(study, floating(8)), pick(draw, [explicitLittle, explicitBig])),
  },
  {
    name: "floating point of four bytes for decimal strings",
    of: dicomKinds,
    ends: ["same"],
    within: { mm: 0.01 },
    apply: (study) => eachElement(study, floating(4)),
  },
  {
    name: "an encoding of its own for each file",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) =>
      eachFile(study, (file) => ({
        ...file,
        encoding: {
          ...pick(draw, [explicitLittle, implicitLittle, explicitBig]),
          delimited: draw.integer(2) === 0,
        },
      })),
  },
  {
    name: "one number written with another VR",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) => {
      const changed = pick(draw, ["00280010", "00280100", "00280101", "00280103", "00620004", "0062000b"]);
      const change = pick(draw, [wider, worded]);
      return eachElement(signed(study), (element) => (element.tag === changed ? change(element) : element));
    },
  },
  {
    name: "padding behind the data set",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) =>
      eachDataSet(study, (dataSet) => [
        ...dataSet,
        { tag: "fffcfffc", vr: "OB", value: Buffer.alloc(2 * draw.integer(100)) },
      ]),
  },
  {
    name: "private elements among the others",
    of: dicomKinds,
    ends: ["same"],
    apply: (study, draw) => eachDataSet(study, (dataSet) => withPrivate(dataSet, draw.integer(3))),
  },
  {
    name: "group lengths, and what nobody asks for left out",
    of: dicomKinds,
    ends: ["same"],
    apply: (study) =>
      eachDataSet(study, (dataSet) => {
        const length: Element = { tag: "00080000", vr: "UL", value: Buffer.from([200, 0, 0, 0]) };
        return [length, ...without(dataSet, "00281050", "00281051", "00185100", "00201041", "00280301")];
      }),
  },
];

function withPrivate(dataSet: DataSet, kind: number): DataSet {
  const creator: Element = { tag: "00090010", vr: "LO", value: Buffer.from("FUZZ") };
  const item: Element = { tag: "00280010", vr: "US", value: Buffer.from([1, 0]) };
  const own: Element[] = [
    { tag: "00091001", vr: "OB", value: Buffer.alloc(40, 7) },
    { tag: "00091002", vr: "SQ", value: [[item]], delimited: true },
    { tag: "00091003", vr: "SQ", value: [[item], []] },
  ];
  return [...dataSet, creator, own[kind]].sort((a, b) => (a.tag < b.tag ? -1 : 1));
}
