import { TrinephronError } from "../errors.ts";
import { random } from "../random.ts";
import { classes } from "./classes.ts";
import type { Interval } from "./delong.ts";
import { checkLevel } from "./normal.ts";
import { quantile } from "./quantile.ts";

export interface BootstrapOptions {
  readonly seed: number;
  /** Default 2000. */
  readonly replicates?: number;
  /** Confidence level, default 0.95. */
  readonly level?: number;
}

/**
 * Stratified percentile bootstrap (Efron & Tibshirani 1993, ch. 13): cases are drawn with replacement within
 * each class, so that every replicate has the sample's class counts, as in pROC's default.
 * @param statistic of the cases at these indices; the same buffer is passed each time
 * @returns the percentile interval of the statistic
 * @throws E_LABEL, E_ONE_CLASS as `classes`
 * @throws E_VALUE for fewer than one replicate, a level outside (0, 1) or a statistic that is not finite
 */
export function bootstrap(
  labels: ArrayLike<number>,
  statistic: (indices: Uint32Array) => number,
  { seed, replicates = 2000, level = 0.95 }: BootstrapOptions,
): Interval {
  const { positives, negatives } = classes(labels);
  if (!Number.isInteger(replicates) || replicates < 1)
    throw new TrinephronError("E_VALUE", `${replicates} replicates: not a whole number of at least 1`);
  checkLevel(level);
  const draw = random(seed);
  const indices = new Uint32Array(labels.length);
  const values = new Float64Array(replicates);
  for (let r = 0; r < replicates; r++) {
    let k = 0;
    for (const stratum of [positives, negatives])
      for (let i = 0; i < stratum.length; i++) indices[k++] = stratum[draw.integer(stratum.length)];
    values[r] = statistic(indices);
  }
  const tail = (1 - level) / 2;
  return [quantile(values, tail), quantile(values, 1 - tail)];
}
