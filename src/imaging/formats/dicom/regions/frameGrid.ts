import { TrinephronError } from "../../../../base/errors.ts";
import { cross, dot, minus, plus, times } from "../../../../numerics/volume/vector.ts";
import type { Geometry } from "../../../../numerics/volume/volume.ts";
import type { Plane } from "../file/header.ts";
import { clusters } from "../series/clusters.ts";

/** Frames on an even grid that may have planes without a frame, and planes with several. */
export interface FrameGrid {
  readonly geometry: Geometry;
  /** Index k of each frame's plane. */
  readonly planeOf: readonly number[];
}

/** A frame may lie this far from its place in the grid, of the distance between planes: positions are rounded. */
const tolerance = 0.1;
/** Frames this close lie at one place, mm. */
const rounding = 1e-3;
/** No mask has more voxels; a header that leads to more is not believed. */
const mostVoxels = 2 ** 30;

/**
 * The even grid that frames of one orientation lie on. The distance between planes is Spacing Between Slices where the
 * positions fit it, else the smallest distance between two frames, else (one plane alone) the slice thickness.
 *
 * @param between Spacing Between Slices, mm
 * @throws E_GEOMETRY where orientations or spacings differ, or no even grid holds all positions
 */
export function frameGrid(
  planes: readonly Plane[],
  [columns, rows]: readonly [number, number],
  between: number | undefined,
  name: string,
): FrameGrid {
  const first = planes[0];
  const uneven = (what: string) => new TrinephronError("E_GEOMETRY", `${name}: ${what}`);
  if (planes.some((plane) => !parallel(plane, first)))
    throw uneven("frames of several orientations or pixel spacings");
  const normal = cross(first.row, first.column);
  const depths = planes.map(({ position }) => dot(position, normal));
  const low = depths.reduce((a, b) => Math.min(a, b));
  const high = depths.reduce((a, b) => Math.max(a, b));
  const step = distanceBetween(depths, between) ?? between ?? first.thickness ?? 1;
  const count = Math.round((high - low) / step) + 1;
  if (!(count * rows * columns <= mostVoxels))
    throw uneven(`planes of ${columns} × ${rows} pixels ${step} mm apart over ${(high - low).toFixed(1)} mm`);

  const lowest = planes[depths.indexOf(low)].position;
  const along = minus(planes[depths.indexOf(high)].position, lowest);
  // Planes of a tilted gantry follow each other along a line that is not their normal.
  const axis = count > 1 ? times(along, 1 / (count - 1)) : times(normal, step);
  const k = depths.map((depth) => Math.round((depth - low) / step));
  for (const [n, { position }] of planes.entries()) {
    const off = minus(position, plus(lowest, times(axis, k[n])));
    const inPlane = Math.max(
      Math.abs(dot(off, first.row)) / first.spacing[0],
      Math.abs(dot(off, first.column)) / first.spacing[1],
    );
    if (Math.abs(dot(off, normal)) > tolerance * step || inPlane > 0.5)
      throw uneven(`frame ${n + 1} does not lie on the even grid of the others, ${step.toFixed(3)} mm apart`);
  }
  const length = Math.hypot(...axis);
  return {
    geometry: {
      size: [columns, rows, count],
      spacing: [first.spacing[0], first.spacing[1], length],
      origin: lowest,
      direction: [first.row, first.column, times(axis, 1 / length)],
    },
    planeOf: k,
  };
}

/** Undefined for one plane alone. */
function distanceBetween(depths: readonly number[], between: number | undefined): number | undefined {
  // The decimals of one place may differ by a rounding.
  const sorted = clusters(depths, (depth) => [depth], [rounding])
    .map((place) => Math.round(place.reduce((a, b) => Math.min(a, b)) * 1000) / 1000)
    .sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((depth, n) => depth - sorted[n]);
  if (gaps.length === 0) return undefined;
  const fits = (step: number) =>
    gaps.every((gap) => Math.abs(gap / step - Math.round(gap / step)) <= tolerance && gap >= step / 2);
  const smallest = gaps.reduce((a, b) => Math.min(a, b));
  const unit = between !== undefined && between > 0 && fits(between) ? between : smallest;
  // Over all gaps, so that the roundings of single positions do not add up.
  const steps = gaps.reduce((sum, gap) => sum + Math.round(gap / unit), 0);
  return (sorted[sorted.length - 1] - sorted[0]) / steps;
}

const parallel = (a: Plane, b: Plane): boolean =>
  dot(a.row, b.row) > 1 - 1e-6 &&
  dot(a.column, b.column) > 1 - 1e-6 &&
  a.spacing.every((mm, n) => Math.abs(mm - b.spacing[n]) < 1e-3 * mm);
