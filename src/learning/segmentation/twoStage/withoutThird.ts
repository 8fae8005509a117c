import {
  type Box,
  boundingBox,
  type Components,
  connectedComponents,
  crop,
  indexToPoint,
  type Vec3,
  type Volume,
  voxelVolumeMl,
} from "../../../numerics/volume/index.ts";
import { centroids } from "../../../numerics/volume/shape/centroids.ts";
import type { TwoStageConfig } from "./twoStageConfig.ts";

/** Bowel and stomach lie so far before the kidneys, mm, from middle to middle; a third kidney beside two does not. */
const leastBeforeMm = 30;

/**
 * Takes away, in place, what was taken for a third kidney in front of two: at their height, on either side of the spine
 * they leave no room for another, and what lies before them is bowel, stomach or pancreas. A transplant lies lower.
 * @param labels any but 0 is part of an outline; axes along L, P and S
 * @returns mL of each that was taken away
 */
export function withoutThird(
  labels: Volume<Uint8Array>,
  { leastMl }: Pick<TwoStageConfig, "leastMl">,
): number[] {
  const box = boundingBox(labels.data, labels.size);
  if (!box) return [];
  const part = crop(labels, box);
  const components = connectedComponents(part.data, part.size);
  const { labels: piece, sizes } = components;
  const ml = voxelVolumeMl(labels);
  const count = sizes.filter((voxels) => voxels * ml >= leastMl).length;
  if (count < 3) return [];
  const places = placesOf(components, part, count);
  const strange = places.filter(({ middle }) => {
    const behind = places.filter((other) => other.middle[1] > middle[1] + leastBeforeMm);
    const low = Math.min(...behind.map((other) => other.low));
    const high = Math.max(...behind.map((other) => other.high));
    return behind.length >= 2 && middle[2] > low && middle[2] < high;
  });
  const dropped = new Set(strange.map(({ label }) => label));
  clear(labels, box, part.size, (n) => dropped.has(piece[n]));
  return strange.map(({ label }) => sizes[label - 1] * ml);
}

interface Place {
  readonly label: number;
  /** LPS mm. */
  readonly middle: Vec3;
  /** Ends along S, mm. */
  readonly low: number;
  readonly high: number;
}

/** Where the largest pieces lie. */
function placesOf(components: Components, grid: Volume, count: number): Place[] {
  const area = grid.size[0] * grid.size[1];
  const ends = Array.from({ length: count }, () => [Infinity, -Infinity]);
  components.labels.forEach((label, n) => {
    if (label === 0 || label > count) return;
    const k = Math.floor(n / area);
    ends[label - 1] = [Math.min(ends[label - 1][0], k), Math.max(ends[label - 1][1], k)];
  });
  const height = (k: number) => indexToPoint(grid, [0, 0, k])[2];
  const middles = centroids(components.labels, components.sizes.length, grid.size);
  return middles.slice(0, count).map((index, p) => ({
    label: p + 1,
    middle: indexToPoint(grid, index),
    low: height(ends[p][0]),
    high: height(ends[p][1]),
  }));
}

/** Sets voxels of a part to 0 in the whole. */
function clear(
  { data, size }: Volume<Uint8Array>,
  { start }: Box,
  own: Vec3,
  such: (n: number) => boolean,
): void {
  const [nx, ny, nz] = own;
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++)
        if (such(n)) data[start[0] + i + size[0] * (start[1] + j + size[1] * (start[2] + k))] = 0;
}
