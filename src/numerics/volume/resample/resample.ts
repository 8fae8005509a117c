import { type AffineMap, indexMap } from "../geometry.ts";
import type { Geometry, Vec3, Volume, VoxelArray } from "../volume.ts";
import { linearOblique, linearParallel } from "./linear.ts";
import { nearestOblique, nearestParallel } from "./nearest.ts";

/** How values between voxels are found. */
export interface ResampleOptions {
  /** `linear` for images, `nearest` for masks and labels. Default `linear`. */
  readonly interpolation?: "linear" | "nearest";
  /** Value where the target reaches outside the volume (further than half a voxel). Default 0. */
  readonly fill?: number;
  /**
   * With `linear`: first blur along the axes where the target's voxels are more than 1.5 times as far apart,
   * so that fine detail does not alias. Default false.
   */
  readonly antialias?: boolean;
}

/**
 * The volume on another grid. Linear interpolation gives Float32; nearest neighbour keeps the type.
 * Grids whose axes run parallel (in any order) go axis by axis; others voxel by voxel.
 */
export function resample<T extends VoxelArray>(
  volume: Volume<T>,
  target: Geometry,
  options: ResampleOptions & { readonly interpolation: "nearest" },
): Volume<T>;
export function resample(
  volume: Volume,
  target: Geometry,
  options?: ResampleOptions & { readonly interpolation?: "linear" },
): Volume<Float32Array<ArrayBuffer>>;
export function resample(volume: Volume, target: Geometry, options?: ResampleOptions): Volume;
export function resample(
  volume: Volume,
  target: Geometry,
  { interpolation = "linear", fill = 0, antialias = false }: ResampleOptions = {},
): Volume {
  const { size, spacing, origin, direction } = target;
  const map = indexMap(target, volume);
  const axes = parallelAxes(map, size);
  const data =
    interpolation === "nearest"
      ? axes
        ? nearestParallel(volume, size, map, axes, fill)
        : nearestOblique(volume, size, map, fill)
      : axes
        ? linearParallel(volume, size, map, axes, fill, antialias)
        : linearOblique(volume, size, map, fill, antialias);
  return { size, spacing, origin, direction, data };
}

/** For each source axis the one target axis it depends on; undefined where some depends on more. */
function parallelAxes({ matrix }: AffineMap, size: Vec3): Vec3 | undefined {
  const axes = [0, 1, 2].map((s) => {
    const row = [0, 1, 2].map((t) => Math.abs(matrix[3 * s + t]));
    const t = row.indexOf(Math.max(...row));
    // A deviation of less than 1e-4 voxel over the whole grid is rounding, not rotation.
    const others = row.reduce((sum, m, other) => sum + (other === t ? 0 : m * (size[other] - 1)), 0);
    return others < 1e-4 ? t : -1;
  });
  return new Set(axes).size === 3 && !axes.includes(-1) ? [axes[0], axes[1], axes[2]] : undefined;
}
