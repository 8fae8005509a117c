import { TrinephronError } from "../../../base/errors.ts";
import { random } from "../../../base/random.ts";
import type { Interval } from "../auc/delong.ts";
import { type Classes, classes } from "../classes.ts";
import { checkLevel } from "../distributions/normal.ts";
import { bcaInterval, percentileInterval } from "./bca.ts";

/** How bootstrap samples are drawn and made an interval. */
export interface BootstrapOptions {
  readonly seed: number;
  /** Default 2000. */
  readonly replicates?: number;
  /** Confidence level, default 0.95. */
  readonly level?: number;
  /** Default `percentile`; `bca` corrects for bias and skewness, at the cost of n more evaluations. */
  readonly interval?: "percentile" | "bca";
}

/**
 * Stratified bootstrap interval of any statistic (Efron & Tibshirani 1993, ch. 13–14): cases are drawn with
 * replacement within each class, so that every replicate has the sample's class counts, as in pROC's default.
 * @param statistic of the cases at these indices; the same buffer is passed each time
 * @throws E_LABEL, E_ONE_CLASS as `classes`
 * @throws E_VALUE for fewer than one replicate, a level outside (0, 1), a statistic that is not finite, and as
 * `bcaInterval`; E_TOO_FEW for BCa with fewer than two cases of a class
 */
export function bootstrap(
  labels: ArrayLike<number>,
  statistic: (indices: Uint32Array) => number,
  { seed, replicates = 2000, level = 0.95, interval = "percentile" }: BootstrapOptions,
): Interval {
  const split = classes(labels);
  checkReplicates(replicates);
  checkLevel(level);
  const draw = random(seed);
  const indices = new Uint32Array(labels.length);
  const values = new Float64Array(replicates);
  for (let r = 0; r < replicates; r++) {
    let k = 0;
    for (const stratum of [split.positives, split.negatives])
      for (let i = 0; i < stratum.length; i++) indices[k++] = stratum[draw.integer(stratum.length)];
    values[r] = statistic(indices);
  }
  if (interval === "percentile") return percentileInterval(values, level);
  const value = statistic(Uint32Array.from(labels, (_, i) => i));
  return bcaInterval(values, value, jackknife(split, statistic, value), level);
}

/** Each case's influence: (class size − 1) · (value − value without the case). */
function jackknife(
  { positives, negatives }: Classes,
  statistic: (indices: Uint32Array) => number,
  value: number,
): Float64Array[] {
  const without = (stratum: Uint32Array, other: Uint32Array, i: number) => {
    const rest = new Uint32Array(stratum.length - 1 + other.length);
    rest.set(stratum.subarray(0, i));
    rest.set(stratum.subarray(i + 1), i);
    rest.set(other, stratum.length - 1);
    return rest;
  };
  return [
    [positives, negatives],
    [negatives, positives],
  ].map(([stratum, other]) => {
    if (stratum.length < 2)
      throw new TrinephronError("E_TOO_FEW", "a BCa interval needs two or more cases of each class");
    return Float64Array.from(
      stratum,
      (_, i) => (stratum.length - 1) * (value - statistic(without(stratum, other, i))),
    );
  });
}

/** @throws E_VALUE for a number of replicates that is not whole or below 1 */
export function checkReplicates(replicates: number): void {
  if (!Number.isInteger(replicates) || replicates < 1)
    throw new TrinephronError("E_VALUE", `${replicates} replicates: not a whole number of at least 1`);
}
