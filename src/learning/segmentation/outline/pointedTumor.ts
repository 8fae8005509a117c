import {
  type Box,
  boundingBox,
  boxSize,
  connectedComponents,
  pointToIndex,
  type Vec3,
  type Volume,
  voxelVolumeMl,
} from "../../../numerics/volume/index.ts";
import { maskOf } from "../../../numerics/volume/maskOf.ts";
import type { Pointed } from "../../../patients/study/assembled.ts";
import { regionBox } from "../run/region.ts";

/** A click may miss the lesion by so much, mm. */
const nearMm = 5;
/** Intersection over union of a lesion's bounding box and the one drawn, from which both mean the same. */
const leastOverlap = 0.5;

/**
 * The lesion, tumour or cyst, that a program outlined where a user points: at most 5 mm from the point, or of the drawn
 * box's size and place.
 * @param mask 1 kidney, 2 tumour, 3 cyst
 * @returns 1 within it; undefined where the program outlined none there
 */
export function pointedLesion(mask: Volume<Uint8Array>, pointed: Pointed): Uint8Array | undefined {
  const lesions = maskOf(mask.data, (label) => label > 1);
  const { labels, sizes } = connectedComponents(lesions, mask.size);
  if (sizes.length === 0) return undefined;
  const piece = (label: number) => maskOf(labels, (value) => value === label);
  if (pointed.point) {
    const label = nearestLabel(labels, mask, pointed.point);
    return label === 0 ? undefined : piece(label);
  }
  const drawn = regionBox(mask, pointed.box!, [1, 1, 1]);
  const pieces = sizes.map((_, n) => piece(n + 1));
  const overlaps = pieces.map((data) => boxOverlap(boundingBox(data, mask.size)!, drawn));
  const best = overlaps.indexOf(Math.max(...overlaps));
  return overlaps[best] < leastOverlap ? undefined : pieces[best];
}

/**
 * A program's mask with the tumour where the user points at it, and nowhere else: what else it took for tumour becomes
 * kidney.
 * @param tumor not 0 within it
 * @returns the mask, and mL that are no tumour any more
 */
export function withTumor(
  mask: Volume<Uint8Array>,
  tumor: Uint8Array,
): { readonly volume: Volume<Uint8Array>; readonly elsewhereMl: number } {
  const data = mask.data.slice();
  let elsewhere = 0;
  for (let v = 0; v < data.length; v++)
    if (tumor[v] > 0) data[v] = 2;
    else if (data[v] === 2) {
      data[v] = 1;
      elsewhere++;
    }
  return { volume: { ...mask, data }, elsewhereMl: elsewhere * voxelVolumeMl(mask) };
}

/** The piece that lies nearest to a point; 0 where none is near. */
function nearestLabel(labels: ArrayLike<number>, grid: Volume, point: Vec3): number {
  const { size, spacing } = grid;
  const [x, y, z] = pointToIndex(grid, point);
  const reach = spacing.map((mm) => Math.ceil(nearMm / mm));
  const range = (at: number, a: 0 | 1 | 2) => [
    Math.max(0, Math.round(at) - reach[a]),
    Math.min(size[a] - 1, Math.round(at) + reach[a]),
  ];
  const [[i0, i1], [j0, j1], [k0, k1]] = [range(x, 0), range(y, 1), range(z, 2)];
  let [label, least] = [0, nearMm];
  for (let k = k0; k <= k1; k++)
    for (let j = j0; j <= j1; j++)
      for (let i = i0; i <= i1; i++) {
        const found = labels[i + size[0] * (j + size[1] * k)];
        const gap = Math.hypot((i - x) * spacing[0], (j - y) * spacing[1], (k - z) * spacing[2]);
        if (found > 0 && gap <= least) [label, least] = [found, gap];
      }
  return label;
}

/** Intersection over union. */
function boxOverlap(a: Box, b: Box): number {
  const volume = (box: Box) => boxSize(box).reduce((product, n) => product * Math.max(n, 0), 1);
  const both = (axis: number) => [Math.max(a.start[axis], b.start[axis]), Math.min(a.end[axis], b.end[axis])];
  const [i, j, k] = [both(0), both(1), both(2)];
  const common = volume({ start: [i[0], j[0], k[0]], end: [i[1], j[1], k[1]] });
  return common / (volume(a) + volume(b) - common);
}
