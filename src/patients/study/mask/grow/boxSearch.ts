import {
  type Geometry,
  gridAround,
  indexToPoint,
  resample,
  type Vec3,
  type Volume,
} from "../../../../numerics/volume/index.ts";
import { maskOf } from "../../../../numerics/volume/maskOf.ts";
import { histogramOdds } from "./histogramOdds.ts";
import { likeness, smoothed, tissueOf } from "./likeness.ts";

/** Two opposite corners, LPS mm; edges run along L, P and S. */
export type PatientBox = readonly [Vec3, Vec3];

/** Distance between voxels, and what is seen around a box, mm. */
const [voxel, around] = [1.5, 12];

/** Greater shares, of what surrounds an object that is like it and of a face of the box that it fills, are doubtful. */
const [mostAlike, mostOfFace] = [0.5, 0.35];

/** What differs from its surroundings within a box drawn around it. */
export interface BoxFound {
  /** HU, of the box and its surroundings. */
  readonly image: Volume<Float32Array>;
  /** 1 in the object, on the same grid. */
  readonly mask: Uint8Array;
}

/**
 * The object in a box, by {@link histogramOdds}: first an ellipsoid in the middle, at most the whole box.
 * @param volume HU
 * @param box the lower corner first
 */
export function boxSearch(volume: Volume, [low, high]: PatientBox): BoxFound {
  const middle = low.map((mm, axis) => (mm + high[axis]) / 2) as unknown as Vec3;
  const size = low.map((mm, axis) => high[axis] - mm);
  const voxels = size.map((mm) => Math.ceil((mm + 2 * around) / voxel)) as unknown as Vec3;
  const grid = gridAround(middle, voxels, [voxel, voxel, voxel]);
  const image = resample(volume, grid, { antialias: true, fill: -1024 });
  const prior = boxPrior(image, middle, size);
  const guess = maskOf(prior, (odds) => odds > 1);
  return { image, mask: histogramOdds(image, guess, prior) };
}

/** Whether an object seems to go on beyond its box, which is then drawn too small. */
export function goesOnBeyond({ image, mask }: BoxFound, [low, high]: PatientBox): boolean {
  const tissue = tissueOf(smoothed(image).filter((_, v) => mask[v] !== 0));
  if (likeness(mask, image, tissue).around > mostAlike) return true;
  const [nx, ny] = image.size;
  const faces = Array.from({ length: 6 }, () => ({ voxels: 0, filled: 0 }));
  for (let v = 0; v < mask.length; v++) {
    const p = indexToPoint(image, [v % nx, Math.floor(v / nx) % ny, Math.floor(v / (nx * ny))]);
    const depths = p.flatMap((mm, axis) => [mm - low[axis], high[axis] - mm]);
    if (depths.some((depth) => depth < 0)) continue;
    for (const [n, face] of faces.entries())
      if (depths[n] < voxel) {
        face.voxels++;
        face.filled += mask[v];
      }
  }
  return faces.some(({ voxels, filled }) => filled > mostOfFace * voxels);
}

/** Log-odds of an ellipsoid that fills the box: 0 a little outside it, 4 in the middle; none outside the box. */
function boxPrior(image: Geometry, middle: Vec3, size: readonly number[]): Float32Array {
  const [nx, ny, nz] = image.size;
  const prior = new Float32Array(nx * ny * nz);
  for (let v = 0; v < prior.length; v++) {
    const p = indexToPoint(image, [v % nx, Math.floor(v / nx) % ny, Math.floor(v / (nx * ny))]);
    const off = p.map((mm, axis) => Math.abs(mm - middle[axis]));
    const inside = off.every((mm, axis) => mm <= (size[axis] + voxel) / 2);
    prior[v] = inside ? 4 * (1.05 - Math.hypot(...off.map((mm, a) => (2 * mm) / size[a]))) : -Infinity;
  }
  return prior;
}
