import {
  add,
  concat,
  div,
  log,
  mul,
  relu,
  reshape,
  slice,
  sqrt,
  sub,
  sum,
  type Tensor,
} from "../../numerics/graph/index.ts";

/** Keeps the logarithm of a flat region finite: 12 HU of the default window. */
const quiet = 0.05;

/**
 * First-order statistics of each channel within a region: mean, and ln(standard deviation + 0.05).
 * Voxels count by how much more than half of them the region fills, so that partial volume at its edge stays out.
 * Given as the first channel's and the steps from each channel to the next: over contrast phases, wash-in and wash-out.
 * Levels themselves are so alike from phase to phase that a network kept small by weight decay does not hear the steps.
 * @param image `[N, C, V, V, V]`
 * @param region `[N, 1, V, V, V]`, occupancy 0…1
 * @returns `[N, 2·C]`, all means before all deviations
 */
export function regionStatistics(image: Tensor, region: Tensor): Tensor {
  const [n, channels] = image.shape;
  const weights = relu(sub(mul(region, 2), 1));
  const total = add(sum(weights, [2, 3, 4]), 1e-3);
  const within = (x: Tensor) => div(sum(mul(x, weights), [2, 3, 4]), total);
  const mean = within(image);
  const centered = sub(image, reshape(mean, [n, channels, 1, 1, 1]));
  const variance = within(mul(centered, centered));
  return concat([steps(mean), steps(log(add(sqrt(add(variance, 1e-6)), quiet)))], 1);
}

/** One of {@link regionStatistics}' results. */
export interface RegionFeature {
  readonly statistic: "mean" | "ln deviation";
  /** From 1. */
  readonly channel: number;
  /** The channel from which it is the step; undefined for the first channel's own level. */
  readonly from?: number;
}

/** What {@link regionStatistics}' results are, in order. */
export const regionFeatures = (channels: number): RegionFeature[] =>
  (["mean", "ln deviation"] as const).flatMap((statistic) => [
    { statistic, channel: 1 },
    ...Array.from({ length: channels - 1 }, (_, c) => ({ statistic, channel: c + 2, from: c + 1 })),
  ]);

/** The first channel, and each other's difference from the one before. @param x `[N, C]` */
function steps(x: Tensor): Tensor {
  const channels = x.shape[1];
  if (channels === 1) return x;
  return concat([slice(x, 1, 0, 1), sub(slice(x, 1, 1, channels), slice(x, 1, 0, channels - 1))], 1);
}
