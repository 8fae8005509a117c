import type { Vec3 } from "./index.ts";

/** Blurs in place by a Gaussian of `sigma` voxels along each axis; beyond an edge the outermost voxel is repeated. */
export function gaussianBlur(data: Float32Array, size: Vec3, sigma: Vec3): void {
  const [nx, ny, nz] = size;
  const strides = [1, nx, nx * ny];
  for (const axis of [0, 1, 2]) {
    const half = halfKernel(sigma[axis]);
    if (half.length === 1 || size[axis] === 1) continue;
    if (axis === 0) blurRows(data, nx, half);
    else {
      const slabs = axis === 1 ? nz : 1;
      const inner = strides[axis];
      for (let s = 0; s < slabs; s++) blurSlab(data, s * nx * ny, size[axis], inner, half);
    }
  }
}

/** The right half, centre first, of a normalised Gaussian kernel; `[1]` where it would not reach the next voxel. */
export function halfKernel(sigma: number): Float64Array {
  if (sigma < 0.2) return Float64Array.of(1);
  const radius = Math.ceil(2.5 * sigma);
  const half = Float64Array.from({ length: radius + 1 }, (_, t) => Math.exp((-t * t) / (2 * sigma * sigma)));
  const sum = half.reduce((a, b) => a + 2 * b, -half[0]);
  return half.map((w) => w / sum);
}

function blurRows(data: Float32Array, n: number, half: Float64Array): void {
  const r = half.length - 1;
  const padded = new Float64Array(n + 2 * r);
  for (let base = 0; base < data.length; base += n) {
    padded.fill(data[base], 0, r).fill(data[base + n - 1], n + r);
    for (let i = 0; i < n; i++) padded[i + r] = data[base + i];
    for (let i = 0; i < n; i++) {
      let sum = half[0] * padded[i + r];
      for (let t = 1; t <= r; t++) sum += half[t] * (padded[i + r - t] + padded[i + r + t]);
      data[base + i] = sum;
    }
  }
}

/** Whole rows at a time, so that memory is read in order; a ring of the last rows keeps the unblurred values. */
function blurSlab(data: Float32Array, base: number, n: number, inner: number, half: Float64Array): void {
  const r = half.length - 1;
  const ring = Array.from({ length: 2 * r + 1 }, () => new Float32Array(inner));
  const at = (m: number) => ring[(m + ring.length * (r + 1)) % ring.length];
  const load = (m: number) => {
    const row = base + Math.min(Math.max(m, 0), n - 1) * inner;
    at(m).set(data.subarray(row, row + inner));
  };
  const edge = data.slice(base, base + inner);
  for (let m = -r; m < 0; m++) at(m).set(edge);
  for (let m = 0; m < r; m++) load(m);
  for (let m = 0; m < n; m++) {
    // Rows beyond the edge repeat the last, which is overwritten only after its last use.
    if (m + r < n) load(m + r);
    else at(m + r).set(at(n - 1));
    const out = data.subarray(base + m * inner, base + (m + 1) * inner);
    const center = at(m);
    // Rounded as if stored between, so that the bits are those of a pass a tap.
    const [before, after, h, w] = [at(m - 1), at(m + 1), half[0], half[1]];
    for (let i = 0; i < inner; i++) out[i] = Math.fround(h * center[i]) + w * (before[i] + after[i]);
    for (let t = 2; t <= r; t++) {
      const [before, after, w] = [at(m - t), at(m + t), half[t]];
      for (let i = 0; i < inner; i++) out[i] += w * (before[i] + after[i]);
    }
  }
}
