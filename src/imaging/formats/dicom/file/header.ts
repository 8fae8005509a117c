import type { DataSet } from "dicom-parser";
import type { Vec3 } from "../../../../numerics/volume/volume.ts";
import { calendarDate, secondsOf, timeOfDateTime, timeOfDay } from "../values/dateTime.ts";
import { named } from "../values/dictionary.ts";
import {
  describingNumber,
  integerOf,
  misread,
  numberOf,
  numbersOf,
  wholeNumberOf,
} from "../values/number.ts";
import { functionalGroup } from "../values/rescale.ts";
import { text, texts } from "../values/text.ts";
import type { Parsed } from "./parse.ts";
import { type Reading, reading } from "./reading.ts";

/** Where one plane of pixels lies in the patient, and in which pass over him it was taken; LPS, mm. */
export interface Plane {
  /** Centre of the first pixel. */
  readonly position: Vec3;
  /** Unit vectors along a row (columns' index rising) and down a column. */
  readonly row: Vec3;
  readonly column: Vec3;
  /** Distance between columns and between rows, mm. */
  readonly spacing: readonly [column: number, row: number];
  /** Slice thickness, mm; not the distance between slices. */
  readonly thickness: number | undefined;
  /** Stack ID of an enhanced image. */
  readonly stack: string | undefined;
  /** Temporal Position Index of an enhanced image, else Temporal Position Identifier. */
  readonly temporalPosition: number | undefined;
  /** Acquisition Number, of the frame in an enhanced image. */
  readonly acquisition: number | undefined;
}

/** What a DICOM file says of its image, as far as this program asks. Undefined where the file does not. */
export interface DicomHeader {
  readonly transferSyntax: string;
  readonly sopClass: string | undefined;
  readonly sopInstance: string | undefined;
  readonly modality: string | undefined;
  readonly patient: {
    readonly id: string | undefined;
    readonly name: string | undefined;
    readonly sex: string | undefined;
    readonly age: string | undefined;
    /** `YYYYMMDD`, a day there is. */
    readonly birthDate: string | undefined;
  };
  readonly study: {
    readonly uid: string | undefined;
    readonly id: string | undefined;
    /** `YYYYMMDD`, a day there is. */
    readonly date: string | undefined;
    /** `HHMMSS.FFFFFF`, of which the end may be missing. */
    readonly time: string | undefined;
    readonly description: string | undefined;
    readonly accessionNumber: string | undefined;
    readonly referringPhysician: string | undefined;
  };
  readonly series: {
    readonly uid: string | undefined;
    readonly number: number | undefined;
    readonly description: string | undefined;
    readonly protocol: string | undefined;
  };
  readonly instanceNumber: number | undefined;
  /** Slice Location, mm from any zero. */
  readonly sliceLocation: number | undefined;
  readonly acquisitionNumber: number | undefined;
  readonly imageType: readonly string[];
  readonly frameOfReference: string | undefined;
  readonly positionReference: string | undefined;
  readonly manufacturer: string | undefined;
  readonly model: string | undefined;
  readonly kernel: string | undefined;
  readonly kvp: number | undefined;
  readonly bodyPart: string | undefined;
  readonly contrastAgent: string | undefined;
  /** Seconds after midnight. */
  readonly acquisitionTime: number | undefined;
  readonly contentTime: number | undefined;
  readonly contrastStartTime: number | undefined;
  readonly burnedIn: boolean;
  readonly rows: number | undefined;
  readonly columns: number | undefined;
  readonly frames: number;
  readonly bitsStored: number | undefined;
  readonly photometric: string | undefined;
  /** Rescale Type, of the first frame: what values are after the rescale. */
  readonly rescaleType: string | undefined;
  /** Samples per Pixel. */
  readonly samples: number | undefined;
  /** The stored value, or the range of them, that stands for no measurement. */
  readonly padding: readonly [number, number] | undefined;
  readonly hasPixels: boolean;
  readonly truncated: boolean;
}

/**
 * @param to names the file and takes what was repaired or left out
 * @throws E_VALUE for a number that cannot be read whole, or a number of frames below one
 */
