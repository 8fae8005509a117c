import { roc } from "./roc.ts";

export interface YoudenPoint {
  /** A case is called positive where its score is at least this. Always finite. */
  readonly threshold: number;
  /** Sensitivity + specificity − 1. */
  readonly index: number;
  readonly sensitivity: number;
  readonly specificity: number;
}

/**
 * The threshold of the largest Youden index (Youden, Cancer 1950;3:32), halfway between the two scores it parts.
 * Of equal indices, the one whose sensitivity and specificity lie closest; then the more sensitive.
 * A constant score yields that score itself and index 0.
 * @throws E_LABEL, E_VALUE, E_ONE_CLASS as `classes`
 */
export function youden(labels: ArrayLike<number>, scores: ArrayLike<number>): YoudenPoint {
  const curve = roc(labels, scores).slice(1);
  const points = curve.map(({ threshold, truePositiveRate, falsePositiveRate }, k) => ({
    threshold: k + 1 < curve.length ? halfway(curve[k + 1].threshold, threshold) : threshold,
    index: truePositiveRate - falsePositiveRate,
    sensitivity: truePositiveRate,
    specificity: 1 - falsePositiveRate,
  }));
  const imbalance = (p: YoudenPoint) => Math.abs(p.sensitivity - p.specificity);
  // Rates of different denominators meet only up to rounding.
  const tolerance = 1e-12;
  return points.reduce((best, p) => {
    if (p.index > best.index + tolerance) return p;
    if (p.index < best.index - tolerance) return best;
    const gain = imbalance(best) - imbalance(p);
    return gain > tolerance || (gain > -tolerance && p.sensitivity > best.sensitivity) ? p : best;
  });
}

/** The middle, or `high` where no double lies between: `low` must stay below the threshold. */
function halfway(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle > low && middle <= high ? middle : high;
}
