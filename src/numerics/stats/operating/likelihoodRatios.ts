import type { Interval } from "../auc/delong.ts";
import { criticalValue } from "../distributions/normal.ts";
import type { Confusion } from "./confusion.ts";

/** A likelihood ratio with its interval. */
export interface LikelihoodRatio {
  /** ∞ where only the denominator is nought; null where both are, or a class has no case. */
  readonly value: number | null;
  /** Null where a count that the interval divides by is nought. */
  readonly ci: Interval | null;
}

/**
 * Likelihood ratios of a positive and of a negative answer: sensitivity / (1 − specificity) and
 * (1 − sensitivity) / specificity, with intervals on the log scale (Simel, Samsa & Matchar, J Clin Epidemiol
 * 1991;44:763).
 * @param confusion of `confusion`
 */
export function likelihoodRatios(
  confusion: Confusion,
  level = 0.95,
): { readonly positive: LikelihoodRatio; readonly negative: LikelihoodRatio } {
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = confusion;
  const diseased = truePositives + falseNegatives;
  const healthy = trueNegatives + falsePositives;
  return {
    positive: ratio(truePositives, diseased, falsePositives, healthy, level),
    negative: ratio(falseNegatives, diseased, trueNegatives, healthy, level),
  };
}

function ratio(above: number, ofAbove: number, below: number, ofBelow: number, level: number) {
  const reach = criticalValue(level);
  if (ofAbove === 0 || ofBelow === 0 || (above === 0 && below === 0)) return { value: null, ci: null };
  const value = above / ofAbove / (below / ofBelow);
  if (above === 0 || below === 0) return { value, ci: null };
  const factor = Math.exp(reach * Math.sqrt(1 / above - 1 / ofAbove + 1 / below - 1 / ofBelow));
  return { value, ci: [value / factor, value * factor] as const };
}
