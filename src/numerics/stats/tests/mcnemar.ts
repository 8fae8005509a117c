import { TrinephronError } from "../../../base/errors.ts";
import { betaCdf } from "../distributions/beta.ts";
import { chiSquareTail } from "./chiSquare.ts";

/** McNemar's test, in its usual forms; b and c are the discordant counts. */
export interface McNemar {
  /** Two-sided exact p: the discordant pairs as tosses of a fair coin; R's `binom.test(b, b + c)`. */
  readonly exact: number;
  /** (b − c)² / (b + c), without continuity correction. */
  readonly statistic: number;
  /** Two-sided asymptotic p of the statistic; R's `mcnemar.test(correct = FALSE)`. */
  readonly asymptotic: number;
  /** The same of (|b − c| − 1)² / (b + c); R's default. */
  readonly corrected: number;
}

/**
 * McNemar's test of two binary answers for the same cases (Psychometrika 1947;12:153), for instance the sensitivities
 * of two readers: of the diseased, how many did only one of them call.
 * Without discordant pairs every p is 1.
 * @param b cases that only the first called
 * @param c cases that only the second called
 * @throws E_VALUE for counts that are negative or not whole
 */
export function mcnemar(b: number, c: number): McNemar {
  if (![b, c].every((count) => Number.isInteger(count) && count >= 0))
    throw new TrinephronError("E_VALUE", `${b} and ${c} discordant pairs: not whole counts of at least 0`);
  if (b + c === 0) return { exact: 1, statistic: 0, asymptotic: 1, corrected: 1 };
  const less = Math.min(b, c);
  const statistic = (b - c) ** 2 / (b + c);
  return {
    // P(X ≤ less) of a binomial is an incomplete beta (DLMF 8.17.5).
    exact: Math.min(1, 2 * betaCdf(0.5, b + c - less, less + 1)),
    statistic,
    asymptotic: chiSquareTail(statistic, 1),
    corrected: b === c ? 1 : chiSquareTail((Math.abs(b - c) - 1) ** 2 / (b + c), 1),
  };
}
