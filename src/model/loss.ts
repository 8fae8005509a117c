import {
  add,
  constant,
  div,
  exp,
  maximum,
  mul,
  neg,
  type ParameterSource,
  softplus,
  sub,
  sum,
  type Tensor,
  vector,
} from "../graph/index.ts";

/** How the tasks' losses are added. */
export type TaskWeighting =
  /** Σ ωₖ Lₖ with these ωₖ, one a task. */
  | { readonly kind: "fixed"; readonly weights: readonly number[] }
  /** Σ exp(−φₖ) Lₖ + φₖ / 2 with learnt φₖ (Kendall et al. 2018). */
  | { readonly kind: "uncertainty" };

/**
 * Binary cross-entropy of each task: mean over its labelled cases, weighted.
 * @param logits `[N, T]`
 * @param labels `[N, T]`, 0 or 1; anything finite where unknown
 * @param weights `[N, T]`, 0 where the label is unknown, else the case's class weight
 * @returns `[T]`; 0 for a task that no case of the batch is labelled for
 */
export function binaryCrossEntropy(logits: Tensor, labels: Tensor, weights: Tensor): Tensor {
  const each = sub(softplus(logits), mul(logits, labels));
  return div(sum(mul(each, weights), [0]), maximum(sum(weights, [0]), 1e-6));
}

/** One loss from all tasks'. @param losses `[T]` @returns `[]` */
export function combine(losses: Tensor, weighting: TaskWeighting, source: ParameterSource): Tensor {
  const [tasks] = losses.shape;
  if (weighting.kind === "uncertainty") {
    const phi = source(vector("loss.logVariance", tasks, 0));
    return sum(add(mul(exp(neg(phi)), losses), mul(phi, 0.5)));
  }
  if (weighting.weights.length !== tasks)
    throw new RangeError(`${weighting.weights.length} weights for ${tasks} tasks`);
  return sum(mul(losses, constant(Float32Array.from(weighting.weights), [tasks])));
}
