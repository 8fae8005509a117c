import { TrinephronError } from "../../../base/errors.ts";
import {
  type Box,
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
  const box = boxes.length === 0 ? oneVoxel : boxes.reduce(around);
  const [a, b] = [crop(reference, box), crop(predicted, box)];
  return classes.map((scored) => scoreClass(a, b, scored, options));
}

/** What is looked at where nothing is outlined. */
const oneVoxel: Box = { start: [0, 0, 0], end: [1, 1, 1] };

/** The smallest box that holds two. */
function around(a: Box, b: Box): Box {
  const low = (axis: number) => Math.min(a.start[axis], b.start[axis]);
  const high = (axis: number) => Math.max(a.end[axis], b.end[axis]);
  return { start: [low(0), low(1), low(2)], end: [high(0), high(1), high(2)] };
}
