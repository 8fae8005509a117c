import type { Vec3 } from "../../../../numerics/volume/index.ts";

/** Where something that runs along the body lies in each slice, voxels. */
export interface SlicePath {
  readonly x: Int32Array;
  readonly y: Int32Array;
}

/**
 * The path through all slices, one voxel in each, of the highest sum of scores; from one slice to the next it moves by
 * at most `reach` voxels along x and y, which costs `cost` of its score (dynamic programming; Viterbi, IEEE Trans. Inf. Theory 1967;13:260).
 */
export function slicePath(scores: Float32Array, [nx, ny, nz]: Vec3, reach: number, cost: number): SlicePath {
  const area = nx * ny;
  const sums = scores.slice();
  const from = new Int32Array(scores.length);
  for (let k = 1; k < nz; k++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++) {
        let [best, at] = [-Infinity, 0];
        for (let v = Math.max(0, y - reach); v <= Math.min(ny - 1, y + reach); v++)
          for (let u = Math.max(0, x - reach); u <= Math.min(nx - 1, x + reach); u++) {
            const n = (k - 1) * area + v * nx + u;
            const sum = sums[n] - (u === x && v === y ? 0 : cost);
            if (sum > best) [best, at] = [sum, n];
          }
        const n = k * area + y * nx + x;
        sums[n] += best;
        from[n] = at;
      }
  const [xs, ys] = [new Int32Array(nz), new Int32Array(nz)];
  let n = (nz - 1) * area;
  for (let m = n; m < sums.length; m++) if (sums[m] > sums[n]) n = m;
  for (let k = nz - 1; k >= 0; k--) {
    xs[k] = n % nx;
    ys[k] = Math.floor((n % area) / nx);
    n = from[n];
  }
  return { x: xs, y: ys };
}
