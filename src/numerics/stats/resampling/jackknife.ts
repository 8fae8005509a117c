import { TrinephronError } from "../../../base/errors.ts";
import type { Interval } from "../auc/delong.ts";
import { checkLevel } from "../distributions/normal.ts";
import { studentQuantile } from "../distributions/student.ts";
import { variance } from "../moments.ts";

/**
 * Jackknife interval of a statistic of n cases: Student's t on n − 1 degrees of freedom around the statistic, with
 * the variance of the pseudovalues n T − (n − 1) T₋ᵢ over n (Efron & Tibshirani 1993, ch. 11; for measures of
 * concordance: Fleiss & Davies, Appl Stat 1982;31:17). Not clipped.
 * @param statistic of the cases at these indices
 * @throws E_TOO_FEW for fewer than three cases; E_VALUE for a level outside (0, 1)
 */
export function jackknife(
  n: number,
  statistic: (indices: readonly number[]) => number,
  level = 0.95,
): { readonly value: number; readonly error: number; readonly ci: Interval } {
  if (n < 3) throw new TrinephronError("E_TOO_FEW", `${n} cases`, "a jackknife needs three or more");
  checkLevel(level);
  const all = Array.from({ length: n }, (_, i) => i);
  const value = statistic(all);
  const pseudovalues = all.map((i) => n * value - (n - 1) * statistic(all.filter((k) => k !== i)));
  const error = Math.sqrt(variance(pseudovalues) / n);
  const half = studentQuantile((1 + level) / 2, n - 1) * error;
  return { value, error, ci: [value - half, value + half] };
}
