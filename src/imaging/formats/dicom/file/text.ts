import type { DataSet } from "dicom-parser";

/** Encodings by the defined terms of Specific Character Set (PS3.3 C.12.1.1.2). */
const encodings: Readonly<Record<string, string>> = {
  "ISO_IR 100": "latin1",
  "ISO_IR 101": "iso-8859-2",
  "ISO_IR 109": "iso-8859-3",
  "ISO_IR 110": "iso-8859-4",
  "ISO_IR 144": "iso-8859-5",
  "ISO_IR 127": "iso-8859-6",
  "ISO_IR 126": "iso-8859-7",
  "ISO_IR 138": "iso-8859-8",
  "ISO_IR 148": "iso-8859-9",
  "ISO_IR 203": "iso-8859-15",
  "ISO_IR 166": "windows-874",
  "ISO_IR 13": "shift_jis",
  "ISO_IR 192": "utf-8",
  "ISO 2022 IR 87": "iso-2022-jp",
  "ISO 2022 IR 159": "iso-2022-jp",
  "ISO 2022 IR 149": "euc-kr",
  "ISO 2022 IR 58": "gb2312",
  GB18030: "gb18030",
  GBK: "gbk",
};

/**
 * Text of an attribute in the file's character set, trimmed; undefined where it is missing or empty.
 * @param root the file's data set, where `dataSet` is an item of a sequence: items take their character set from it
 */
export function text(dataSet: DataSet, tag: string, root = dataSet): string | undefined {
  const element = dataSet.elements[tag];
  if (!element || element.length <= 0) return undefined;
  const { dataOffset, length } = element;
  const bytes = dataSet.byteArray.subarray(dataOffset, dataOffset + length);
  // Trailing zeros pad UIDs, and wrongly other text.
  const value = decoded(bytes, characterSets("x00080005" in dataSet.elements ? dataSet : root))
    .replace(/[\0\s]+$/, "")
    .trimStart();
  return value === "" ? undefined : value;
}

/** The values of an attribute that backslashes divide. */
export const texts = (dataSet: DataSet, tag: string): string[] =>
  (text(dataSet, tag) ?? "").split("\\").map((value) => value.trim());

const characterSets = (dataSet: DataSet): string[] =>
  (dataSet.string("x00080005") ?? "").split("\\").map((term) => term.trim());

function decoded(bytes: Uint8Array, terms: readonly string[]): string {
  // The last extension is the one whose escapes appear: ISO 2022 IR 6 and 13 stand in front of it.
  const term = terms
    .toReversed()
    .find((candidate) => encodings[candidate.replace("ISO 2022 IR 1", "ISO_IR 1")]);
  const encoding = term && (encodings[term] ?? encodings[term.replace("ISO 2022 IR ", "ISO_IR ")]);
  if (!encoding || bytes.every((byte) => byte < 0x80 && byte !== 0x1b))
    return Buffer.from(bytes).toString("latin1");
  return new TextDecoder(encoding).decode(bytes).replaceAll(leftEscapes, "");
}

/** Escape sequences (PS3.5 § 6.1.2.5.3) that the decoder does not take as its own. */
const leftEscapes = new RegExp(`${String.fromCharCode(27)}[$(][A-Z)(]*[A-Z]?`, "g");
