import {
  readHeaders,
  type Source,
  seriesOf,
  stackGeometry,
} from "../../../../src/imaging/formats/dicom/index.ts";
import { encodePart10, type NaturalDataset } from "../../../../src/imaging/formats/dicom/write/part10.ts";
import type { Vec3 } from "../../../../src/numerics/volume/index.ts";
import { cross, plus, times } from "../../../../src/numerics/volume/vector.ts";
import type { ScannedStack } from "../../../../src/patients/study/mask/scannedStack.ts";
import { ctSlice } from "../../../imaging/formats/dicom/writer.ts";

/** Whether a point of the patient, LPS mm, lies in a structure. */
export type Shape = (point: Vec3) => boolean;

export const ball =
  (center: Vec3, radius: number): Shape =>
  (point) =>
    Math.hypot(...point.map((mm, a) => mm - center[a])) < radius;

/** Where slices lie: pixel and way of each axis, and the first pixel's centre of each. */
export interface Slices {
  readonly row: Vec3;
  readonly column: Vec3;
  readonly pixel: number;
  readonly size: readonly [columns: number, rows: number];
  readonly positions: readonly Vec3[];
}

/** Slices at depths along their normal; `slope` moves them down a column by so many mm a mm of depth. */
export function slicesAt(
  depths: readonly number[],
  {
    row = [1, 0, 0],
    column = [0, 1, 0],
    pixel = 1,
    size = [60, 56],
    origin = [-30, -28, 0],
    slope = 0,
  }: Partial<Omit<Slices, "positions"> & { origin: Vec3; slope: number }> = {},
): Slices {
  const normal = cross(row, column);
  const at = (depth: number) => plus(origin, plus(times(normal, depth), times(column, slope * depth)));
  return { row, column, pixel, size, positions: depths.map(at) };
}

export const pointAt = ({ row, column, pixel, positions }: Slices, k: number, i: number, j: number): Vec3 =>
  plus(positions[k], plus(times(row, i * pixel), times(column, j * pixel)));

const series = "1.2.3.5";

/** A CT of these slices, read: the stack a study has of it. */
export async function scanned(slices: Slices, uid = series): Promise<ScannedStack> {
  const [columns, rows] = slices.size;
  const sources = slices.positions.map((position, k): Source => {
    const bytes = ctSlice({
      rows,
      columns,
      position,
      values: new Int16Array(rows * columns),
      instance: k,
      sopInstance: `1.2.3.4.${k}`,
      orientation: [...slices.row, ...slices.column],
      spacing: [slices.pixel, slices.pixel],
      series: uid,
    });
    return {
      name: `ct/${k}`,
      whole: async () => bytes,
      start: async (length) => bytes.subarray(0, length),
    };
  });
  const [{ stacks }] = seriesOf(await readHeaders(sources));
  const { geometry, depths, even } = stackGeometry(stacks[0].slices, "ct");
  return { series: uid, geometry, depths, even };
}

const decimal = (values: readonly number[], digits: number): number[] =>
  values.map((value) => Number(value.toFixed(digits)));

export interface SegOptions {
  readonly referenced?: string;
  /** Decimals of positions. */
  readonly digits?: number;
  /** Spacing Between Slices, mm. */
  readonly between?: number | undefined;
  readonly kind?: "BINARY" | "FRACTIONAL" | "LABELMAP";
  /** Frames written on top of one for each slice where the structure is: the slice and its shape. */
  readonly more?: readonly { readonly k: number; readonly segment: number; readonly shape: Shape }[];
}

/** A DICOM Segmentation of these structures on these slices, a frame where a structure is. */
export function segOf(
  structures: Readonly<Record<string, Shape>>,
  slices: Slices,
  { referenced = series, digits = 6, between, kind = "BINARY", more = [] }: SegOptions = {},
): Uint8Array {
  const [columns, rows] = slices.size;
  const names = Object.keys(structures);
  const own = names.flatMap((name, n) =>
    slices.positions.map((_, k) => ({ k, segment: n + 1, shape: structures[name] })),
  );
  const draw = ({ k, shape }: { k: number; shape: Shape }) =>
    Uint8Array.from({ length: rows * columns }, (_, v) =>
      shape(pointAt(slices, k, v % columns, Math.floor(v / columns))) ? 1 : 0,
    );
  let frames = [...own, ...more]
    .map((frame) => ({ ...frame, pixels: draw(frame) }))
    .filter(({ pixels }) => pixels.includes(1));
  if (kind === "LABELMAP")
    frames = [...Map.groupBy(frames, ({ k }) => k).values()].map((members) => ({
      ...members[0],
      pixels: members[0].pixels.map((_, v) =>
        members.reduce((label, { pixels, segment }) => (pixels[v] ? segment : label), 0),
      ),
    }));
  const packed = new Uint8Array(Math.ceil((frames.length * rows * columns) / 8));
  frames.forEach(({ pixels }, f) => {
    for (const [v, value] of pixels.entries()) {
      const bit = f * rows * columns + v;
      if (value) packed[bit >> 3] |= 1 << (bit & 7);
    }
  });
  const bytes = Uint8Array.from(
    frames.flatMap(({ pixels }) => [...pixels].map((value) => (kind === "FRACTIONAL" ? 200 * value : value))),
  );
  const bits = kind === "BINARY" ? 1 : 8;
  return encodePart10(
    {
      SOPClassUID: kind === "LABELMAP" ? "1.2.840.10008.5.1.4.1.1.66.7" : "1.2.840.10008.5.1.4.1.1.66.4",
      SOPInstanceUID: "1.2.3.88",
      Modality: "SEG",
      PatientID: "patient",
      StudyInstanceUID: "1.2.3.6",
      SeriesInstanceUID: "1.2.3.89",
      FrameOfReferenceUID: "1.2.3.7",
      SamplesPerPixel: 1,
      PhotometricInterpretation: "MONOCHROME2",
      NumberOfFrames: frames.length,
      Rows: rows,
      Columns: columns,
      BitsAllocated: bits,
      BitsStored: bits,
      HighBit: bits - 1,
      PixelRepresentation: 0,
      SegmentationType: kind,
      ...(kind === "FRACTIONAL" && {
        SegmentationFractionalType: "PROBABILITY",
        MaximumFractionalValue: 255,
      }),
      SegmentSequence: names.map((name, n) => ({
        SegmentNumber: n + 1,
        SegmentLabel: name,
        SegmentAlgorithmType: "MANUAL",
      })),
      SharedFunctionalGroupsSequence: {
        PixelMeasuresSequence: {
          PixelSpacing: [slices.pixel, slices.pixel],
          SliceThickness: 2.5,
          ...(between !== undefined && { SpacingBetweenSlices: between }),
        },
        PlaneOrientationSequence: { ImageOrientationPatient: decimal([...slices.row, ...slices.column], 9) },
      },
      PerFrameFunctionalGroupsSequence: frames.map(({ k, segment }) => ({
        PlanePositionSequence: { ImagePositionPatient: decimal(slices.positions[k], digits) },
        ...(kind !== "LABELMAP" && { SegmentIdentificationSequence: { ReferencedSegmentNumber: segment } }),
      })),
      ReferencedSeriesSequence: { SeriesInstanceUID: referenced },
      PixelData: kind === "BINARY" ? packed : bytes,
    } as NaturalDataset,
    "seg",
  );
}

