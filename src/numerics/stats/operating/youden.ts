import { type OperatingPoint, operatingPoints } from "./operatingPoints.ts";

/** The operating point of the largest Youden index. */
export interface YoudenPoint extends OperatingPoint {
  /** Always finite. */
  readonly threshold: number;
  /** Sensitivity + specificity − 1. */
  readonly index: number;
}

/**
 * The threshold of the largest Youden index (Youden, Cancer 1950;3:32), halfway between the two scores it parts.
 * Of equal indices, the one whose sensitivity and specificity lie closest; then the more sensitive.
 * A constant score yields that score itself and index 0.
 * @throws E_LABEL, E_VALUE, E_ONE_CLASS as `classes`
 */
export function youden(labels: ArrayLike<number>, scores: ArrayLike<number>): YoudenPoint {
  const points = operatingPoints(labels, scores)
    .slice(1)
    .map((point) => ({ ...point, index: point.sensitivity + point.specificity - 1 }));
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
