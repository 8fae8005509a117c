import type { DataSet } from "dicom-parser";
import type { Vec3 } from "../../../../numerics/volume/volume.ts";
import type { Parsed } from "./parse.ts";
import { functionalGroup } from "./rescale.ts";
import { text, texts } from "./text.ts";

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
    readonly birthDate: string | undefined;
  };
  readonly study: {
    readonly uid: string | undefined;
    readonly id: string | undefined;
    readonly date: string | undefined;
    /** As written, `HHMMSS.FFFFFF`. */
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
  /** Samples per Pixel. */
  readonly samples: number | undefined;
  /** The stored value, or the range of them, that stands for no measurement. */
  readonly padding: readonly [number, number] | undefined;
  readonly hasPixels: boolean;
  readonly truncated: boolean;
}

export function headerOf({ dataSet, transferSyntax, truncated }: Parsed): DicomHeader {
  const of = (tag: string) => text(dataSet, tag);
  const number = (tag: string) => finite(dataSet.floatString(tag));
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
      birthDate: of("x00100030"),
    },
    study: {
      uid: of("x0020000d"),
      id: of("x00200010"),
      date: of("x00080020"),
      time: of("x00080030"),
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
    acquisitionNumber: number("x00200012"),
    imageType: texts(dataSet, "x00080008"),
    frameOfReference: of("x00200052"),
    positionReference: of("x00201040"),
    manufacturer: of("x00080070"),
    model: of("x00081090"),
    kernel: of("x00181210"),
    kvp: number("x00180060"),
    bodyPart: of("x00180015"),
    contrastAgent: of("x00180010"),
    acquisitionTime: seconds(of("x00080032") ?? of("x0008002a")?.slice(8)),
    contentTime: seconds(of("x00080033")),
    contrastStartTime: seconds(of("x00181042")),
    burnedIn: of("x00280301") === "YES",
    rows: dataSet.uint16("x00280010"),
    columns: dataSet.uint16("x00280011"),
    frames: Math.max(1, Number.parseInt(dataSet.string("x00280008") ?? "1", 10) || 1),
    bitsStored: dataSet.uint16("x00280101"),
    photometric: of("x00280004"),
    samples: dataSet.uint16("x00280002"),
    padding: padding(dataSet),
    hasPixels: ["x7fe00010", "x7fe00008", "x7fe00009"].some((tag) => tag in dataSet.elements),
  };
}

/** The plane of a frame, in a single-frame image or an enhanced one; undefined where the file does not say. */
export function planeOf(dataSet: DataSet, frame: number): Plane | undefined {
  const group = (tag: string) => functionalGroup(dataSet, frame, tag) ?? dataSet;
  const orientation = numbers(group("x00209116"), "x00200037", 6);
  const position = numbers(group("x00209113"), "x00200032", 3);
  const measures = group("x00289110");
  const spacing = numbers(measures, "x00280030", 2);
  if (!orientation || !position || !spacing?.every((mm) => mm > 0)) return undefined;
  const [row, column] = [unit(orientation.slice(0, 3)), unit(orientation.slice(3))];
  if (!row || !column || Math.abs(dot(row, column)) > 1e-3) return undefined;
  return {
    position: position as unknown as Vec3,
    row,
    column,
    // Pixel Spacing gives the distance between rows first.
    spacing: [spacing[1], spacing[0]],
    thickness: finite(measures.floatString("x00180050")),
    stack: text(group("x00209111"), "x00209056"),
    temporalPosition: group("x00209111").uint32("x00209128") ?? finite(dataSet.floatString("x00200100")),
    acquisition: group("x00209111").uint16("x00209156") ?? finite(dataSet.floatString("x00200012")),
  };
}

function padding(dataSet: DataSet): [number, number] | undefined {
  const signed = dataSet.uint16("x00280103") === 1;
  const value = (tag: string) => (signed ? dataSet.int16(tag) : dataSet.uint16(tag));
  const first = value("x00280120");
  if (first === undefined) return undefined;
  const last = value("x00280121") ?? first;
  return [Math.min(first, last), Math.max(first, last)];
}

function numbers(dataSet: DataSet, tag: string, count: number): number[] | undefined {
  const values = texts(dataSet, tag).slice(0, count).map(Number.parseFloat);
  return values.length === count && values.every(Number.isFinite) ? values : undefined;
}

const finite = (value: number | undefined) => (Number.isFinite(value) ? value : undefined);

/** `HHMMSS.FFFFFF`, of which the end may be missing, in seconds. */
function seconds(time: string | undefined): number | undefined {
  const [, h, m = "0", s = "0"] = /^(\d{2}):?(\d{2})?:?(\d{2}(?:\.\d+)?)?/.exec(time ?? "") ?? [];
  return h === undefined ? undefined : Number(h) * 3600 + Number(m) * 60 + Number(s);
}

const dot = (a: Vec3, b: Vec3) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

function unit([x, y, z]: readonly number[]): Vec3 | undefined {
  const length = Math.hypot(x, y, z);
  return Math.abs(length - 1) < 0.05 ? [x / length, y / length, z / length] : undefined;
}
