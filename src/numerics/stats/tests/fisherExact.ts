import { TrinephronError } from "../../../base/errors.ts";
import { logGamma } from "../distributions/gamma.ts";

/**
 * Fisher's exact test of a 2 × 2 table [[a, b], [c, d]], two-sided: the summed probability of all tables of the same
 * margins no likelier than the one seen (within 1e-7, as R). Returns p; an empty margin yields 1.
 * @throws E_VALUE for counts that are negative or not whole
 */
export function fisherExact([[a, b], [c, d]]: readonly [
  readonly [number, number],
  readonly [number, number],
]): number {
  if ([a, b, c, d].some((n) => !Number.isInteger(n) || n < 0))
    throw new TrinephronError("E_VALUE", "a contingency table needs whole counts of at least 0");
  const row = a + b;
  const column = a + c;
  const total = a + b + c + d;
  const logProbability = (x: number) =>
    logChoose(row, x) + logChoose(total - row, column - x) - logChoose(total, column);
  const seen = logProbability(a) + 1e-7;
  let p = 0;
  for (let x = Math.max(0, column - (total - row)); x <= Math.min(row, column); x++) {
    const l = logProbability(x);
    if (l <= seen) p += Math.exp(l);
  }
  return Math.min(1, p);
}

const logChoose = (n: number, k: number) => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
