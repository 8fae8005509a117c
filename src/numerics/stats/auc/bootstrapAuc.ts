import { random } from "../../../base/random.ts";
import { classes } from "../classes.ts";
import { normalTwoSided } from "../distributions/normal.ts";
import { variance } from "../moments.ts";
import { bcaInterval, percentileInterval } from "../resampling/bca.ts";
import { type BootstrapOptions, checkReplicates } from "../resampling/bootstrap.ts";
import { auc } from "./auc.ts";
import type { Interval } from "./delong.ts";
import { placements } from "./placements.ts";

/**
 * AUCs of stratified bootstrap samples, one array a column; every column is drawn from the same cases.
 * Scores are ranked once, each sample is then counted: O(n) a replicate.
 * @param columns scores of the same cases, higher for positive
 * @throws E_LABEL, E_VALUE, E_ONE_CLASS as `classes`; E_VALUE as `bootstrap`
 */
export function aucReplicates(
  labels: ArrayLike<number>,
  columns: readonly ArrayLike<number>[],
  { seed, replicates = 2000 }: BootstrapOptions,
): Float64Array[] {
  const { positives, negatives } = classes(labels, ...columns);
  checkReplicates(replicates);
  const ranked = columns.map((scores) => {
    const sorted = Float64Array.from(scores).sort();
    const distinct = sorted.filter((score, k) => k === 0 || score !== sorted[k - 1]);
    const level = new Map(Array.from(distinct, (score, k) => [score, k]));
    return {
      levels: Uint32Array.from(labels, (_, i) => level.get(scores[i])!),
      positive: new Uint32Array(distinct.length),
      negative: new Uint32Array(distinct.length),
    };
  });
  const draw = random(seed);
  const values = columns.map(() => new Float64Array(replicates));
  for (let r = 0; r < replicates; r++) {
    for (const { positive, negative } of ranked) {
      positive.fill(0);
      negative.fill(0);
    }
    for (let k = 0; k < positives.length; k++) {
      const i = positives[draw.integer(positives.length)];
      for (const { levels, positive } of ranked) positive[levels[i]]++;
    }
    for (let k = 0; k < negatives.length; k++) {
      const i = negatives[draw.integer(negatives.length)];
      for (const { levels, negative } of ranked) negative[levels[i]]++;
    }
    ranked.forEach(({ positive, negative }, c) => {
      let below = 0;
      let won = 0;
      for (let k = 0; k < positive.length; k++) {
        won += positive[k] * (below + negative[k] / 2);
        below += negative[k];
      }
      values[c][r] = won / (positives.length * negatives.length);
    });
  }
  return values;
}

/**
 * Stratified bootstrap interval of an AUC, percentile or BCa (see `bootstrap`). Leaving out a case moves the AUC by
 * its placement, so BCa costs no further evaluations.
 * @throws as `aucReplicates`, `bcaInterval`; E_TOO_FEW for BCa with fewer than two cases of a class
 */
export function bootstrapAuc(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: BootstrapOptions,
): Interval {
  const [replicates] = aucReplicates(labels, [scores], options);
  return aucInterval(labels, scores, replicates, options);
}

/** The interval that `options` ask for, of replicates that are there. */
export function aucInterval(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  replicates: Float64Array,
  { level = 0.95, interval = "percentile" }: BootstrapOptions,
): Interval {
  if (interval === "percentile") return percentileInterval(replicates, level);
  const value = auc(labels, scores);
  const { positives, negatives } = placements(labels, scores);
  const influence = [positives, negatives].map((v) => v.map((placement) => placement - value));
  return bcaInterval(replicates, value, influence, level);
}

/** The difference of two AUCs of the same cases, by bootstrap. */
export interface BootstrapDifference {
  readonly difference: number;
  /** Percentile. */
  readonly ci: Interval;
  /** Standard deviation of the replicates. */
  readonly standardError: number;
  /** Difference over its standard error, as pROC's `roc.test(method = "bootstrap")`. */
  readonly z: number;
  /** Two-sided, normal. */
  readonly p: number;
}

/**
 * Comparison of two AUCs of the same cases from their replicates (`aucReplicates` of both columns at once).
 * @param difference of the two AUCs in the sample
 * @throws E_VALUE as `percentileInterval`; E_TOO_FEW for fewer than two replicates
 */
export function bootstrapDifference(
  difference: number,
  a: Float64Array,
  b: Float64Array,
  level = 0.95,
): BootstrapDifference {
  const differences = a.map((value, r) => value - b[r]);
  const standardError = Math.sqrt(variance(differences));
  const z = difference === 0 ? 0 : difference / standardError;
  return { difference, ci: percentileInterval(differences, level), standardError, z, p: normalTwoSided(z) };
}
