import type { Vec3 } from "../volume.ts";

/** Points in a plane, `[x0, y0, x1, y1, …]`. */
export type Points2D = ArrayLike<number>;

/**
 * Corners of the convex hull, counter-clockwise from the lowest x (points on an edge left out);
 * Andrew's monotone chain (Inf. Process. Lett. 1979;9:216). Exact for whole-number coordinates.
 */
export function convexHull(points: Points2D): number[] {
  const order = Array.from({ length: points.length / 2 }, (_, p) => p).sort(
    (a, b) => points[2 * a] - points[2 * b] || points[2 * a + 1] - points[2 * b + 1],
  );
  const lower = chain(points, order);
  const upper = chain(points, order.reverse());
  const corners =
    lower.length > 1 && upper.length > 1 ? [...lower.slice(0, -1), ...upper.slice(0, -1)] : lower;
  const distinct = corners.length === 2 && samePoint(points, corners[0], corners[1]) ? [corners[0]] : corners;
  return distinct.flatMap((p) => [points[2 * p], points[2 * p + 1]]);
}

function samePoint(points: Points2D, p: number, q: number): boolean {
  return points[2 * p] === points[2 * q] && points[2 * p + 1] === points[2 * q + 1];
}

function chain(points: Points2D, order: readonly number[]): number[] {
  const kept: number[] = [];
  for (const p of order) {
    while (kept.length >= 2 && turn(points, kept.at(-2)!, kept.at(-1)!, p) <= 0) kept.pop();
    if (kept.length === 1 && samePoint(points, kept[0], p)) continue;
    kept.push(p);
  }
  return kept;
}

/** Twice the area of the triangle a, b, c: positive where it turns left. */
function turn(points: Points2D, a: number, b: number, c: number): number {
  const [ax, ay] = [points[2 * a], points[2 * a + 1]];
  return (points[2 * b] - ax) * (points[2 * c + 1] - ay) - (points[2 * b + 1] - ay) * (points[2 * c] - ax);
}

/** The outermost voxels of each row of a slice, `[i, j, …]`: all that its hull can touch. */
export function rowEnds(mask: Uint8Array, [nx, ny]: Vec3, k: number): number[] {
  const ends: number[] = [];
  for (let j = 0; j < ny; j++) {
    const base = nx * (j + ny * k);
    let first = 0;
    while (first < nx && mask[base + first] === 0) first++;
    if (first === nx) continue;
    let last = nx - 1;
    while (mask[base + last] === 0) last--;
    ends.push(first, j);
    if (last !== first) ends.push(last, j);
  }
  return ends;
}

/**
 * The filled convex hull of each slice k of a mask: 1 at every voxel whose centre lies in, or on the edge of,
 * the hull of the slice's voxel centres.
 */
export function hullBySlice(mask: Uint8Array, size: Vec3): Uint8Array<ArrayBuffer> {
  const filled = new Uint8Array(mask.length);
  for (let k = 0; k < size[2]; k++) {
    const corners = convexHull(rowEnds(mask, size, k));
    fillConvex(filled, size, k, corners);
  }
  return filled;
}

function fillConvex(filled: Uint8Array, [nx, ny]: Vec3, k: number, corners: readonly number[]): void {
  const n = corners.length / 2;
  const left = new Float64Array(ny).fill(Infinity);
  const right = new Float64Array(ny).fill(-Infinity);
  for (let c = 0; c < n; c++) {
    const d = (c + 1) % n;
    const [x0, y0, x1, y1] = [corners[2 * c], corners[2 * c + 1], corners[2 * d], corners[2 * d + 1]];
    for (let y = Math.min(y0, y1); y <= Math.max(y0, y1); y++) {
      // Multiplied before divided, so that a crossing at a whole number is one.
      const x = y0 === y1 ? x0 : x0 + ((x1 - x0) * (y - y0)) / (y1 - y0);
      left[y] = Math.min(left[y], y0 === y1 ? Math.min(x0, x1) : x);
      right[y] = Math.max(right[y], y0 === y1 ? Math.max(x0, x1) : x);
    }
  }
  for (let y = 0; y < ny; y++)
    if (left[y] <= right[y]) {
      const row = nx * (y + ny * k);
      filled.fill(1, row + Math.ceil(left[y]), row + Math.floor(right[y]) + 1);
    }
}
