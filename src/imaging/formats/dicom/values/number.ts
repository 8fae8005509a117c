import type { DataSet } from "dicom-parser";
import { TrinephronError } from "../../../../base/errors.ts";
import type { Reading } from "../file/reading.ts";
import { binaryNumbers, numbersNotText } from "./binary.ts";
import { named } from "./dictionary.ts";
import { latin1 } from "./latin1.ts";

/** A decimal string (PS3.5 Table 6.2-1), or one with a comma as its point. */
const decimal = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?$/;

/**
 * All numbers of a decimal or integer string (DS, IS), each read whole: blanks around it are passed over, a comma counts
 * as a decimal point and is said. Of an attribute that is written with a VR of binary numbers, those. None where the
 * attribute is missing or empty.
 *
 * @throws E_VALUE naming attribute and value for anything else, so that no number is read in part
 */
export function numbers(dataSet: DataSet, tag: string, { name, say }: Reading): number[] {
  const element = dataSet.elements[tag];
  const binary = element && numbersNotText(dataSet, element);
  if (binary) {
    const wrong = binary.find((value) => !Number.isFinite(value));
    if (wrong !== undefined) throw misread(name, tag, String(wrong), "is no number");
    return binary;
  }
  const written = stringOf(dataSet, tag);
  if (written === undefined) return [];
  // A separator behind the last value begins none.
  const texts = written.replace(/[\\ ]+$/, "").split("\\");
  return texts.map((text) => {
    const value = decimal.test(text.trim()) ? Number(text.trim().replace(",", ".")) : Number.NaN;
    if (!Number.isFinite(value)) throw misread(name, tag, text, "is no number", written);
    if (text.includes(",")) say(`commas in ${named(tag)} read as decimal points`);
    return value;
  });
}

/**
 * The numbers of an attribute that must have so many; undefined where it is missing or empty.
 * @throws E_VALUE as `numbers`, and where it has more or fewer
 */
export function numbersOf(
  dataSet: DataSet,
  tag: string,
  count: number,
  reading: Reading,
): number[] | undefined {
  const values = numbers(dataSet, tag, reading);
  if (values.length === 0 || values.length === count) return values.length === 0 ? undefined : values;
  throw misread(reading.name, tag, stringOf(dataSet, tag)!, `has ${values.length} values, not ${count}`);
}

/** The one number of an attribute. @throws E_VALUE as `numbersOf` */
export const numberOf = (dataSet: DataSet, tag: string, reading: Reading): number | undefined =>
  numbersOf(dataSet, tag, 1, reading)?.[0];

/** The one whole number of an attribute (IS). @throws E_VALUE as `numberOf`, and for one with a fraction */
export function integerOf(dataSet: DataSet, tag: string, reading: Reading): number | undefined {
  const value = numberOf(dataSet, tag, reading);
  if (value === undefined || Number.isSafeInteger(value)) return value;
  throw misread(reading.name, tag, stringOf(dataSet, tag)!, "is no whole number");
}

/**
 * The one whole number of a binary attribute (US), whether it is written with two bytes, four, or as text.
 * @throws E_VALUE where it has several values, or text that is no whole number
 */
export function wholeNumberOf(
  dataSet: DataSet,
  tag: string,
  to: Reading,
  vr: "US" | "SS" | "UL" = "US",
): number | undefined {
  const element = dataSet.elements[tag];
  if (!element || element.length <= 0) return undefined;
  const values = binaryNumbers(dataSet, element, vr);
  if (!values) return integerOf(dataSet, tag, to);
  if (values.length === 1 && Number.isSafeInteger(values[0])) return values[0];
  throw misread(to.name, tag, values.join("\\"), "is not one whole number");
}

/** As `numberOf` for what only describes an image: several values are left out and said. */
export function describingNumber(dataSet: DataSet, tag: string, reading: Reading): number | undefined {
  const values = numbers(dataSet, tag, reading);
  if (values.length > 1) reading.say(`${named(tag)} has ${values.length} values instead of one: left out`);
  return values.length === 1 ? values[0] : undefined;
}

/** An error that an attribute's value makes. */
export function misread(
  name: string,
  tag: string,
  value: string,
  what: string,
  all = value,
): TrinephronError {
  const part = all === value ? "" : ` in "${shown(all)}"`;
  return new TrinephronError(
    "E_VALUE",
    `${name}: ${named(tag)} ${what}: "${shown(value)}"${part}`,
    "have it exported again, or leave the file out",
  );
}

/** Long lists of points are cut for the eye. */
const shown = (text: string): string => {
  const line = text.replaceAll(/\p{Cc}/gu, "�");
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
};

/** Without the zeros and blanks that pad it; undefined where nothing is left. */
function stringOf(dataSet: DataSet, tag: string): string | undefined {
  const element = dataSet.elements[tag];
  if (!element || element.length <= 0) return undefined;
  const { dataOffset, length } = element;
  const bytes = dataSet.byteArray.subarray(dataOffset, dataOffset + length);
  const text = latin1(bytes).replace(/[\0 ]+$/, "");
  return text.trim() === "" ? undefined : text;
}
