import { TrinephronError } from "../../../base/errors.ts";
import type { Interval } from "../auc/delong.ts";
import { criticalValue } from "../distributions/normal.ts";

/**
 * Wilson's score interval of a proportion, without continuity correction (Wilson, JASA 1927;22:209).
 * @param successes whole, 0 … trials
 * @throws E_TOO_FEW for no trials
 * @throws E_VALUE for counts that are not whole or not in range
 */
export function wilson(successes: number, trials: number, level = 0.95): Interval {
  checkCounts(successes, trials);
  const z = criticalValue(level);
  const p = successes / trials;
  const scale = 1 + (z * z) / trials;
  const center = (p + (z * z) / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((p * (1 - p)) / trials + (z * z) / (4 * trials * trials));
  return [successes === 0 ? 0 : center - half, successes === trials ? 1 : center + half];
}

/** What every interval of a proportion needs; throws as `wilson`. */
export function checkCounts(successes: number, trials: number): void {
  if (trials === 0) throw new TrinephronError("E_TOO_FEW", "a proportion of no cases");
  if (!Number.isInteger(successes) || !Number.isInteger(trials) || successes < 0 || successes > trials)
    throw new TrinephronError("E_VALUE", `${successes} of ${trials}: not a proportion of whole counts`);
}
