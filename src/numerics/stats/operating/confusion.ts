import { TrinephronError } from "../../../base/errors.ts";
import { checkScores } from "../classes.ts";
import { wilson } from "../proportions/wilson.ts";

/** A fourfold table: counts of cases. */
export interface Confusion {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

/** A proportion with Wilson's 95 % interval; null where the denominator is nought. */
export interface Proportion {
  value: number | null;
  ci: [number, number] | null;
  numerator: number;
  denominator: number;
}

/** Sensitivity, specificity, positive and negative predictive value, and the share of right answers. */
export interface Operating {
  sensitivity: Proportion;
  specificity: Proportion;
  ppv: Proportion;
  npv: Proportion;
  accuracy: Proportion;
}

/**
 * The fourfold table of a score cut at a threshold: positive where score ≥ threshold.
 * @param labels 1 positive, 0 negative; one class alone is allowed
 * @throws E_LABEL for other labels
 * @throws E_VALUE for a score or threshold that is not finite
 */
export function confusion(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  threshold: number,
): Confusion {
  checkScores(scores, labels.length);
  if (!Number.isFinite(threshold))
    throw new TrinephronError("E_VALUE", `threshold ${threshold}: not a finite number`);
  const counts = { truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 };
  for (let i = 0; i < labels.length; i++) {
    const called = scores[i] >= threshold;
    if (labels[i] === 1) counts[called ? "truePositives" : "falseNegatives"]++;
    else if (labels[i] === 0) counts[called ? "falsePositives" : "trueNegatives"]++;
    else throw new TrinephronError("E_LABEL", `label ${labels[i]} at index ${i}: neither 0 nor 1`);
  }
  return counts;
}

/** Sensitivity, specificity, predictive values and accuracy of a fourfold table. */
export function operating(c: Confusion): Operating {
  return {
    sensitivity: proportion(c.truePositives, c.truePositives + c.falseNegatives),
    specificity: proportion(c.trueNegatives, c.trueNegatives + c.falsePositives),
    ppv: proportion(c.truePositives, c.truePositives + c.falsePositives),
    npv: proportion(c.trueNegatives, c.trueNegatives + c.falseNegatives),
    accuracy: proportion(
      c.truePositives + c.trueNegatives,
      c.truePositives + c.trueNegatives + c.falsePositives + c.falseNegatives,
    ),
  };
}

function proportion(numerator: number, denominator: number): Proportion {
  if (denominator === 0) return { value: null, ci: null, numerator, denominator };
  const [low, high] = wilson(numerator, denominator);
  return { value: numerator / denominator, ci: [low, high], numerator, denominator };
}
