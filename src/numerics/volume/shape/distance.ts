import type { Vec3 } from "../volume.ts";

/** Lines read side by side: one cache line of Float32. */
const tile = 16;

/**
 * Exact Euclidean distance, mm, from every voxel's centre to the nearest voxel centre where `mask` is not 0:
 * 0 inside the mask, Infinity where the mask is empty. Exact up to Float32 rounding.
 * Lower envelopes of parabolas, one axis after another (Felzenszwalb, Huttenlocher, Theory Comput. 2012;8:415).
 *
 * @param spacing mm along i, j, k; axes taken as orthogonal
 */
export function distanceTransform(mask: Uint8Array, size: Vec3, spacing: Vec3): Float32Array<ArrayBuffer> {
  const [nx, ny, nz] = size;
  const squared = new Float32Array(mask.length);
  for (let row = 0; row < ny * nz; row++) alongRow(mask, squared, row * nx, nx, spacing[0]);
  const alongJ = envelopes(ny, nx, spacing[1]);
  for (let k = 0; k < nz; k++)
    for (let i = 0; i < nx; i += tile) alongJ(squared, k * nx * ny + i, Math.min(tile, nx - i));
  const alongK = envelopes(nz, nx * ny, spacing[2]);
  for (let ij = 0; ij < nx * ny; ij += tile) alongK(squared, ij, Math.min(tile, nx * ny - ij));
  for (let n = 0; n < squared.length; n++) squared[n] = Math.sqrt(squared[n]);
  return squared;
}

/** Squared distances within one row, by a sweep each way. */
function alongRow(mask: Uint8Array, squared: Float32Array, base: number, n: number, step: number): void {
  let steps = Infinity;
  for (let i = base; i < base + n; i++) {
    steps = mask[i] ? 0 : steps + 1;
    squared[i] = steps;
  }
  if (steps === Infinity) return;
  for (let i = base + n - 1; i >= base; i--) {
    steps = mask[i] ? 0 : steps + 1;
    const mm = step * Math.min(steps, squared[i]);
    squared[i] = mm * mm;
  }
}

/** A function that takes `width` neighbouring lines of `n` voxels, `stride` apart, to the next axis' squared distances. */
function envelopes(n: number, stride: number, step: number) {
  const lines = new Float64Array(tile * n);
  const vertex = new Int32Array(n);
  const from = new Float64Array(n + 1);

  const envelope = (line: Float64Array, squared: Float32Array, at: number) => {
    let last = -1;
    for (let q = 0; q < n; q++) {
      const height = line[q];
      if (height === Infinity) continue;
      const x = q * step;
      let crossing = -Infinity;
      while (last >= 0) {
        const v = vertex[last];
        crossing = (height + x * x - line[v] - v * step * v * step) / (2 * (x - v * step));
        if (crossing > from[last]) break;
        last--;
        crossing = -Infinity;
      }
      vertex[++last] = q;
      from[last] = crossing;
    }
    if (last < 0) return;
    from[last + 1] = Infinity;
    for (let q = 0, piece = 0; q < n; q++) {
      while (from[piece + 1] < q * step) piece++;
      const mm = (q - vertex[piece]) * step;
      squared[at + q * stride] = mm * mm + line[vertex[piece]];
    }
  };

  return (squared: Float32Array, at: number, width: number): void => {
    for (let q = 0; q < n; q++)
      for (let w = 0; w < width; w++) lines[w * n + q] = squared[at + q * stride + w];
    for (let w = 0; w < width; w++) envelope(lines.subarray(w * n, (w + 1) * n), squared, at + w);
  };
}
