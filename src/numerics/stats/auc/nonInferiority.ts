import { TrinephronError } from "../../../base/errors.ts";
import { normalCdf } from "../distributions/normal.ts";
import { type AucDifference, delongPaired } from "./delong.ts";

/** The difference of two AUCs, tested against a margin. */
export interface NonInferiority extends Omit<AucDifference, "z" | "p"> {
  readonly margin: number;
  /** (difference + margin) / standard error; ±∞ where the variance is nought. */
  readonly z: number;
  /** One-sided: the chance of so high a difference where the first were worse by the margin. */
  readonly p: number;
}

/**
 * Non-inferiority of one AUC to another in the same cases, with DeLong's variance (Liu, Ma, Wu & Tai, Stat Med
 * 2006;25:1219, their non-parametric paired design). The first is not inferior at one-sided level α where p < α,
 * which is where the lower end of the two-sided 1 − 2α interval lies above −margin: p < 0.025 and 95 %.
 * @param labels 1 positive, 0 negative
 * @param a scores of the one that should not be inferior
 * @param b scores of the reference
 * @param margin fixed beforehand, in (0, 1)
 * @throws as `delongPaired`; E_VALUE for a margin outside (0, 1)
 */
export function nonInferiority(
  labels: ArrayLike<number>,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  margin: number,
  level = 0.95,
): NonInferiority {
  const { difference, variance, ci } = delongPaired(labels, a, b, level);
  return { difference, variance, ci, margin, ...marginTest(difference, Math.sqrt(variance), margin) };
}

/** One-sided test that a difference exceeds −margin. @throws E_VALUE for a margin outside (0, 1) */
export function marginTest(difference: number, standardError: number, margin: number) {
  if (!(margin > 0 && margin < 1))
    throw new TrinephronError("E_VALUE", `margin ${margin}: outside (0, 1)`, "give 0.05 for an AUC of 0.05");
  const distance = difference + margin;
  const z = distance === 0 ? 0 : distance / standardError;
  return { z, p: normalCdf(-z) };
}
