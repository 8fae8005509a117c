import { type Extent, voxelsOf } from "./tileModel.ts";

/** Every voxel of a tile counts alike. */
export const constantImportance = (patch: Extent): Float32Array => new Float32Array(voxelsOf(patch)).fill(1);

/**
 * nnU-Net's weights (`compute_gaussian`): SciPy's `gaussian_filter` of a point at ⌊p/2⌋ with σ = p/8, cut off at 4σ,
 * scaled to a maximum of 10 and kept in half precision, as nnU-Net does; zeros become the smallest weight.
 */
export function nnunetImportance(patch: Extent): Float32Array {
  const lines = patch.map((p) => {
    const sigma = p / 8;
    const reach = Math.floor(4 * sigma + 0.5);
    const center = Math.floor(p / 2);
    return line(p, (at) => (Math.abs(at - center) > reach ? 0 : gaussian(at - center, sigma)));
  });
  const half = Float32Array.from(new Float16Array(product(patch, lines, 10)));
  const least = half.reduce((min, weight) => (weight > 0 && weight < min ? weight : min), Infinity);
  return half.map((weight) => (weight === 0 ? least : weight));
}

/** MONAI's weights (`compute_importance_map`): centred at (p − 1)/2, σ = `sigmaScale` · p, no less than 1e-3. */
export function monaiImportance(patch: Extent, sigmaScale = 0.125): Float32Array {
  const lines = patch.map((p) => line(p, (at) => gaussian(at - (p - 1) / 2, sigmaScale * p)));
  const weights = Float32Array.from(product(patch, lines, 1));
  const floor = Math.max(
    weights.reduce((a, b) => Math.min(a, b)),
    1e-3,
  );
  return weights.map((weight) => Math.max(weight, floor));
}

/** 1 at its centre. */
const gaussian = (x: number, sigma: number) => Math.exp((-x * x) / (2 * sigma * sigma));

const line = (length: number, at: (index: number) => number) =>
  Float64Array.from({ length }, (_, n) => at(n));

function product(
  [depth, height, width]: Extent,
  lines: readonly Float64Array[],
  scale: number,
): Float64Array {
  const [z, y, x] = lines;
  const weights = new Float64Array(depth * height * width);
  for (let d = 0, n = 0; d < depth; d++)
    for (let h = 0; h < height; h++)
      for (let w = 0; w < width; w++) weights[n++] = scale * z[d] * y[h] * x[w];
  return weights;
}
