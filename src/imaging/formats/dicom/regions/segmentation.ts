import type { DataSet } from "dicom-parser";
import { TrinephronError } from "../../../../base/errors.ts";
import type { Geometry, Volume } from "../../../../numerics/volume/volume.ts";
import { type Plane, planeOf } from "../file/header.ts";
import type { Parsed } from "../file/parse.ts";
import { type Reading, reading } from "../file/reading.ts";
import { openPixels } from "../pixels/pixels.ts";
import { type CodedConcept, codeOf } from "../values/code.ts";
import { named } from "../values/dictionary.ts";
import { numberOf, wholeNumberOf } from "../values/number.ts";
import { functionalGroup } from "../values/rescale.ts";
import { text } from "../values/text.ts";
import { type FrameGrid, frameGrid } from "./frameGrid.ts";

/** What a segment stands for (PS3.3 C.8.20.4). */
export interface Segment {
  /** Segment Number; from 1, in a label map from 0. */
  readonly number: number;
  /** Segment Label. */
  readonly label: string;
  /** Segmented Property Category and Type. */
  readonly category: CodedConcept | undefined;
  readonly type: CodedConcept | undefined;
  /** Anatomic Region. */
  readonly region: CodedConcept | undefined;
  /** Segment Algorithm Type (`AUTOMATIC`, `SEMIAUTOMATIC`, `MANUAL`) and Name. */
  readonly algorithm: { readonly type: string; readonly name: string | undefined } | undefined;
}

/** A DICOM Segmentation; masks are decoded as they are asked for. */
export interface Segmentation {
  readonly kind: "BINARY" | "FRACTIONAL" | "LABELMAP";
  readonly segments: readonly Segment[];
  /**
   * Of all its masks.
   * @throws E_GEOMETRY where its frames lie on no even grid
   */
  readonly geometry: Geometry;
  /** Of its frames. */
  readonly planes: readonly Plane[];
  /** Index k on its grid of each frame's plane. @throws as `geometry` */
  readonly planeOf: readonly number[];
  readonly frameOfReference: string | undefined;
  /** Series Instance UID of the images it was drawn on. */
  readonly referencedSeries: string | undefined;
  /** Their SOP Instance UIDs, where it lists them. */
  readonly referencedImages: readonly string[];
  /** What was repaired, guessed or left out in reading it. */
  readonly remarks: readonly string[];
  /**
   * A segment's mask, 0 or 1; planes without a frame are 0, several frames of one plane add up.
   * @throws E_MASK for a number that is no segment's, and as `geometry` and `openPixels`
   */
  mask(segmentNumber: number): Promise<Volume<Uint8Array<ArrayBuffer>>>;
  /** As `mask`, frame by frame, by their index; frames of other segments are left out. */
  frames(segmentNumber: number): AsyncIterable<SegmentFrame>;
}

/** What a frame shows of a segment, 0 or 1. */
export interface SegmentFrame {
  /** Index among all frames. */
  readonly frame: number;
  readonly columns: number;
  readonly rows: number;
  readonly mask: Uint8Array;
}

/** Whether an SOP class UID is that of a Segmentation or a Label Map Segmentation. */
export const isSegmentation = (sopClass: string | undefined): boolean =>
  sopClass === "1.2.840.10008.5.1.4.1.1.66.4" || sopClass === "1.2.840.10008.5.1.4.1.1.66.7";

/**
 * A Segmentation (PS3.3 A.51) or Label Map Segmentation (A.90) with planes in the patient. Fractional ones count from
 * half of Maximum Fractional Value.
 *
 * @param name names the file in errors
 * @throws E_FORMAT where it is no segmentation or a frame has no segment, E_GEOMETRY where frames have no position,
 * E_VALUE where their numbers cannot be read, and as `openPixels`
 */
