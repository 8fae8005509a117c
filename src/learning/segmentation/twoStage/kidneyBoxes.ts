import {
  type Box,
  boundingBox,
  boxSize,
  connectedComponents,
  crop,
  type Geometry,
  grownBox,
  indexToPoint,
  type Vec3,
  type Volume,
  voxelVolumeMl,
} from "../../../numerics/volume/index.ts";
import { maskOf } from "../../../numerics/volume/maskOf.ts";
import type { Corners } from "../run/region.ts";
import type { TwoStageConfig } from "./twoStageConfig.ts";

/** Where the fine model is to look. */
export interface KidneyBoxes {
  /** Corners in LPS mm, the largest find first. */
  readonly boxes: readonly Corners[];
  /** Finds of a kidney's size beyond the number looked at. */
  readonly passedOver: number;
}

/**
 * Boxes around what a coarse model took for kidneys: pieces of a plausible volume, with a margin. Boxes that mostly
 * cover each other, as of a kidney found in two pieces, become one.
 * @param found not 0 where there is kidney
 */
export function kidneyBoxes(
  found: Volume<Uint8Array>,
  { leastMl, marginMm, mostBoxes }: Pick<TwoStageConfig, "leastMl" | "marginMm" | "mostBoxes">,
): KidneyBoxes {
  const whole = boundingBox(found.data, found.size);
  if (!whole) return { boxes: [], passedOver: 0 };
  const part = crop(found, whole);
  const { labels, sizes } = connectedComponents(part.data, part.size);
  const ml = voxelVolumeMl(found);
  const plausible = sizes.filter((voxels) => voxels * ml >= leastMl).length;
  let boxes: Box[] = [];
  for (let label = 1; label <= Math.min(plausible, mostBoxes); label++) {
    const piece = maskOf(labels, (value) => value === label);
    const grown = grownBox(boundingBox(piece, part.size)!, marginMm, found.spacing);
    boxes = united(boxes, grown);
  }
  return {
    boxes: boxes.map((box) => cornersOf(part, box)),
    passedOver: Math.max(0, plausible - mostBoxes),
  };
}

/** Boxes and one more, which takes in those that share more than half of the smaller one with it. */
function united(boxes: readonly Box[], more: Box): Box[] {
  const volume = (box: Box) => boxSize(box).reduce((product, n) => product * Math.max(n, 0), 1);
  const other = boxes.find((box) => volume(common(box, more)) > 0.5 * Math.min(volume(box), volume(more)));
  if (!other) return [...boxes, more];
  return united(
    boxes.filter((box) => box !== other),
    { start: each(Math.min, other.start, more.start), end: each(Math.max, other.end, more.end) },
  );
}

const common = (a: Box, b: Box): Box => ({
  start: each(Math.max, a.start, b.start),
  end: each(Math.min, a.end, b.end),
});

const each = (of: (a: number, b: number) => number, a: Vec3, b: Vec3): Vec3 => [
  of(a[0], b[0]),
  of(a[1], b[1]),
  of(a[2], b[2]),
];

/** The corners of the smallest upright box in the patient that holds a box of voxels, edges included. */
export function cornersOf(grid: Geometry, { start, end }: Box): Corners {
  const at = (corner: number, a: number) => ((corner >> a) & 1 ? end[a] - 0.5 : start[a] - 0.5);
  const points = Array.from({ length: 8 }, (_, c) => indexToPoint(grid, [at(c, 0), at(c, 1), at(c, 2)]));
  return [points.reduce((a, b) => each(Math.min, a, b)), points.reduce((a, b) => each(Math.max, a, b))];
}
