import {
  type Box,
  boundingBox,
  connectedComponents,
  crop,
  indexToPoint,
  type Vec3,
  type Volume,
  voxelVolumeMl,
} from "../../../numerics/volume/index.ts";
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
  const { labels: piece, sizes } = connectedComponents(part.data, part.size);
  const ml = voxelVolumeMl(labels);
  const count = sizes.filter((voxels) => voxels * ml >= leastMl).length;
  if (count < 3) return [];
  const places = placesOf(piece, part, count);
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
function placesOf(piece: Int32Array, grid: Volume, count: number): Place[] {
  const [nx, ny] = grid.size;
  const sums = Array.from({ length: count }, () => [0, 0, 0, 0]);
  const ends = Array.from({ length: count }, () => [Infinity, -Infinity]);
  for (let n = 0; n < piece.length; n++) {
    const p = piece[n] - 1;
    if (p < 0 || p >= count) continue;
    const k = Math.floor(n / (nx * ny));
    [n % nx, Math.floor(n / nx) % ny, k, 1].forEach((value, a) => {
      sums[p][a] += value;
    });
    ends[p] = [Math.min(ends[p][0], k), Math.max(ends[p][1], k)];
  }
  const height = (k: number) => indexToPoint(grid, [0, 0, k])[2];
  return sums.map(([i, j, k, voxels], p) => ({
    label: p + 1,
    middle: indexToPoint(grid, [i / voxels, j / voxels, k / voxels]),
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
