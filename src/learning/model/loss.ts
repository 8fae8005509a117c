import {
  add,
  constant,
  exp,
  mul,
  neg,
  type ParameterSource,
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
