import { studentTwoSided } from "../distributions/student.ts";
import { mean, variance } from "../moments.ts";

/**
 * Welch's t-test of two means, unequal variances (Welch, Biometrika 1947;34:28).
 * Two constant samples: t = 0 and p = 1 where they agree, t = ±∞ and p = 0 where they do not.
 * @throws E_TOO_FEW with fewer than two values in a sample
 */
export function welch(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): { readonly t: number; readonly df: number; readonly p: number } {
  const sa = variance(a) / a.length;
  const sb = variance(b) / b.length;
  const difference = mean(a) - mean(b);
  const t = difference === 0 ? 0 : difference / Math.sqrt(sa + sb);
  const df =
    sa + sb === 0
      ? a.length + b.length - 2
      : (sa + sb) ** 2 / (sa ** 2 / (a.length - 1) + sb ** 2 / (b.length - 1));
  return { t, df, p: studentTwoSided(t, df) };
}
