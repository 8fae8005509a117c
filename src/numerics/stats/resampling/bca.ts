import { TrinephronError } from "../../../base/errors.ts";
import type { Interval } from "../auc/delong.ts";
import { checkLevel, normalCdf, normalQuantile } from "../distributions/normal.ts";
import { quantile } from "../quantile.ts";

/** The percentile interval of bootstrap replicates. @throws E_VALUE for a level outside (0, 1); as `quantile` */
export function percentileInterval(replicates: ArrayLike<number>, level = 0.95): Interval {
  checkLevel(level);
  return [quantile(replicates, (1 - level) / 2), quantile(replicates, (1 + level) / 2)];
}

/**
 * Bias-corrected and accelerated bootstrap interval (Efron, JASA 1987;82:171), acceleration of several samples by
 * Davison & Hinkley 1997, eq. 5.26. Replicates equal to the value count half below it, so that a statistic that
 * never varies has the interval [value, value].
 * @param value of the statistic in the sample
 * @param influence of each case on the statistic (jackknife), one array a stratum
 * @throws E_VALUE as `percentileInterval`, and where all replicates lie on one side of the value
 */
export function bcaInterval(
  replicates: ArrayLike<number>,
  value: number,
  influence: readonly ArrayLike<number>[],
  level = 0.95,
): Interval {
  checkLevel(level);
  let below = 0;
  for (let r = 0; r < replicates.length; r++)
    below += replicates[r] < value ? 1 : replicates[r] === value ? 0.5 : 0;
  const bias = normalQuantile(below / replicates.length);
  if (!Number.isFinite(bias))
    throw new TrinephronError(
      "E_VALUE",
      `all ${replicates.length} bootstrap replicates lie on one side of ${value}: no BCa interval`,
      "take the percentile interval, or more replicates",
    );
  const a = acceleration(influence);
  const at = (p: number) => {
    const shifted = bias + normalQuantile(p);
    return quantile(replicates, normalCdf(bias + shifted / (1 - a * shifted)));
  };
  return [at((1 - level) / 2), at((1 + level) / 2)];
}

function acceleration(influence: readonly ArrayLike<number>[]): number {
  let cubes = 0;
  let squares = 0;
  for (const stratum of influence)
    for (let i = 0; i < stratum.length; i++) {
      const share = stratum[i] / stratum.length;
      cubes += share ** 3;
      squares += share ** 2;
    }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}