export function readSegmentation(parsed: Parsed, name: string): Segmentation {
  const { dataSet } = parsed;
  const to = reading(name, parsed.remarks);
  if (!isSegmentation(text(dataSet, "x00080016")))
    throw new TrinephronError("E_FORMAT", `${name}: not a DICOM Segmentation`);
  const kind = text(dataSet, "x00620001");
  if (kind !== "BINARY" && kind !== "FRACTIONAL" && kind !== "LABELMAP")
    throw new TrinephronError("E_UNSUPPORTED", `${name}: Segmentation Type ${kind ?? "missing"}`);
  const pixels = openPixels(parsed, name);
  const { rows, columns, frames } = pixels.format;
  const framesListed = dataSet.elements.x52009230?.items?.length ?? 0;
  if (framesListed !== frames)
    throw new TrinephronError("E_FORMAT", `${name}: ${frames} frames, but ${framesListed} described`);
  const segments = segmentsOf(dataSet, to);
  if (segments.length === 0) throw new TrinephronError("E_FORMAT", `${name}: no segments in it`);
  const twice = segments.find(({ number }, n) => segments.findIndex((other) => other.number === number) < n);
  if (twice)
    throw new TrinephronError("E_FORMAT", `${name}: two segments of ${named("x00620004")} ${twice.number}`);

  const planes = Array.from({ length: frames }, (_, frame) => {
    const plane = planeOf(dataSet, frame, to);
    if (plane) return plane;
    throw new TrinephronError("E_GEOMETRY", `${name}: frame ${frame + 1} has no position in the patient`);
  });
  const measures = functionalGroup(dataSet, 0, "x00289110");
  const between = measures && numberOf(measures, "x00180088", to);
  let found: FrameGrid | undefined;
  const grid = () => {
    found ??= frameGrid(planes, [columns, rows], between, name);
    return found;
  };
  const segmentOfFrame =
    kind === "LABELMAP" ? undefined : planes.map((_, frame) => segmentOf(dataSet, frame, name, to));
  const strange = (segmentOfFrame ?? []).filter((own) => segments.every(({ number }) => number !== own));
  if (strange.length > 0)
    to.say(
      `${strange.length} frames of segments that are not listed (${[...new Set(strange)].join(", ")}) left out`,
    );
  const threshold = kind === "FRACTIONAL" ? greatestFraction(dataSet, name, to) / 2 : 1;
  async function* framesOf(segmentNumber: number): AsyncGenerator<SegmentFrame> {
    if (!segments.some(({ number }) => number === segmentNumber))
      throw new TrinephronError("E_MASK", `${name}: no segment ${segmentNumber}`);
    for (let frame = 0; frame < frames; frame++) {
      if (segmentOfFrame && segmentOfFrame[frame] !== segmentNumber) continue;
      const values = await pixels.frame(frame);
      const mask = new Uint8Array(rows * columns);
      for (let n = 0; n < mask.length; n++)
        if (segmentOfFrame ? values[n] >= threshold : values[n] === segmentNumber) mask[n] = 1;
      yield { frame, columns, rows, mask };
    }
  }

  const series = dataSet.elements.x00081115?.items?.[0]?.dataSet;
  return {
    kind,
    segments,
    get geometry() {
      return grid().geometry;
    },
    planes,
    get planeOf() {
      return grid().planeOf;
    },
    frameOfReference: text(dataSet, "x00200052"),
    referencedSeries: series && text(series, "x0020000e"),
    referencedImages: (series?.elements.x0008114a?.items ?? []).flatMap(
      ({ dataSet: item }) => (item && text(item, "x00081155")) ?? [],
    ),
    frames: framesOf,
    remarks: to.remarks,
    async mask(segmentNumber) {
      const { geometry, planeOf: k } = grid();
      const area = rows * columns;
      const data = new Uint8Array(area * geometry.size[2]);
      for await (const { frame, mask } of framesOf(segmentNumber)) {
        const base = k[frame] * area;
        for (let n = 0; n < area; n++) if (mask[n]) data[base + n] = 1;
      }
      return { ...geometry, data };
    },
  };
}

function segmentsOf(dataSet: DataSet, to: Reading): Segment[] {
  return (dataSet.elements.x00620002?.items ?? []).flatMap(({ dataSet: item }) => {
    const number = item && wholeNumberOf(item, "x00620004", to);
    if (!item || number === undefined) return [];
    const algorithm = text(item, "x00620008", to);
    return {
      number,
      label: text(item, "x00620005", to) ?? "",
      category: codeOf(item, "x00620003", to),
      type: codeOf(item, "x0062000f", to),
      region: codeOf(item, "x00082218", to),
      algorithm: algorithm === undefined ? undefined : { type: algorithm, name: text(item, "x00620009", to) },
    };
  });
}

/** Maximum Fractional Value. @throws E_FORMAT where it is missing: nothing tells what counts then */
function greatestFraction(dataSet: DataSet, name: string, to: Reading): number {
  const most = wholeNumberOf(dataSet, "x0062000e", to);
  if (most !== undefined && most > 0) return most;
  throw new TrinephronError("E_FORMAT", `${name}: fractions without ${named("x0062000e")}`);
}

/** Referenced Segment Number of a frame. */
function segmentOf(dataSet: DataSet, frame: number, name: string, to: Reading): number {
  const group = functionalGroup(dataSet, frame, "x0062000a");
  const number = group && wholeNumberOf(group, "x0062000b", to);
  if (number === undefined)
    throw new TrinephronError("E_FORMAT", `${name}: frame ${frame + 1} belongs to no segment`);
  return number;
}
