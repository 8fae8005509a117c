import { add, div, mul, relu, reshape, sqrt, sub, sum, sumOfSquares } from "./primitives.ts";
import type { Tensor } from "./tensor.ts";

/**
 * Group normalisation (Wu & He 2018): each sample's groups of channels brought to mean 0 and variance 1,
 * then scaled and shifted by channel. One group a channel is instance normalisation.
 * Written as one multiplication and one addition a voxel, so that its gradient is as cheap.
 * @param x `[N, C, D, H, W]`
 * @param scale `[C]`
 * @param shift `[C]`
 */
export function groupNorm(x: Tensor, scale: Tensor, shift: Tensor, groups: number, epsilon = 1e-5): Tensor {
  const [n, channels, ...sides] = x.shape;
  if (channels % groups !== 0) throw new RangeError(`${groups} groups of ${channels} channels`);
  const voxels = sides.reduce((product, side) => product * side, 1);
  const each = channels / groups;
  const grouped = reshape(x, [n, groups, each * voxels]);
  const mean = mul(sum(grouped, [2], true), 1 / (each * voxels));
  const meanOfSquares = mul(sumOfSquares(grouped, [2], true), 1 / (each * voxels));
  // Rounding can take a constant group's variance below zero.
  const variance = relu(sub(meanOfSquares, mul(mean, mean)));
  const gain = div(reshape(scale, [1, groups, each]), sqrt(add(variance, epsilon)));
  const offset = sub(reshape(shift, [1, groups, each]), mul(mean, gain));
  const flat = reshape(x, [n, channels, voxels]);
  const y = add(mul(flat, reshape(gain, [n, channels, 1])), reshape(offset, [n, channels, 1]));
  return reshape(y, x.shape);
}