export function headerOf(
  { dataSet, transferSyntax, truncated }: Parsed,
  to: Reading = reading("image"),
): DicomHeader {
  const of = (tag: string) => text(dataSet, tag, to);
  const number = (tag: string) => describingNumber(dataSet, tag, to);
  const whole = (tag: string) => wholeNumberOf(dataSet, tag, to);
  const valid = (tag: string, read: (written: string) => string | undefined, kind: string) => {
    const written = of(tag);
    if (written === undefined) return undefined;
    const value = read(written);
    if (value === undefined) to.say(`${named(tag)} is no ${kind}: left out`);
    else if (value !== written)
      to.say(`${named(tag)} is written in another form than DICOM's: read as a ${kind}`);
    return value;
  };
  const date = (tag: string) => valid(tag, calendarDate, "date");
  const time = (tag: string) => valid(tag, timeOfDay, "time of day");
  const seconds = (tag: string) => {
    const found = time(tag);
    return found === undefined ? undefined : secondsOf(found);
  };
  const acquisition = () => {
    const moment = of("x0008002a");
    const found = moment === undefined ? undefined : timeOfDateTime(moment);
    if (moment !== undefined && found === undefined && moment.length > 8)
      to.say(`${named("x0008002a")} is no date with a time: left out`);
    return found === undefined ? undefined : secondsOf(found);
  };
  return {
    transferSyntax,
    truncated,
    sopClass: of("x00080016"),
    sopInstance: of("x00080018"),
    modality: of("x00080060"),
    patient: {
      id: of("x00100020"),
      name: of("x00100010"),
      sex: of("x00100040"),
      age: of("x00101010"),
      birthDate: date("x00100030"),
    },
    study: {
      uid: of("x0020000d"),
      id: of("x00200010"),
      date: date("x00080020"),
      time: time("x00080030"),
      description: of("x00081030"),
      accessionNumber: of("x00080050"),
      referringPhysician: of("x00080090"),
    },
    series: {
      uid: of("x0020000e"),
      number: number("x00200011"),
      description: of("x0008103e"),
      protocol: of("x00181030"),
    },
    instanceNumber: number("x00200013"),
    sliceLocation: number("x00201041"),
    acquisitionNumber: number("x00200012"),
    imageType: texts(dataSet, "x00080008", to),
    frameOfReference: of("x00200052"),
    positionReference: of("x00201040"),
    manufacturer: of("x00080070"),
    model: of("x00081090"),
    kernel: of("x00181210"),
    kvp: number("x00180060"),
    bodyPart: of("x00180015"),
    contrastAgent: of("x00180010"),
    acquisitionTime: seconds("x00080032") ?? acquisition(),
    contentTime: seconds("x00080033"),
    contrastStartTime: seconds("x00181042"),
    burnedIn: of("x00280301") === "YES",
    rows: whole("x00280010"),
    columns: whole("x00280011"),
    frames: Math.max(1, framesIn(dataSet, to)),
    bitsStored: whole("x00280101"),
    photometric: of("x00280004"),
    rescaleType: text(functionalGroup(dataSet, 0, "x00289145") ?? dataSet, "x00281054", to),
    samples: whole("x00280002"),
    padding: padding(dataSet, to),
    hasPixels: ["x7fe00010", "x7fe00008", "x7fe00009"].some((tag) => tag in dataSet.elements),
  };
}

/** Number of Frames, 1 where it is missing. @throws E_VALUE where it is no whole number or negative */
export function framesIn(dataSet: DataSet, to: Reading): number {
  const frames = integerOf(dataSet, "x00280008", to) ?? 1;
  if (frames < 0) throw misread(to.name, "x00280008", String(frames), "is below one");
  return frames;
}

/**
 * The plane of a frame, in a single-frame image or an enhanced one; undefined where the file does not say.
 * @throws E_VALUE where it says so in numbers that cannot be read, or too many or too few
 */
export function planeOf(dataSet: DataSet, frame: number, to: Reading = reading("image")): Plane | undefined {
  const group = (tag: string) => functionalGroup(dataSet, frame, tag) ?? dataSet;
  const orientation = numbersOf(group("x00209116"), "x00200037", 6, to);
  const position = numbersOf(group("x00209113"), "x00200032", 3, to);
  const measures = group("x00289110");
  const spacing = numbersOf(measures, "x00280030", 2, to);
  if (!orientation || !position || !spacing?.every((mm) => mm > 0)) return undefined;
  const [row, column] = [unit(orientation.slice(0, 3)), unit(orientation.slice(3))];
  if (!row || !column || Math.abs(dot(row, column)) > 1e-3) return undefined;
  return {
    position: position as unknown as Vec3,
    row,
    column,
    // Pixel Spacing gives the distance between rows first.
    spacing: [spacing[1], spacing[0]],
    thickness: numberOf(measures, "x00180050", to),
    stack: text(group("x00209111"), "x00209056"),
    temporalPosition:
      wholeNumberOf(group("x00209111"), "x00209128", to, "UL") ?? describingNumber(dataSet, "x00200100", to),
    acquisition:
      wholeNumberOf(group("x00209111"), "x00209156", to) ?? describingNumber(dataSet, "x00200012", to),
  };
}

function padding(dataSet: DataSet, to: Reading): [number, number] | undefined {
  const signed = isSigned(dataSet, to);
  // Written as the pixels are, whatever VR stands there (PS3.3 C.7.5.1.1.2).
  const value = (tag: string) => {
    const written = wholeNumberOf(dataSet, tag, to, signed ? "SS" : "US");
    if (written === undefined) return undefined;
    if (signed) return written > 0x7fff && written <= 0xffff ? written - 0x10000 : written;
    return written < 0 ? written + 0x10000 : written;
  };
  const first = value("x00280120");
  if (first === undefined) return undefined;
  const last = value("x00280121") ?? first;
  return [Math.min(first, last), Math.max(first, last)];
}

/**
 * Pixel Representation: whether values have a sign; false where the image does not say.
 * @throws E_VALUE where it is neither 0 nor 1
 */
export function isSigned(dataSet: DataSet, to: Reading): boolean {
  const written = wholeNumberOf(dataSet, "x00280103", to);
  if (written === undefined || written === 0 || written === 1) return written === 1;
  throw misread(to.name, "x00280103", String(written), "is neither 0 nor 1");
}

const dot = (a: Vec3, b: Vec3) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

function unit([x, y, z]: readonly number[]): Vec3 | undefined {
  const length = Math.hypot(x, y, z);
  return Math.abs(length - 1) < 0.05 ? [x / length, y / length, z / length] : undefined;
}
