import { criticalValue, normalTwoSided } from "../distributions/normal.ts";
import { studentQuantile, studentTwoSided } from "../distributions/student.ts";
import { mean, variance } from "../moments.ts";
import { type Placements, placements } from "./placements.ts";

/** A confidence interval. */
export type Interval = readonly [low: number, high: number];

/** An AUC with its variance and interval. */
export interface AucEstimate {
  readonly value: number;
  readonly variance: number;
  /** Normal interval on the plain scale, clipped to [0, 1]. */
  readonly ci: Interval;
}

/** The difference of two AUCs, with its test. */
export interface AucDifference {
  /** First AUC minus second. */
  readonly difference: number;
  readonly variance: number;
  readonly ci: Interval;
  /** ±∞ where the AUCs differ and the variance is nought (one curve perfect, the other flat); 0 where both are nought. */
  readonly z: number;
  /** Two-sided. */
  readonly p: number;
}

/**
 * AUC with DeLong's variance and confidence interval.
 *
 * Variance: DeLong, DeLong & Clarke-Pearson, Biometrics 1988;44:837, in O(n log n). The interval is that of R's
 * pROC: normal on the plain scale, clipped to [0, 1]; it has no width where the classes separate completely.
 * @param labels 1 positive, 0 negative
 * @param level confidence level, default 0.95
 * @throws E_LABEL, E_VALUE, E_ONE_CLASS as `classes`
 * @throws E_TOO_FEW with fewer than two cases of a class
 */
export function delongAuc(labels: ArrayLike<number>, scores: ArrayLike<number>, level = 0.95): AucEstimate {
  const v = placements(labels, scores);
  const value = mean(v.positives);
  const spread = varianceOfMean(v);
  const half = criticalValue(level) * Math.sqrt(spread);
  return { value, variance: spread, ci: [Math.max(0, value - half), Math.min(1, value + half)] };
}

/**
 * DeLong's test of two AUCs of the same cases (Biometrics 1988;44:837).
 * The variance is taken of the components' differences, which equals var a + var b − 2 cov and cannot turn
 * negative by rounding. The difference's interval is not clipped.
 * @throws as `delongAuc`
 */
export function delongPaired(
  labels: ArrayLike<number>,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  level = 0.95,
): AucDifference {
  const va = placements(labels, a);
  const vb = placements(labels, b);
  const d: Placements = {
    positives: va.positives.map((v, i) => v - vb.positives[i]),
    negatives: va.negatives.map((v, i) => v - vb.negatives[i]),
  };
  const difference = mean(va.positives) - mean(vb.positives);
  const spread = varianceOfMean(d);
  const error = Math.sqrt(spread);
  const z = difference === 0 ? 0 : difference / error;
  const half = criticalValue(level) * error;
  return {
    difference,
    variance: spread,
    ci: [difference - half, difference + half],
    z,
    p: normalTwoSided(z),
  };
}

/**
 * DeLong's test of two AUCs of different cases, e.g. of one model in two centres.
 * As in pROC: Student's t with Welch–Satterthwaite degrees of freedom over each sample's n − 1.
 * @throws as `delongAuc`
 */
export function delongUnpaired(
  labelsA: ArrayLike<number>,
  a: ArrayLike<number>,
  labelsB: ArrayLike<number>,
  b: ArrayLike<number>,
  level = 0.95,
): Omit<AucDifference, "z"> & { readonly t: number; readonly df: number } {
  const first = delongAuc(labelsA, a, level);
  const second = delongAuc(labelsB, b, level);
  const difference = first.value - second.value;
  const spread = first.variance + second.variance;
  const t = difference === 0 ? 0 : difference / Math.sqrt(spread);
  const df =
    spread === 0
      ? labelsA.length + labelsB.length - 2
      : spread ** 2 /
        (first.variance ** 2 / (labelsA.length - 1) + second.variance ** 2 / (labelsB.length - 1));
  const half = studentQuantile((1 + level) / 2, df) * Math.sqrt(spread);
  return {
    difference,
    variance: spread,
    ci: [difference - half, difference + half],
    t,
    df,
    p: studentTwoSided(t, df),
  };
}

export const varianceOfMean = (v: Placements) =>
  variance(v.positives) / v.positives.length + variance(v.negatives) / v.negatives.length;
