import { free } from "../../../base/free.ts";
import { voxelCount } from "../geometry.ts";
import type { Vec3 } from "../volume.ts";
import { applyTaps, linearTaps, type Taps } from "./separable.ts";
import { splineAxis } from "./spline.ts";

/** Degree of the spline between voxels: 0 nearest, 1 linear, 3 cubic. */
type SplineOrder = 0 | 1 | 3;

/** How {@link gridZoom} fills another number of voxels. */
export interface GridZoomOptions {
  readonly order: SplineOrder;
  /** An axis (0 i, 1 j, 2 k) of another order, whose slices are interpolated each by itself. */
  readonly separate?: { readonly axis: 0 | 1 | 2; readonly order: 0 | 1 } | undefined;
}

/**
 * The same field of view with another number of voxels: outer edges, not centres, stay in place, and outer voxels are
 * repeated beyond them, as SciPy's `zoom(mode="nearest", grid_mode=True)` does. Cubic interpolation is clipped to the
 * range of the input (of each slice of a separate axis), as scikit-image's `resize` clips it.
 *
 * @param data `size` voxels, i fastest
 * @returns `data` itself where it has the target's size already
 */
export function gridZoom(
  data: Float32Array<ArrayBuffer>,
  size: Vec3,
  target: Vec3,
  { order, separate }: GridZoomOptions,
): Float32Array<ArrayBuffer> {
  const axes = ([0, 1, 2] as const)
    .filter((axis) => target[axis] !== size[axis] && axis !== separate?.axis)
    // The axis that shrinks most goes first: what is left of the others is less work.
    .sort((a, b) => target[a] / size[a] - target[b] / size[b]);
  const bounds = order === 3 && axes.length > 0 ? rangesAlong(data, size, separate?.axis) : undefined;
  const now: [number, number, number] = [...size];
  let found = data;
  const along = (axis: 0 | 1 | 2, by: SplineOrder) => {
    const before = found;
    const inner = now.slice(0, axis).reduce((a, b) => a * b, 1);
    const outer = now.slice(axis + 1).reduce((a, b) => a * b, 1);
    found =
      by === 3
        ? splineAxis(found, outer, now[axis], inner, target[axis])
        : applyTaps(found, outer, now[axis], inner, gridTaps(now[axis], target[axis], by));
    now[axis] = target[axis];
    if (before !== data) free(before);
  };
  for (const axis of axes) along(axis, order);
  if (bounds) clip(found, now, separate?.axis, bounds);
  if (separate && target[separate.axis] !== size[separate.axis]) along(separate.axis, separate.order);
  return found;
}

/** The weights of one axis of {@link gridZoom}, `n` voxels to `count`. */
export function gridTaps(n: number, count: number, order: 0 | 1): Taps {
  const step = n / count;
  if (order === 1) return linearTaps(n, 0.5 * step - 0.5, step, count, 0);
  // The arithmetic of `map_coordinates`, since halves are common and their rounding shows.
  const nearest = (m: number) => Math.floor(step * (m + 0.5) - 0.5 + 0.5);
  return {
    first: Int32Array.from({ length: count }, (_, m) => Math.min(Math.max(nearest(m), 0), n - 1)),
    width: 1,
    weights: new Float64Array(count).fill(1),
    inside: new Uint8Array(count).fill(1),
  };
}

interface Range {
  readonly least: Float32Array;
  readonly most: Float32Array;
}

/** Of the whole, or of each slice of an axis. */
function rangesAlong(data: Float32Array, size: Vec3, axis?: 0 | 1 | 2): Range {
  const count = axis === undefined ? 1 : size[axis];
  const least = new Float32Array(count).fill(Infinity);
  const most = new Float32Array(count).fill(-Infinity);
  eachRow(size, axis, (n, slice) => {
    const value = data[n];
    if (value < least[slice]) least[slice] = value;
    if (value > most[slice]) most[slice] = value;
  });
  return { least, most };
}

function clip(data: Float32Array, size: Vec3, axis: 0 | 1 | 2 | undefined, { least, most }: Range): void {
  eachRow(size, axis, (n, slice) => {
    if (data[n] < least[slice]) data[n] = least[slice];
    else if (data[n] > most[slice]) data[n] = most[slice];
  });
}

/** Every voxel with its slice along an axis. */
function eachRow(size: Vec3, axis: 0 | 1 | 2 | undefined, visit: (n: number, slice: number) => void): void {
  if (axis === undefined) {
    const count = voxelCount({ size });
    for (let n = 0; n < count; n++) visit(n, 0);
    return;
  }
  const [nx, ny, nz] = size;
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) visit(n, axis === 0 ? i : axis === 1 ? j : k);
}
