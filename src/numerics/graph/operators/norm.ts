import { add, div, expand, mul, relu, reshape, sqrt, sub, sum, sumOfSquares } from "../primitives.ts";
import type { Tensor } from "../tensor.ts";

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
  const each = channels / groups;
  const voxels = each * sides.reduce((product, side) => product * side, 1);
  const byChannel = [n, channels, 1, 1, 1];
  // Of each channel's group, once a channel.
  const pooled = (sums: Tensor): Tensor => {
    if (each === 1) return sums;
    const group = sum(reshape(sums, [n, groups, each]), [2], true);
    return reshape(expand(group, [n, groups, each]), byChannel);
  };
  const mean = mul(pooled(sum(x, [2, 3, 4], true)), 1 / voxels);
  const meanOfSquares = mul(pooled(sumOfSquares(x, [2, 3, 4], true)), 1 / voxels);
  // Rounding can take a constant group's variance below zero.
  const variance = relu(sub(meanOfSquares, mul(mean, mean)));
  const gain = div(reshape(scale, [1, channels, 1, 1, 1]), sqrt(add(variance, epsilon)));
  const offset = sub(reshape(shift, [1, channels, 1, 1, 1]), mul(mean, gain));
  return add(mul(x, gain), offset);
}
