import type { DataSet } from "dicom-parser";
import { parentOf } from "../file/elements.ts";
import type { Reading } from "../file/reading.ts";
import { decodeText } from "./decodeText.ts";
import { named } from "./dictionary.ts";

/**
 * Text of an attribute in the file's character set, trimmed; undefined where it is missing or empty. An item of a
 * sequence without a character set of its own has that of what it stands in (PS3.5 § 7.5.3).
 *
 * @param to takes what was guessed or lost
 */
export function text(dataSet: DataSet, tag: string, to?: Reading): string | undefined {
  const element = dataSet.elements[tag];
  if (!element || element.length <= 0) return undefined;
  const { dataOffset, length, vr } = element;
  const bytes = dataSet.byteArray.subarray(dataOffset, dataOffset + length);
  const delimiters = vr === "PN" || names.has(tag) ? "\\^=" : /^(ST|LT|UT)$/.test(vr ?? "") ? "" : "\\";
  const decoded = decodeText(bytes, characterSets(dataSet), delimiters);
  for (const fault of decoded.faults) to?.say(`${named(tag)} ${fault}`);
  // Trailing zeros pad UIDs, and wrongly other text.
  const value = decoded.text.replace(/[\0\s]+$/, "").trimStart();
  const clean = delimiters === "" ? value : value.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ");
  if (clean !== value) to?.say(`${named(tag)} has control characters or line breaks: read as blanks`);
  return clean === "" ? undefined : clean;
}

/** The values of an attribute that backslashes divide. */
export const texts = (dataSet: DataSet, tag: string, to?: Reading): string[] =>
  (text(dataSet, tag, to) ?? "").split("\\").map((value) => value.trim());

/** Persons' names that are read, for files without VRs. */
const names = new Set(["x00100010", "x00080090"]);

function characterSets(dataSet: DataSet): string[] {
  let owner: DataSet | undefined = dataSet;
  while (owner && !("x00080005" in owner.elements)) owner = parentOf(owner);
  const written = owner?.string("x00080005");
  return written === undefined ? [] : written.split("\\").map((term) => term.trim());
}
