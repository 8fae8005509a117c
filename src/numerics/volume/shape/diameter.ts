import { apply, indexToPatient } from "../geometry.ts";
import type { Geometry, Vec3 } from "../volume.ts";
import { convexHull, rowEnds } from "./hull.ts";

/** The longest line between two voxel centres of a mask. */
export interface Diameter {
  readonly mm: number;
  /** Voxel indices of its ends. */
  readonly from: Vec3;
  readonly to: Vec3;
}

/**
 * The largest distance between any two voxel centres of a mask, exact: its ends are corners of their slices' hulls.
 * A single voxel measures 0. Undefined for an empty mask.
 */
export function maximalDiameter(mask: Uint8Array, geometry: Geometry): Diameter | undefined {
  const corners: Vec3[] = [];
  for (let k = 0; k < geometry.size[2]; k++) corners.push(...sliceCorners(mask, geometry.size, k));
  return farthest(corners, geometry);
}

/** The largest distance between two voxel centres of slice k. Undefined for an empty slice. */
export function sliceDiameter(mask: Uint8Array, geometry: Geometry, k: number): Diameter | undefined {
  return farthest(sliceCorners(mask, geometry.size, k), geometry);
}

/** The longest of all slices' {@link sliceDiameter}s: the axial diameter where k runs along the body. */
export function inPlaneDiameter(mask: Uint8Array, geometry: Geometry): Diameter | undefined {
  let longest: Diameter | undefined;
  for (let k = 0; k < geometry.size[2]; k++) {
    const diameter = sliceDiameter(mask, geometry, k);
    if (diameter && !(longest && longest.mm >= diameter.mm)) longest = diameter;
  }
  return longest;
}

/** The slice k with the most voxels (the first of equals). Undefined for an empty mask. */
export function largestSlice(mask: Uint8Array, size: Vec3): { k: number; voxels: number } | undefined {
  const area = size[0] * size[1];
  let largest = { k: -1, voxels: 0 };
  for (let k = 0; k < size[2]; k++) {
    let voxels = 0;
    for (let n = k * area; n < (k + 1) * area; n++) if (mask[n] !== 0) voxels++;
    if (voxels > largest.voxels) largest = { k, voxels };
  }
  return largest.k < 0 ? undefined : largest;
}

function sliceCorners(mask: Uint8Array, size: Vec3, k: number): Vec3[] {
  const hull = convexHull(rowEnds(mask, size, k));
  return Array.from({ length: hull.length / 2 }, (_, p): Vec3 => [hull[2 * p], hull[2 * p + 1], k]);
}

function farthest(corners: readonly Vec3[], geometry: Geometry): Diameter | undefined {
  if (corners.length === 0) return undefined;
  const map = indexToPatient(geometry);
  const points = Float64Array.from(corners.flatMap((c) => apply(map, c)));
  let [squared, from, to] = [0, 0, 0];
  for (let p = 0; p < corners.length; p++)
    for (let q = p + 1; q < corners.length; q++) {
      const dx = points[3 * p] - points[3 * q];
      const dy = points[3 * p + 1] - points[3 * q + 1];
      const dz = points[3 * p + 2] - points[3 * q + 2];
      const d = dx * dx + dy * dy + dz * dz;
      if (d > squared) [squared, from, to] = [d, p, q];
    }
  return { mm: Math.sqrt(squared), from: corners[from], to: corners[to] };
}
