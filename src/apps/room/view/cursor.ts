import type { VoxelArray } from "../../../numerics/volume/index.ts";
import { pointToIndex, type Vec3, type Volume } from "../../../numerics/volume/index.ts";
import { dot } from "../../../numerics/volume/vector.ts";
import type { Extent } from "./extent.ts";
import { pitchAlong } from "./outlines.ts";
import { axesOf, type Plane } from "./plane.ts";

/** The voxel nearest to a point; undefined outside of the volume. */
export function voxelAt<T extends VoxelArray>(volume: Volume<T>, point: Vec3): number | undefined {
  const [i, j, k] = pointToIndex(volume, point).map(Math.round);
  const [nx, ny, nz] = volume.size;
  if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) return undefined;
  return volume.data[i + nx * (j + ny * k)];
}

/** Which slice of how many a point lies on, along a plane's normal; from 1. */
export function sliceOf(
  volume: Volume,
  plane: Plane,
  point: Vec3,
  { low, high }: Extent,
): { readonly n: number; readonly of: number; readonly pitch: number; readonly mm: number } {
  const { normal, along } = axesOf[plane];
  const pitch = pitchAlong(volume, normal);
  const of = Math.max(1, Math.round((high[along] - low[along]) / pitch));
  const mm = dot(point, normal);
  const n = Math.min(Math.max(Math.floor((mm - low[along]) / pitch) + 1, 1), of);
  return { n, of, pitch, mm };
}
