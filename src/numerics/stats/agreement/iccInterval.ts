import type { Interval } from "../auc/delong.ts";
import { fQuantile } from "../distributions/fDistribution.ts";
import { checkLevel } from "../distributions/normal.ts";
import { type Icc, icc } from "./icc.ts";
import { twoWayMeanSquares } from "./twoWayMeanSquares.ts";

/**
 * Intervals of Shrout & Fleiss's six forms (Psychol Bull 1979;86:420, p. 424–426): exact by F for ICC(1) and ICC(3),
 * Satterthwaite's approximation for ICC(2). Normal ratings are assumed. Where raters agree without any error, both
 * ends are 1.
 * @throws as `icc`; E_VALUE for a level outside (0, 1)
 */
export function iccInterval(
  ratings: readonly ArrayLike<number>[],
  level = 0.95,
): Readonly<Record<keyof Icc, Interval>> {
  const values = icc(ratings);
  checkLevel(level);
  const n = ratings.length;
  const k = ratings[0].length;
  const upper = (1 + level) / 2;
  const { rows: subjects, columns: raters, residual: error } = twoWayMeanSquares(ratings);
  const within = (raters + (n - 1) * error) / n;
  const [one, meanOfOne] = byF(subjects / within, n - 1, n * (k - 1), k, upper);
  const [three, meanOfThree] = byF(subjects / error, n - 1, (n - 1) * (k - 1), k, upper);
  const two = agreement(values.icc21, { subjects, raters, error }, n, k, upper);
  const stepUp = (r: number) => (k * r) / (1 + (k - 1) * r);
  return {
    icc11: one,
    icc21: two,
    icc31: three,
    icc1k: meanOfOne,
    icc2k: [stepUp(two[0]), stepUp(two[1])],
    icc3k: meanOfThree,
  };
}

/** Intervals of one rating and of the mean of k, from an F ratio. */
function byF(f: number, df1: number, df2: number, k: number, upper: number): [Interval, Interval] {
  if (!Number.isFinite(f))
    return [
      [1, 1],
      [1, 1],
    ];
  const low = f / fQuantile(upper, df1, df2);
  const high = f * fQuantile(upper, df2, df1);
  const single = (ratio: number) => (ratio - 1) / (ratio + k - 1);
  return [
    [single(low), single(high)],
    [1 - 1 / low, 1 - 1 / high],
  ];
}

function agreement(
  value: number,
  { subjects, raters, error }: { subjects: number; raters: number; error: number },
  n: number,
  k: number,
  upper: number,
): Interval {
  if (error === 0 && raters === 0) return [1, 1];
  // McGraw & Wong's a and b times n (1 − ICC), which may be nought; the ratio below does not change.
  const a = k * value;
  const b = n * (1 - value) + k * value * (n - 1);
  const df =
    (a * raters + b * error) ** 2 / ((a * raters) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1)));
  const low = fQuantile(upper, n - 1, df);
  const high = fQuantile(upper, df, n - 1);
  const rest = k * raters + (k * n - k - n) * error;
  return [
    (n * (subjects - low * error)) / (low * rest + n * subjects),
    (n * (high * subjects - error)) / (rest + n * high * subjects),
  ];
}
