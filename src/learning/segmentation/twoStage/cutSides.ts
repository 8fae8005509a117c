import { type Box, boxSize, type Vec3 } from "../../../numerics/volume/index.ts";

/** Contact with a side of a box, mm², from which an outline is cut by it: less is a piece of something else. */
const leastContactMm2 = 100;

/** By axis, whether the box's first and last voxels cut an outline that may go on within the image. */
export type CutSides = readonly (readonly [first: boolean, last: boolean])[];

/**
 * Where a box cuts an outline: the sides, but for those at the image's own edge, that a square centimetre of it touches.
 * @param labels of the box, i fastest
 * @param size of the whole image, voxels
 * @param spacing mm along i, j, k
 */
export function cutSides(labels: Uint8Array, box: Box, size: Vec3, spacing: Vec3): CutSides {
  const own = boxSize(box);
  const strides = [1, own[0], own[0] * own[1]];
  const contact = (axis: number, at: number): number => {
    const [a, b] = [0, 1, 2].filter((other) => other !== axis);
    let voxels = 0;
    for (let p = 0; p < own[a]; p++)
      for (let q = 0; q < own[b]; q++)
        if (labels[at * strides[axis] + p * strides[a] + q * strides[b]] > 0) voxels++;
    return voxels * spacing[a] * spacing[b];
  };
  return [0, 1, 2].map((axis) => [
    box.start[axis] > 0 && contact(axis, 0) >= leastContactMm2,
    box.end[axis] < size[axis] && contact(axis, own[axis] - 1) >= leastContactMm2,
  ]);
}

/** Whether any side is cut. */
export const isCut = (sides: CutSides): boolean => sides.some(([first, last]) => first || last);

/** The box with its cut sides moved outwards. */
export function widened({ start, end }: Box, sides: CutSides, mm: number, spacing: Vec3): Box {
  const by = (axis: number) => Math.ceil(mm / spacing[axis]);
  const first = (axis: number) => start[axis] - (sides[axis][0] ? by(axis) : 0);
  const last = (axis: number) => end[axis] + (sides[axis][1] ? by(axis) : 0);
  return { start: [first(0), first(1), first(2)], end: [last(0), last(1), last(2)] };
}