/** A closed contour's points: LPS mm, x, y and z in turn. */
export type Points = readonly number[];

/**
 * The outline of a structure on a slice: along the edges of its pixels, pieces and holes each a contour, so that pixels
 * drawn of it are the same as the structure's.
 */
export function outlines(shape: Shape, slices: Slices, k: number): Points[] {
  const [columns, rows] = slices.size;
  const inside = (i: number, j: number) =>
    i >= 0 && j >= 0 && i < columns && j < rows && shape(pointAt(slices, k, i, j));
  // Edges with the structure on their left, from corner to corner; corner (i, j) is the upper left one of pixel (i, j).
  const next = new Map<string, [number, number][]>();
  const edge = (from: [number, number], to: [number, number]) =>
    next.set(from.join(), [...(next.get(from.join()) ?? []), to]);
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < columns; i++) {
      if (!inside(i, j)) continue;
      if (!inside(i, j - 1)) edge([i + 1, j], [i, j]);
      if (!inside(i, j + 1)) edge([i, j + 1], [i + 1, j + 1]);
      if (!inside(i - 1, j)) edge([i, j], [i, j + 1]);
      if (!inside(i + 1, j)) edge([i + 1, j + 1], [i + 1, j]);
    }
  const contours: Points[] = [];
  for (const start of [...next.keys()])
    while (next.get(start)?.length) {
      const points: number[] = [];
      let at = start.split(",").map(Number) as [number, number];
      do {
        points.push(...pointAt(slices, k, at[0] - 0.5, at[1] - 0.5));
        at = next.get(at.join())!.pop()!;
      } while (at.join() !== start);
      contours.push(points);
    }
  return contours;
}

export interface RtOptions {
  readonly referenced?: string;
  readonly digits?: number;
  readonly type?: string;
}

/** An RT Structure Set of contours by name. */
export const rtOfContours = (
  contours: Readonly<Record<string, readonly Points[]>>,
  { referenced = series, digits = 4, type = "CLOSED_PLANAR" }: RtOptions = {},
): Uint8Array =>
  encodePart10(
    {
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.481.3",
      SOPInstanceUID: "1.2.3.77",
      Modality: "RTSTRUCT",
      PatientID: "patient",
      StudyInstanceUID: "1.2.3.6",
      SeriesInstanceUID: "1.2.3.78",
      StructureSetLabel: "test",
      ReferencedFrameOfReferenceSequence: [
        {
          FrameOfReferenceUID: "1.2.3.7",
          RTReferencedStudySequence: [{ RTReferencedSeriesSequence: [{ SeriesInstanceUID: referenced }] }],
        },
      ],
      StructureSetROISequence: Object.keys(contours).map((ROIName, n) => ({ ROINumber: n + 1, ROIName })),
      ROIContourSequence: Object.values(contours).map((own, n) => ({
        ReferencedROINumber: n + 1,
        ContourSequence: own.map((points) => ({
          ContourGeometricType: type,
          NumberOfContourPoints: points.length / 3,
          ContourData: decimal(points, digits),
        })),
      })),
    } as NaturalDataset,
    "rt",
  );

/** An RT Structure Set of these structures' outlines on these slices. */
export const rtOf = (
  structures: Readonly<Record<string, Shape>>,
  slices: Slices,
  options: RtOptions = {},
): Uint8Array =>
  rtOfContours(
    Object.fromEntries(
      Object.entries(structures).map(([name, shape]) => [
        name,
        slices.positions.flatMap((_, k) => outlines(shape, slices, k)),
      ]),
    ),
    options,
  );

/** What remarks say. */
export const textsOf = (remarks: readonly { readonly text: string }[]): string[] =>
  remarks.map(({ text }) => text);
