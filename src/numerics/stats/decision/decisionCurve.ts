import { random } from "../../../base/random.ts";
import type { Interval } from "../auc/delong.ts";
import { percentileInterval } from "../resampling/bca.ts";
import { type BootstrapOptions, checkReplicates } from "../resampling/bootstrap.ts";
import { netBenefit, netBenefitOfAll } from "./netBenefit.ts";

/** A point of a decision curve; net benefit is in true positives per case. */
export interface DecisionPoint {
  /** Threshold probability. */
  readonly threshold: number;
  readonly netBenefit: number;
  /** Pointwise percentile interval. */
  readonly ci: Interval;
  /** Net benefit of treating everybody; of nobody it is 0. */
  readonly all: number;
}

/** Options of the bootstrap; the intervals are percentile. */
export type DecisionCurveOptions = Omit<BootstrapOptions, "interval">;

/**
 * Decision curve with a bootstrap band (Vickers, Cronin, Elkin & Gonen, BMC Med Inform Decis Mak 2008;8:53). Cases are
 * drawn from the whole sample and not within classes: the prevalence is part of the net benefit's uncertainty.
 * @param labels 1 positive, 0 negative; one class alone is allowed
 * @param probabilities in [0, 1]
 * @param thresholds in (0, 1)
 * @throws as `netBenefit`; E_VALUE as `bootstrap`
 */
export function decisionCurve(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  thresholds: readonly number[],
  options: DecisionCurveOptions,
): DecisionPoint[] {
  const values = netBenefit(labels, probabilities, thresholds);
  const all = netBenefitOfAll(labels, thresholds);
  const [replicates] = netBenefitReplicates(labels, [probabilities], thresholds, options);
  return thresholds.map((threshold, t) => ({
    threshold,
    netBenefit: values[t],
    ci: percentileInterval(replicates[t], options.level),
    all: all[t],
  }));
}

/** A difference in net benefit at one threshold probability. */
export interface NetBenefitDifference {
  readonly threshold: number;
  /** Net benefit of the first less that of the second. */
  readonly difference: number;
  /** Pointwise percentile interval; both are drawn from the same cases. */
  readonly ci: Interval;
}

/** Differences in net benefit of two predictions of the same cases. @throws as `decisionCurve` */
export function netBenefitDifference(
  labels: ArrayLike<number>,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  thresholds: readonly number[],
  options: DecisionCurveOptions,
): NetBenefitDifference[] {
  const [first, second] = [a, b].map((column) => netBenefit(labels, column, thresholds));
  const [ra, rb] = netBenefitReplicates(labels, [a, b], thresholds, options);
  return thresholds.map((threshold, t) => ({
    threshold,
    difference: first[t] - second[t],
    ci: percentileInterval(
      ra[t].map((value, r) => value - rb[t][r]),
      options.level,
    ),
  }));
}

/** Net benefits of bootstrap samples, `[column][threshold][replicate]`: O(n + thresholds) a replicate. */
function netBenefitReplicates(
  labels: ArrayLike<number>,
  columns: readonly ArrayLike<number>[],
  thresholds: readonly number[],
  { seed, replicates = 2000 }: DecisionCurveOptions,
): Float64Array[][] {
  checkReplicates(replicates);
  const n = labels.length;
  const rising = thresholds.map((_, t) => t).sort((s, t) => thresholds[s] - thresholds[t]);
  // How many thresholds a case's probability reaches.
  const reached = columns.map((column) =>
    Uint32Array.from(labels, (_, i) => rising.filter((t) => column[i] >= thresholds[t]).length),
  );
  const values = columns.map(() => thresholds.map(() => new Float64Array(replicates)));
  const draw = random(seed);
  const counts = columns.map(() => new Float64Array(2 * (thresholds.length + 1)));
  for (let r = 0; r < replicates; r++) {
    for (const count of counts) count.fill(0);
    for (let k = 0; k < n; k++) {
      const i = draw.integer(n);
      counts.forEach((count, c) => {
        count[2 * reached[c][i] + labels[i]]++;
      });
    }
    counts.forEach((count, c) => {
      let tp = 0;
      let fp = 0;
      for (let reach = rising.length; reach > 0; reach--) {
        fp += count[2 * reach];
        tp += count[2 * reach + 1];
        const t = rising[reach - 1];
        values[c][t][r] = tp / n - (fp / n) * (thresholds[t] / (1 - thresholds[t]));
      }
    });
  }
  return values;
}
