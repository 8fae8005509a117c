import {
  add,
  matmul,
  type ParameterSource,
  reshape,
  type Tensor,
  vector,
  weight,
} from "../../numerics/graph/index.ts";

/** Logits start near 0. */
const gain = 0.1;

/**
 * Logits of each voxel: a 1×1×1 convolution with a bias, as a product, since few outputs suit no blocked kernel.
 * @param x `[N, C, D, H, W]`
 * @returns `[N, outputs, D, H, W]`
 */
export function pointwise(x: Tensor, outputs: number, name: string, source: ParameterSource): Tensor {
  const [n, channels, ...sides] = x.shape;
  const weights = source(weight(`${name}.weight`, [outputs, channels], channels, gain));
  const voxels = sides.reduce((product, side) => product * side, 1);
  const rows = matmul(weights, reshape(x, [n, channels, voxels]));
  const bias = reshape(source(vector(`${name}.bias`, outputs, 0)), [1, outputs, 1, 1, 1]);
  return add(reshape(rows, [n, outputs, ...sides]), bias);
}
