import type { Interval } from "../auc/delong.ts";
import { betaQuantile } from "../distributions/beta.ts";
import { checkLevel } from "../distributions/normal.ts";
import { checkCounts } from "./wilson.ts";

/**
 * The exact (Clopper–Pearson) interval of a proportion, Biometrika 1934;26:404, by beta quantiles.
 * Covers at least the level, mostly more; `wilson` is closer to it.
 * @throws as `wilson`
 */
export function clopperPearson(successes: number, trials: number, level = 0.95): Interval {
  checkCounts(successes, trials);
  checkLevel(level);
  const tail = (1 - level) / 2;
  return [
    successes === 0 ? 0 : betaQuantile(tail, successes, trials - successes + 1),
    successes === trials ? 1 : betaQuantile(1 - tail, successes + 1, trials - successes),
  ];
}
