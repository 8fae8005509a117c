/** The weights of one axis: output `m` is the sum of `weights[m · width + t] · input[first[m] + t]`. */
export interface Taps {
  readonly first: Int32Array;
  readonly width: number;
  readonly weights: Float64Array;
  /** 1 where the output lies within the input's voxels. */
  readonly inside: Uint8Array;
}

/** How far, in voxels, a position may lie outside the outermost voxel centres: half a voxel, as in ITK. */
const reach = 0.5 + 1e-6;

/** Whether a fractional index lies within the `n` voxels of an axis. */
export const within = (x: number, n: number): boolean => x >= -reach && x <= n - 1 + reach;

/**
 * Standard deviation, voxels, of the Gaussian that makes voxels stand for the width of `step` voxels
 * (point spread functions of both FWHM; Cardoso et al., MICCAI 2015, LNCS 9350:81). 0 up to a step of 1.5.
 */
export const antialiasSigma = (step: number): number =>
  step > 1.5 ? Math.sqrt(step * step - 1) / (2 * Math.sqrt(2 * Math.LN2)) : 0;

/** Weights of a Gaussian from `-radius` to `radius` = ⌈3σ⌉, summing to 1. */
function gaussian(sigma: number): Float64Array {
  const radius = Math.ceil(3 * sigma);
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, t) =>
    sigma === 0 ? 1 : Math.exp(-((t - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((w) => w / sum);
}

/**
 * Linear interpolation at `start + m · step` (input voxels) for `m` in [0, count), of an input of `n` voxels
 * blurred by a Gaussian of `sigma` voxels, the outermost voxel repeated beyond the edge.
 */
export function linearTaps(n: number, start: number, step: number, count: number, sigma: number): Taps {
  const kernel = gaussian(sigma);
  const radius = (kernel.length - 1) / 2;
  const width = kernel.length + 1;
  const first = new Int32Array(count);
  const weights = new Float64Array(count * width);
  const inside = new Uint8Array(count);
  for (let m = 0; m < count; m++) {
    const x = start + m * step;
    inside[m] = within(x, n) ? 1 : 0;
    const clamped = Math.min(Math.max(x, 0), n - 1);
    const low = Math.floor(clamped);
    const upper = clamped - low;
    first[m] = Math.min(Math.max(low - radius, 0), Math.max(n - width, 0));
    const add = (at: number, weight: number) => {
      if (weight !== 0) weights[m * width + Math.min(Math.max(at, 0), n - 1) - first[m]] += weight;
    };
    for (let t = -radius; t <= radius; t++) {
      add(low + t, kernel[t + radius] * (1 - upper));
      add(low + 1 + t, kernel[t + radius] * upper);
    }
  }
  return { first, width, weights, inside };
}

/**
 * Applies taps along the middle axis of `[outer, n, inner]` (inner fastest): the weighted sum of whole rows,
 * or, where inner is 1, of neighbouring voxels. The result is `[outer, count, inner]`.
 */
export function applyTaps(
  input: Float32Array,
  outer: number,
  n: number,
  inner: number,
  { first, width, weights }: Taps,
): Float32Array<ArrayBuffer> {
  const count = first.length;
  const output = new Float32Array(outer * count * inner);
  for (let o = 0; o < outer; o++)
    for (let m = 0; m < count; m++) {
      const to = (o * count + m) * inner;
      const from = (o * n + first[m]) * inner;
      if (inner === 1) {
        let sum = 0;
        for (let t = 0; t < width; t++) {
          const weight = weights[m * width + t];
          if (weight !== 0) sum += weight * input[from + t];
        }
        output[to] = sum;
        continue;
      }
      for (let t = 0; t < width; t++) {
        const weight = weights[m * width + t];
        if (weight === 0) continue;
        const row = from + t * inner;
        for (let i = 0; i < inner; i++) output[to + i] += weight * input[row + i];
      }
    }
  return output;
}
