import { roc } from "../auc/roc.ts";

/** A threshold, and what it yields. */
export interface OperatingPoint {
  /** A case is called positive where its score is at least this. */
  readonly threshold: number;
  readonly sensitivity: number;
  readonly specificity: number;
}

/**
 * Every operating point of a score, thresholds falling, each halfway between the two scores it parts: from +∞, where
 * nobody is called positive, to the lowest score, where everybody is.
 * @throws E_LABEL, E_VALUE, E_ONE_CLASS as `classes`
 */
export function operatingPoints(labels: ArrayLike<number>, scores: ArrayLike<number>): OperatingPoint[] {
  const curve = roc(labels, scores);
  return curve.map(({ threshold, truePositiveRate, falsePositiveRate }, k) => ({
    threshold: k > 0 && k + 1 < curve.length ? halfway(curve[k + 1].threshold, threshold) : threshold,
    sensitivity: truePositiveRate,
    specificity: 1 - falsePositiveRate,
  }));
}

/** The middle, or `high` where no double lies between: `low` must stay below the threshold. */
function halfway(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle > low && middle <= high ? middle : high;
}
