import { add, averagePool, type ParameterSource, type Tensor, upsample } from "../../numerics/graph/index.ts";
import { pointwise } from "./pointwise.ts";

/** What is outlined, in order: the kidney with its tumours and cysts, and the tumours. */
export const outlined = ["kidney", "tumor"] as const;

/**
 * Segmentation branch: a 1×1×1 convolution of every stage, each coarse one brought to the next finer grid and added
 * there (the sum of a feature pyramid, Lin et al., CVPR 2017; without its convolutions after).
 * @param stages `[N, C, d, d, d]` each, the finest first
 * @returns logits of {@link outlined} on the finest stage's grid, `[N, 2, d, d, d]`
 */
export function outlines(stages: readonly Tensor[], source: ParameterSource): Tensor {
  const logits = stages.map((stage, s) =>
    pointwise(stage, outlined.length, `outlines.stage${s + 1}`, source),
  );
  return logits.reduceRight((coarse, fine) => add(fine, upsample(coarse, fine.shape[2] / coarse.shape[2])));
}

/** The masks of a crop on the grid of {@link outlines}. @param masks `[N, 2, V, V, V]`, 0…1 */
export const masksAt = (masks: Tensor, side: number): Tensor => averagePool(masks, masks.shape[2] / side);
