import { TrinephronError } from "../../../base/errors.ts";
import { classes } from "../classes.ts";
import { logisticFit } from "../regression/logisticFit.ts";
import { sigmoid } from "../regression/logit.ts";

/** probability = 1 / (1 + exp(−(intercept + slope · score))) */
export interface Platt {
  readonly intercept: number;
  readonly slope: number;
}

/**
 * Platt scaling: a logistic regression on the score, whose targets are drawn in from 1 and 0 to (P + 1)/(P + 2) and
 * 1/(N + 2), P and N the classes' sizes, so that separable scores have a finite answer
 * (Platt, Advances in Large Margin Classifiers 1999).
 * Fit it in other cases than those it is judged in.
 * @param scores on any scale
 * @throws E_LABEL, E_VALUE, E_ONE_CLASS as `classes`; E_VALUE where the scores are all equal
 */
export function platt(labels: ArrayLike<number>, scores: ArrayLike<number>): Platt {
  const { positives, negatives } = classes(labels, scores);
  const targets = [1 / (negatives.length + 2), (positives.length + 1) / (positives.length + 2)];
  // Scores of another scale, such as Hounsfield units, would make Newton's steps ill-conditioned.
  const x = Float64Array.from(scores);
  const [low, high] = x.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [x[0], x[0]]);
  if (low === high) throw new TrinephronError("E_VALUE", "Platt scaling of scores that are all equal");
  const scaled = x.map((v) => (v - low) / (high - low));
  const { coefficients } = logisticFit(
    [scaled.map(() => 1), scaled],
    Float64Array.from(labels, (label) => targets[label]),
  );
  const slope = coefficients[1] / (high - low);
  return { intercept: coefficients[0] - slope * low, slope };
}

/** Probability of a score. */
export const plattProbability = ({ intercept, slope }: Platt, score: number): number =>
  sigmoid(intercept + slope * score);
