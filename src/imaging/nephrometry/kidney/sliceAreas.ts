import type { Vec3 } from "../../../numerics/volume/index.ts";

/** Voxels of a mask in each slice k. */
export function sliceAreas(mask: Uint8Array, [nx, ny, nz]: Vec3): number[] {
  const area = nx * ny;
  return Array.from({ length: nz }, (_, k) => {
    let voxels = 0;
    for (let n = k * area; n < (k + 1) * area; n++) voxels += mask[n];
    return voxels;
  });
}
