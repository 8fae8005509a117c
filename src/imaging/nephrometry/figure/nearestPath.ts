import type { Vec3, Volume } from "../../../numerics/volume/index.ts";
import { distanceFrom } from "../renal/nearness.ts";

/** Indices of the nearest voxels of two masks. */
export interface NearestPath {
  readonly from: Vec3;
  readonly to: Vec3;
}

/** From the tumour to the nearest voxel of a target; undefined where that is empty. */
export function nearestPath(tumor: Volume<Uint8Array>, target: Uint8Array): NearestPath | undefined {
  const to = nearest(distanceFrom(tumor, "centers"), target);
  if (to < 0) return undefined;
  const alone = new Uint8Array(target.length);
  alone[to] = 1;
  const from = nearest(distanceFrom({ ...tumor, data: alone }, "centers"), tumor.data);
  return { from: indexOf(from, tumor.size), to: indexOf(to, tumor.size) };
}

function nearest(distance: Float32Array, mask: Uint8Array): number {
  let best = -1;
  for (let n = 0; n < mask.length; n++)
    if (mask[n] === 1 && (best < 0 || distance[n] < distance[best])) best = n;
  return best;
}

const indexOf = (n: number, [nx, ny]: Vec3): Vec3 => [
  n % nx,
  Math.floor(n / nx) % ny,
  Math.floor(n / (nx * ny)),
];
