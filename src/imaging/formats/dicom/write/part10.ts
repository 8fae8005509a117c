import { createRequire } from "node:module";
import { TrinephronError } from "../../../../base/errors.ts";
import { calendarDate, timeOfDay } from "../values/dateTime.ts";
import { decimalString } from "./decimalString.ts";
import { isUid } from "./keepable.ts";

/**
 * A data set by the keywords of PS3.6. Undefined leaves an attribute out, null writes it empty (type 2), an array is
 * several values, a data set or an array of them a sequence. Numbers for DS and IS are written as text.
 */
export interface NaturalDataset {
  readonly [keyword: string]: NaturalValue;
}
/** A value of a data set, by its keyword. */
export type NaturalValue =
  | undefined
  | null
  | string
  | number
  | readonly string[]
  | readonly number[]
  | Uint8Array
  | Uint16Array
  | Int16Array
  | NaturalDataset
  | readonly NaturalDataset[];

/** Of this program, PS3.7 D.3.3.2. */
export const implementationClassUid = "2.25.104539493954865629774619865230126992670";

interface Element {
  readonly vr: string;
  readonly Value: readonly unknown[];
}
type Elements = Record<string, Element>;

/** What is used of dcmjs, which has no types. */
interface Dcmjs {
  readonly data: {
    readonly DicomDict: new (meta: Elements) => { dict: Elements; write(): ArrayBuffer };
    readonly DicomMetaDictionary: {
      readonly nameMap: Readonly<Record<string, { readonly tag: string; readonly vr: string } | undefined>>;
    };
  };
}

const require = createRequire(import.meta.url);
// Not at the top: a command that writes no DICOM does not wait for it.
const dcmjs = () => require("dcmjs") as Dcmjs;

/**
 * A data set as a DICOM file (PS3.10), explicit VR little endian, text in UTF-8.
 *
 * @param name of the object, for errors
 * @throws E_FORMAT where a keyword is unknown or a value does not fit its value representation
 */
export function encodePart10(dataset: NaturalDataset, name: string): Uint8Array {
  const { SOPClassUID, SOPInstanceUID } = dataset;
  const meta: NaturalDataset = {
    FileMetaInformationVersion: Uint8Array.of(0, 1),
    MediaStorageSOPClassUID: SOPClassUID,
    MediaStorageSOPInstanceUID: SOPInstanceUID,
    TransferSyntaxUID: "1.2.840.10008.1.2.1",
    ImplementationClassUID: implementationClassUid,
    ImplementationVersionName: "TRINEPHRON",
  };
  const context = { name, signed: dataset.PixelRepresentation === 1 };
  const dict = new (dcmjs().data.DicomDict)(elements(meta, context));
  dict.dict = elements({ SpecificCharacterSet: "ISO_IR 192", ...dataset }, context);
  return new Uint8Array(dict.write());
}

interface Context {
  readonly name: string;
  /** Pixel values are signed: decides VRs that PS3.6 gives as "US or SS". */
  readonly signed: boolean;
}

function elements(dataset: NaturalDataset, context: Context): Elements {
  const { nameMap } = dcmjs().data.DicomMetaDictionary;
  const found: Elements = {};
  for (const [keyword, value] of Object.entries(dataset)) {
    if (value === undefined) continue;
    const entry = nameMap[keyword];
    if (!entry) throw new TrinephronError("E_FORMAT", `${context.name}: no DICOM attribute named ${keyword}`);
    const vr = representation(entry.vr, value, context);
    const tag = entry.tag.replace(/[(),]/g, "");
    found[tag] = { vr, Value: values(value, vr, keyword, context) };
  }
  return found;
}

function representation(vr: string, value: NaturalValue, { signed }: Context): string {
  if (vr === "xs") return signed ? "SS" : "US";
  if (vr !== "ox") return vr;
  return value instanceof Uint8Array ? "OB" : "OW";
}

function values(value: NaturalValue, vr: string, keyword: string, context: Context): readonly unknown[] {
  if (value === null || value === undefined) return [];
  // dcmjs reads the whole buffer beneath a view.
  if (ArrayBuffer.isView(value))
    return [value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength)];
  const list = (isArray(value) ? value : [value]) as readonly (string | number | NaturalDataset)[];
  return list.map((item) => {
    if (vr === "SQ") return elements(item as NaturalDataset, context);
    if (typeof item === "number") {
      if (!Number.isFinite(item)) throw misfit(keyword, item, vr, context);
      if (vr === "DS") return decimalString(item);
      return vr === "IS" ? String(Math.round(item)) : item;
    }
    return string(item as string, vr, keyword, context);
  });
}

/** Characters at most, PS3.5 § 6.2: of names and descriptions, which are cut, and of codes, which must fit. */
const cut: Readonly<Record<string, number>> = { SH: 16, LO: 64, PN: 194, ST: 1024, LT: 10240 };
const fit: Readonly<Record<string, number>> = {
  CS: 16,
  AE: 16,
  DS: 16,
  IS: 12,
  AS: 4,
  DA: 8,
  TM: 14,
  UI: 64,
};

/** Whom and what an object is about: cut, these would be another's. `keepable` leaves out what does not fit. */
const identifying = new Set(
  "PatientID PatientName AccessionNumber StudyID ReferringPhysicianName".split(" "),
);

const isValid: Readonly<Record<string, (value: string) => boolean>> = {
  UI: (value) => value === "" || isUid(value),
  DA: (value) => calendarDate(value) === value,
  TM: (value) => timeOfDay(value) === value,
};

function string(text: string, vr: string, keyword: string, context: Context): string {
  // Of control characters only these may stand in long texts (PS3.5 § 6.1.3).
  const value = text.replaceAll(/^(ST|LT|UT)$/.test(vr) ? /(?![\t\n\f\r])\p{Cc}/gu : /\p{Cc}/gu, " ");
  const longest = fit[vr] ?? (identifying.has(keyword) ? cut[vr] : Infinity);
  if ([...value].length > longest || isValid[vr]?.(value) === false)
    throw misfit(keyword, value, vr, context);
  // A backslash would divide the value in two.
  const one = vr in cut && vr !== "ST" && vr !== "LT" ? value.replaceAll("\\", "/") : value;
  return [...one].slice(0, cut[vr] ?? Infinity).join("");
}

const misfit = (keyword: string, value: unknown, vr: string, { name }: Context) =>
  new TrinephronError("E_FORMAT", `${name}: ${keyword} "${value}" does not fit its representation ${vr}`);

const isArray: (value: unknown) => value is readonly unknown[] = Array.isArray;
