import { connectedComponents, type Vec3 } from "../../../numerics/volume/index.ts";
import { convexHull } from "../../../numerics/volume/shape/hull.ts";

/**
 * The convex hull of each axial slice of a mask, drawn so that every voxel its outline passes through is in it:
 * the hull of voxels, not of their centres. Draws as OpenCV's `fillConvexPoly` does, voxel for voxel.
 */
export function voxelHullBySlice(mask: Uint8Array, [nx, ny, nz]: Vec3): Uint8Array<ArrayBuffer> {
  const filled = new Uint8Array(mask.length);
  const area = nx * ny;
  for (let k = 0; k < nz; k++) {
    const slice = mask.subarray(k * area, (k + 1) * area);
    const ends: number[] = [];
    for (let j = 0; j < ny; j++) {
      let i = 0;
      while (i < nx && slice[i + nx * j] === 0) i++;
      if (i === nx) continue;
      let last = nx - 1;
      while (slice[last + nx * j] === 0) last--;
      ends.push(i, j, last, j);
    }
    fillHull(filled.subarray(k * area, (k + 1) * area), nx, convexHull(ends));
  }
  return filled;
}

/** The union of the {@link voxelHullBySlice hulls} of each 8-connected piece of one slice. */
export function pieceHulls(slice: Uint8Array, nx: number, ny: number): Uint8Array<ArrayBuffer> {
  const { labels, sizes } = connectedComponents(slice, [nx, ny, 1]);
  const ends: number[][] = sizes.map(() => []);
  const first = new Int32Array(sizes.length);
  const last = new Int32Array(sizes.length);
  for (let j = 0; j < ny; j++) {
    const found: number[] = [];
    for (let i = 0; i < nx; i++) {
      const piece = labels[i + nx * j] - 1;
      if (piece < 0) continue;
      if (!found.includes(piece)) {
        found.push(piece);
        first[piece] = i;
      }
      last[piece] = i;
    }
    for (const piece of found) ends[piece].push(first[piece], j, last[piece], j);
  }
  const union = new Uint8Array(slice.length);
  for (const points of ends) fillHull(union, nx, convexHull(points));
  return union;
}

function fillHull(slice: Uint8Array, nx: number, corners: readonly number[]): void {
  if (corners.length === 0) return;
  const n = corners.length / 2;
  const rows = corners.filter((_, c) => c % 2 === 1);
  const [low, high] = [Math.min(...rows), Math.max(...rows)];
  const left = new Float64Array(high - low + 1).fill(Infinity);
  const right = new Float64Array(high - low + 1).fill(-Infinity);
  const widen = (x: number, y: number) => {
    left[y - low] = Math.min(left[y - low], x);
    right[y - low] = Math.max(right[y - low], x);
  };
  for (let c = 0; c < n; c++) {
    const d = (c + 1) % n;
    const [x0, y0, x1, y1] = [corners[2 * c], corners[2 * c + 1], corners[2 * d], corners[2 * d + 1]];
    widen(x0, y0);
    drawLine(x0, y0, x1, y1, widen);
    for (let y = Math.min(y0, y1); y0 !== y1 && y <= Math.max(y0, y1); y++)
      widen(Math.floor(x0 + ((x1 - x0) * (y - y0)) / (y1 - y0) + 0.5), y);
  }
  for (let y = low; y <= high; y++) slice.fill(1, y * nx + left[y - low], y * nx + right[y - low] + 1);
}

/** Bresenham's line from the end with less x, as OpenCV walks it. */
function drawLine(
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  plot: (x: number, y: number) => void,
): void {
  let [x, y] = x0 <= x1 ? [x0, y0] : [x1, y1];
  const down = x0 <= x1 ? Math.sign(y1 - y0) : Math.sign(y0 - y1);
  const [dx, dy] = [Math.abs(x1 - x0), Math.abs(y1 - y0)];
  const [long, short] = dx >= dy ? [dx, dy] : [dy, dx];
  let error = long - 2 * short;
  for (let step = 0; step <= long; step++) {
    plot(x, y);
    const both = error < 0;
    error += both ? 2 * (long - short) : -2 * short;
    if (dx >= dy || both) x++;
    if (dx < dy || both) y += down;
  }
}
