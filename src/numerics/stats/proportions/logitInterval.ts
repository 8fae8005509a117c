import type { AucEstimate, Interval } from "../auc/delong.ts";
import { criticalValue } from "../distributions/normal.ts";
import { logit, sigmoid } from "../regression/logit.ts";

/**
 * Interval of an AUC on the logit scale (Pepe 2003, ch. 5): never outside (0, 1), and closer to its level than
 * the plain one where the AUC is near 1. No width at 0 and 1, as the plain one.
 * @param estimate of `delongAuc`
 */
export function logitInterval({ value, variance }: AucEstimate, level = 0.95): Interval {
  const reach = criticalValue(level);
  if (value <= 0 || value >= 1) return [value, value];
  const half = (reach * Math.sqrt(variance)) / (value * (1 - value));
  return [sigmoid(logit(value) - half), sigmoid(logit(value) + half)];
}
