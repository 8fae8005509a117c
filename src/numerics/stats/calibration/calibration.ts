import { TrinephronError } from "../../../base/errors.ts";
import { classes, pick } from "../classes.ts";
import { type Estimate, wald } from "../proportions/wald.ts";
import { logisticFit } from "../regression/logisticFit.ts";
import { logits } from "../regression/logit.ts";

/**
 * Calibration-in-the-large: the intercept of a logistic regression on the predicted logits with slope 1 (Cox,
 * Biometrika 1958;45:562; Van Calster et al., BMC Med 2019;17:230). 0 is ideal; above, risks are predicted too low.
 * @param labels 1 positive, 0 negative
 * @param probabilities inside (0, 1)
 * @throws E_LABEL, E_ONE_CLASS as `classes`; E_VALUE for a probability of 0, 1 or outside
 */
export function calibrationInTheLarge(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  level = 0.95,
): Estimate {
  classes(labels, probabilities);
  const offset = logits(probabilities);
  const { coefficients, covariance } = logisticFit([offset.map(() => 1)], labels, { offset });
  return wald(coefficients[0], covariance[0][0], level);
}

/**
 * Calibration slope: that of a logistic regression on the predicted logits (sources as `calibrationInTheLarge`).
 * 1 is ideal; below, the predictions are too extreme, as after overfitting.
 * @throws as `calibrationInTheLarge`; E_VALUE where the probabilities do not vary, or where they separate the classes
 * completely and the slope has no finite estimate
 */
export function calibrationSlope(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  level = 0.95,
): Estimate {
  const x = logits(probabilities);
  mustOverlap(labels, x);
  const { coefficients, covariance } = logisticFit([x.map(() => 1), x], labels);
  return wald(coefficients[1], covariance[1][1], level);
}

/**
 * Refuses a score for which a logistic regression has no finite slope.
 * @throws E_LABEL, E_VALUE, E_ONE_CLASS as `classes`; E_VALUE where the score is constant or separates the classes
 */
export function mustOverlap(labels: ArrayLike<number>, scores: ArrayLike<number>): void {
  const split = classes(labels, scores);
  const positives = pick(scores, split.positives).sort();
  const negatives = pick(scores, split.negatives).sort();
  const [leastPositive, mostPositive] = [positives[0], positives[positives.length - 1]];
  const [leastNegative, mostNegative] = [negatives[0], negatives[negatives.length - 1]];
  if (leastPositive < mostNegative && leastNegative < mostPositive) return;
  const constant = leastPositive === mostNegative && leastNegative === mostPositive;
  throw new TrinephronError(
    "E_VALUE",
    constant
      ? "the predictions are all equal: they have no calibration slope"
      : "the predictions separate the classes completely: the calibration slope has no finite estimate",
  );
}
