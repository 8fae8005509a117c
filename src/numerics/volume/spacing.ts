import { indexToPoint } from "./geometry.ts";
import { type Geometry, lpsDirection, type Vec3 } from "./volume.ts";

/**
 * A grid over the same field of view with other voxel distances: same directions, same centre,
 * as many voxels as come nearest to the field (at least one along each axis).
 *
 * @param spacing mm along i, j, k
 */
export function withSpacing(geometry: Geometry, spacing: Vec3): Geometry {
  const { size, spacing: old, direction } = geometry;
  const count = (a: number) => Math.max(1, Math.round((size[a] * old[a]) / spacing[a]));
  const resized: Vec3 = [count(0), count(1), count(2)];
  const first = (a: number) => (size[a] - 1) / 2 - ((resized[a] - 1) / 2) * (spacing[a] / old[a]);
  return {
    size: resized,
    spacing,
    direction,
    origin: indexToPoint(geometry, [first(0), first(1), first(2)]),
  };
}

/** {@link withSpacing} with one distance along every axis. */
export const isotropic = (geometry: Geometry, mm: number): Geometry => withSpacing(geometry, [mm, mm, mm]);

/** A grid of `size` voxels `spacing` mm apart, axes along L, P, S, whose middle lies at `center` (LPS mm). */
export function gridAround(center: Vec3, size: Vec3, spacing: Vec3): Geometry {
  const first = (a: number) => center[a] - ((size[a] - 1) / 2) * spacing[a];
  return { size, spacing, origin: [first(0), first(1), first(2)], direction: lpsDirection };
}
