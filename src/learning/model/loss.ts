import {
  add,
  constant,
  div,
  exp,
  mean,
  mul,
  neg,
  type ParameterSource,
  sigmoid,
  softplus,
  sub,
  sum,
  type Tensor,
  vector,
} from "../../numerics/graph/index.ts";

/** How the tasks' losses are added. */
export type TaskWeighting =
  /** Σ ωₖ Lₖ with these ωₖ, one a task. */
  | { readonly kind: "fixed"; readonly weights: readonly number[] }
  /** Σ exp(−φₖ) Lₖ + φₖ / 2 with learnt φₖ (Kendall et al. 2018). */
  | { readonly kind: "uncertainty" };

/**
 * Binary cross-entropy of each task: a weighted sum over cases.
 * @param logits `[N, T]`
 * @param labels `[N, T]`, 0 or 1; anything finite where unknown
 * @param weights `[N, T]`, as {@link caseWeights} gives them: each task's sum to 1 over the whole batch
 * @returns `[T]`; 0 for a task that no case is labelled for
 */
export function binaryCrossEntropy(logits: Tensor, labels: Tensor, weights: Tensor): Tensor {
  return sum(mul(sub(softplus(logits), mul(logits, labels)), weights), [0]);
}

/**
 * Weights under which a batch's loss is the sum of its cases': each task's weighted mean over its labelled cases.
 * @param weights `[N, T]`, 0 where the label is unknown, else the case's class weight
 */
export function caseWeights(weights: Float32Array, tasks: number): Float32Array {
  const totals = new Float64Array(tasks);
  for (let i = 0; i < weights.length; i++) totals[i % tasks] += weights[i];
  return weights.map((weight, i) => (weight > 0 ? weight / totals[i % tasks] : 0));
}

/**
 * One loss from all tasks'.
 * @param losses `[T]`
 * @param share of the batch that they are of: what depends on the parameters alone counts that much
 * @returns `[]`
 */
export function combine(
  losses: Tensor,
  weighting: TaskWeighting,
  source: ParameterSource,
  share: number,
): Tensor {
  const [tasks] = losses.shape;
  if (weighting.kind === "uncertainty") {
    const phi = source(vector("loss.logVariance", tasks, 0));
    return sum(add(mul(exp(neg(phi)), losses), mul(phi, 0.5 * share)));
  }
  if (weighting.weights.length !== tasks)
    throw new RangeError(`${weighting.weights.length} weights for ${tasks} tasks`);
  return sum(mul(losses, constant(Float32Array.from(weighting.weights), [tasks])));
}

/**
 * How far outlines are from masks: cross-entropy by voxel, and 1 − Dice by structure (Milletari et al., 3DV 2016), which
 * a small tumour's voxels are not lost in; both averaged over structures.
 * @param logits `[1, R, d, d, d]`
 * @param masks occupancies `[1, R, d, d, d]`, 0…1
 * @returns `[]`
 */
export function outlineLoss(logits: Tensor, masks: Tensor): Tensor {
  const crossEntropy = mean(sub(softplus(logits), mul(logits, masks)));
  return add(crossEntropy, sub(1, mean(dice(sigmoid(logits), masks))));
}

/** Dice of soft outlines, 1 where both are empty. @param drawn and masks `[N, R, d, d, d]`, 0…1 @returns `[N, R]` */
export function dice(drawn: Tensor, masks: Tensor): Tensor {
  const space = [2, 3, 4];
  const common = sum(mul(drawn, masks), space);
  const both = add(sum(drawn, space), sum(masks, space));
  return div(add(mul(common, 2), 1), add(both, 1));
}
