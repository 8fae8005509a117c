import { TrinephronError } from "../../../../base/errors.ts";
import { cross, dot, minus, plus, times } from "../../../../numerics/volume/vector.ts";
import type { Geometry } from "../../../../numerics/volume/volume.ts";
import type { Plane } from "../file/header.ts";
import { depthGroups } from "./depthGroups.ts";

/** Frames on an even grid that may have planes without a frame, and planes with several. */
export interface FrameGrid {
  readonly geometry: Geometry;
  /** Index k of each frame's plane. */
  readonly planeOf: readonly number[];
}

/**
 * A frame may lie this far from its place in the grid, of the distance between planes: positions are rounded, to a tenth
 * of a millimetre at times.
 */
const tolerance = (step: number) => Math.max(0.1 * step, Math.min(0.1, 0.25 * step));
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
  const step = distanceBetween(depths, between, first.thickness) ?? between ?? first.thickness ?? 1;
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
    if (Math.abs(dot(off, normal)) > tolerance(step) || inPlane > 0.5)
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
function distanceBetween(
  depths: readonly number[],
  between: number | undefined,
  thickness: number | undefined,
): number | undefined {
  const ordered = depths.toSorted((a, b) => a - b);
  const widest = ordered.slice(1).reduce((most, depth, n) => Math.max(most, depth - ordered[n]), 0);
  const usual = between !== undefined && between > 0 ? between : Math.min(thickness || Infinity, widest);
  const sorted = depthGroups(depths, usual).map(({ depth }) => depth);
  const gaps = sorted.slice(1).map((depth, n) => depth - sorted[n]);
  if (gaps.length === 0) return undefined;
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
  const fits = (step: number) => {
    const off = gaps.map((gap) => gap - step * Math.round(gap / step));
    return (
      gaps.every((gap, n) => Math.abs(off[n]) <= tolerance(step) && gap >= step / 2) &&
      Math.abs(mean(off)) <= 0.05 * step
    );
  };
  const smallest = gaps.reduce((a, b) => Math.min(a, b));
  const single = mean(gaps.filter((gap) => gap - smallest <= tolerance(smallest)));
  const unit = between !== undefined && between > 0 && fits(between) ? between : single;
  // Over all gaps, so that the roundings of single positions do not add up.
  const steps = gaps.reduce((sum, gap) => sum + Math.round(gap / unit), 0);
  return (sorted[sorted.length - 1] - sorted[0]) / steps;
}

const parallel = (a: Plane, b: Plane): boolean =>
  dot(a.row, b.row) > 1 - 1e-6 &&
  dot(a.column, b.column) > 1 - 1e-6 &&
  a.spacing.every((mm, n) => Math.abs(mm - b.spacing[n]) < 1e-3 * mm);
