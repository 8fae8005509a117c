import type { DataSet } from "dicom-parser";
import { TrinephronError } from "../../../../base/errors.ts";
import { cross, dot, minus } from "../../../../numerics/volume/vector.ts";
import type { Vec3 } from "../../../../numerics/volume/volume.ts";
import type { Parsed } from "../file/parse.ts";
import { type Reading, reading } from "../file/reading.ts";
import { type CodedConcept, codeOf } from "../values/code.ts";
import { named } from "../values/dictionary.ts";
import { integerOf, numbers } from "../values/number.ts";
import { text } from "../values/text.ts";

/** One closed curve in a plane: x, y, z of its points in turn, LPS mm; the last point joins the first. */
export type Contour = Float64Array<ArrayBuffer>;

/** A region of interest of a structure set. */
export interface Roi {
  /** ROI Number. */
  readonly number: number;
  /** ROI Name. */
  readonly name: string;
  /** RT ROI Interpreted Type: `ORGAN`, `GTV`, `EXTERNAL`, … */
  readonly type: string | undefined;
  /** RT ROI Identification Code. */
  readonly code: CodedConcept | undefined;
  readonly frameOfReference: string | undefined;
  readonly contours: readonly Contour[];
  /** Curves that enclose nothing and were passed over: points, open curves, closed ones on a line. */
  readonly skipped: number;
}

/** An RT Structure Set: named regions drawn as contours. */
export interface StructureSet {
  readonly label: string | undefined;
  readonly rois: readonly Roi[];
  /** Series Instance UID of the images it was drawn on. */
  readonly referencedSeries: string | undefined;
  /** Their SOP Instance UIDs, where it lists them. */
  readonly referencedImages: readonly string[];
  readonly frameOfReference: string | undefined;
  /** What was repaired, guessed or left out in reading it. */
  readonly remarks: readonly string[];
}

/** Whether an SOP class UID is that of an RT Structure Set. */
export const isStructureSet = (sopClass: string | undefined): boolean =>
  sopClass === "1.2.840.10008.5.1.4.1.1.481.3";

/**
 * An RT Structure Set (PS3.3 A.19).
 *
 * @param name names the file in errors
 * @throws E_FORMAT where it is no structure set, two structures have one number or a contour's data are no points, E_VALUE where a number cannot be read,
 * E_FILE_TRUNCATED
 */
export function readStructureSet(parsed: Parsed, name: string): StructureSet {
  const { dataSet, truncated } = parsed;
  const to = reading(name, parsed.remarks);
  if (!isStructureSet(text(dataSet, "x00080016")))
    throw new TrinephronError("E_FORMAT", `${name}: not an RT Structure Set`);
  if (truncated)
    throw new TrinephronError("E_FILE_TRUNCATED", `${name}: ends before its contours do`, "copy it again");
  const contours = byRoi(items(dataSet, "x30060039"), "x30060084", to);
  const observations = byRoi(items(dataSet, "x30060080"), "x30060084", to);
  const rois = items(dataSet, "x30060020").flatMap((item): Roi[] => {
    const number = integerOf(item, "x30060022", to);
    if (number === undefined) {
      to.say(`a ROI without ${named("x30060022")} left out: ${text(item, "x30060026", to) ?? "no name"}`);
      return [];
    }
    const roi = text(item, "x30060026", to) ?? `ROI ${number}`;
    const drawn = (contours.get(number) ?? []).flatMap((part) => items(part, "x30060040"));
    const own = { name: `${name}: ROI ${roi}`, say: to.say };
    const outlines = drawn.filter(isClosed);
    const closed = outlines.map((contour) => pointsOf(contour, own));
    const other = outlines.filter((contour, n) => {
      const said = integerOf(contour, "x30060046", own);
      return said !== undefined && said !== closed[n].length / 3;
    });
    if (other.length > 0)
      to.say(
        `${roi}: ${other.length} of ${outlines.length} contours with more or fewer points than ${named("x30060046")} says`,
      );
    const kept = closed.filter(encloses);
    const observation = observations.get(number)?.[0];
    return [
      {
        number,
        name: roi,
        type: observation && text(observation, "x300600a4"),
        code: observation && codeOf(observation, "x30060086", to),
        frameOfReference: text(item, "x30060024"),
        contours: kept,
        skipped: drawn.length - kept.length,
      },
    ];
  });
  const listed = new Set(rois.map(({ number }) => number));
  if (listed.size < rois.length)
    throw new TrinephronError("E_FORMAT", `${name}: two structures of one ${named("x30060022")}`);
  const strange = [...contours].filter(([number]) => number === undefined || !listed.has(number));
  if (strange.length > 0) {
    const of = strange.map(([number]) => number ?? "none").join(", ");
    to.say(`contours of structures that are not listed (${named("x30060084")} ${of}) left out`);
  }
  const [frame] = items(dataSet, "x30060010");
  const series = items(frame, "x30060012").flatMap((study) => items(study, "x30060014"))[0];
  return {
    label: text(dataSet, "x30060002", to),
    rois,
    referencedSeries: series && text(series, "x0020000e"),
    referencedImages: items(series, "x30060016").flatMap((image) => text(image, "x00081155") ?? []),
    frameOfReference: (frame && text(frame, "x00200052")) ?? rois[0]?.frameOfReference,
    remarks: to.remarks,
  };
}

/** Whether three of the points lie on no line, to 10⁻³ mm. */
function encloses(points: Contour): boolean {
  const at = (n: number): Vec3 => [points[3 * n], points[3 * n + 1], points[3 * n + 2]];
  const ways = Array.from({ length: Math.floor(points.length / 3) }, (_, n) => minus(at(n), at(0)));
  const farthest = ways.reduce((most, way) => (dot(way, way) > dot(most, most) ? way : most), [0, 0, 0]);
  const length = Math.hypot(...farthest);
  return ways.some((way) => Math.hypot(...cross(way, farthest)) > 1e-3 * length);
}

/** Contour Geometric Type: `CLOSED_PLANAR`, `CLOSEDPLANAR_XOR`; planning systems leave it out at times. */
const isClosed = (contour: DataSet): boolean =>
  /^CLOSED[ _]?PLANAR/i.test(text(contour, "x30060042") ?? "CLOSED_PLANAR");

function pointsOf(contour: DataSet, to: Reading): Contour {
  const points = Float64Array.from(numbers(contour, "x30060050", to));
  if (points.length % 3 !== 0)
    throw new TrinephronError("E_FORMAT", `${to.name}: contour data that are no points in space`);
  return points;
}

const items = (dataSet: DataSet | undefined, sequence: string): DataSet[] =>
  (dataSet?.elements[sequence]?.items ?? []).flatMap(({ dataSet: item }) => item ?? []);

/** Items by the structure they belong to; undefined of those that do not say. */
const byRoi = (sequence: readonly DataSet[], tag: string, to: Reading): Map<number | undefined, DataSet[]> =>
  Map.groupBy(sequence, (item) => integerOf(item, tag, to));
