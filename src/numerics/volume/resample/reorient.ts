import { axisOrders } from "../axisOrders.ts";
import { indexToPoint } from "../geometry.ts";
import type { Geometry, Vec3, Volume, VoxelArray } from "../volume.ts";
import { copyStrided } from "../voxels.ts";

/** For each of L, P, S the axis that runs nearest along it (each axis once) and whether it runs the other way. */
export function closestAxes({ direction }: Geometry): { axes: Vec3; flipped: readonly boolean[] } {
  const alignment = (axes: Vec3) => axes.reduce((sum, a, d) => sum + Math.abs(direction[a][d]), 0);
  let axes: Vec3 = axisOrders[0];
  for (const candidate of axisOrders) if (alignment(candidate) > alignment(axes) + 1e-9) axes = candidate;
  return { axes, flipped: axes.map((a, d) => direction[a][d] < 0) };
}

/** The same grid with i running nearest to L, j to P, k to S. */
export function lpsGeometry(geometry: Geometry): Geometry {
  const { axes, flipped } = closestAxes(geometry);
  const { size, spacing, direction } = geometry;
  const corner: [number, number, number] = [0, 0, 0];
  for (const [d, a] of axes.entries()) if (flipped[d]) corner[a] = size[a] - 1;
  const pick = (values: readonly number[]): Vec3 => [values[axes[0]], values[axes[1]], values[axes[2]]];
  const way = (d: number): Vec3 => {
    const [l, p, s] = direction[axes[d]];
    return flipped[d] ? [-l, -p, -s] : [l, p, s];
  };
  return {
    size: pick(size),
    spacing: pick(spacing),
    origin: indexToPoint(geometry, corner),
    direction: [way(0), way(1), way(2)],
  };
}

/**
 * The same voxels with i running nearest to L, j to P, k to S. Every voxel stays where it is in the patient;
 * nothing is interpolated. Returns the volume itself if it runs that way already.
 */
export function reorient<T extends VoxelArray>(volume: Volume<T>): Volume<T> {
  const { axes, flipped } = closestAxes(volume);
  if (axes.every((a, d) => a === d && !flipped[d])) return volume;
  const { size } = volume;
  const strides = [1, size[0], size[0] * size[1]];
  const base = axes.reduce((sum, a, d) => sum + (flipped[d] ? strides[a] * (size[a] - 1) : 0), 0);
  const signed = (d: number) => (flipped[d] ? -strides[axes[d]] : strides[axes[d]]);
  const turned = lpsGeometry(volume);
  return {
    ...turned,
    data: copyStrided(volume.data, turned.size, base, [signed(0), signed(1), signed(2)]),
  };
}
