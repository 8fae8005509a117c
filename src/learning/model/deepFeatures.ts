import {
  add,
  averagePool,
  concat,
  constant,
  div,
  mean,
  mul,
  sum,
  type Tensor,
} from "../../numerics/graph/index.ts";

/** Without masks the tumour is looked for around the cube's centre: σ of a Gaussian, share of the edge. */
const reach = 1 / 8;

/**
 * Means of every stage's channels over the cube and over the tumour. The first stages tell enhancement and texture, the
 * last ones shape and surroundings; a mean over the cube alone drowns a small tumour.
 * @param stages `[N, C, d, d, d]` each
 * @param tumor its occupancy `[N, 1, V, V, V]`, 0…1; undefined where no mask tells
 * @returns `[N, 2 · ΣC]`
 */
export function deepFeatures(stages: readonly Tensor[], tumor: Tensor | undefined): Tensor {
  return concat(
    stages.flatMap((stage) => {
      const side = stage.shape[2];
      const weights = tumor ? averagePool(tumor, tumor.shape[2] / side) : middle(side);
      const within = sum(mul(stage, weights), [2, 3, 4]);
      // A tumour that the cube misses counts as nothing, not as noise.
      return [mean(stage, [2, 3, 4]), div(within, add(sum(weights, [2, 3, 4]), 1e-2))];
    }),
    1,
  );
}

/** `[1, 1, side, side, side]`: a Gaussian around the middle. */
function middle(side: number): Tensor {
  const along = Array.from({ length: side }, (_, i) =>
    Math.exp(-(((i + 0.5) / side - 0.5) ** 2) / (2 * reach ** 2)),
  );
  const values = along.flatMap((a) => along.flatMap((b) => along.map((c) => a * b * c)));
  return constant(Float32Array.from(values), [1, 1, side, side, side]);
}
