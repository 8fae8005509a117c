import { TrinephronError } from "../../../base/errors.ts";
import {
  boundingBox,
  crop,
  gridDifference,
  sameGeometry,
  type Volume,
} from "../../../numerics/volume/index.ts";
import type { ScoredClass } from "./classes.ts";
import type { DetectionOptions } from "./lesions.ts";
import { type ClassScores, scoreClass } from "./scoreClass.ts";

/**
 * Scores every class of one case. Only the box around all labels is looked at, so that time goes with the organ's size
 * and not with the scan's.
 *
 * @param reference labels 0 to 255, as `predicted`
 * @returns in the order of the classes
 * @throws E_GEOMETRY where the two do not share one grid, but for rounding
 */
export function scoreCase(
  reference: Volume<Uint8Array>,
  predicted: Volume<Uint8Array>,
  classes: readonly ScoredClass[],
  options: DetectionOptions = {},
): ClassScores[] {
  if (!sameGeometry(reference, predicted))
    throw new TrinephronError(
      "E_GEOMETRY",
      `reference and prediction lie on different grids: ${gridDifference(reference, predicted)}`,
      "bring both to one grid; nothing is resampled here",
    );
  const boxes = [reference, predicted].flatMap(({ data, size }) => boundingBox(data, size) ?? []);
  const bound = (pick: typeof Math.min, side: "start" | "end", axis: number, none: number) =>
    boxes.length === 0 ? none : pick(...boxes.map((box) => box[side][axis]));
  const start = (axis: number) => bound(Math.min, "start", axis, 0);
  const end = (axis: number) => bound(Math.max, "end", axis, 1);
  const box = { start: [start(0), start(1), start(2)], end: [end(0), end(1), end(2)] } as const;
  const [a, b] = [crop(reference, box), crop(predicted, box)];
  return classes.map((scored) => scoreClass(a, b, scored, options));
}
