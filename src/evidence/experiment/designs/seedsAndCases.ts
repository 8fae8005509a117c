import { auc, mrmc, mrmcMean } from "../../../numerics/stats/index.ts";
import type { Curve } from "../experimentResults.ts";

type Mean = Pick<Curve["auc"][number], "value" | "ci" | "df" | "bySeed">;
type Difference = Pick<Curve["differences"][number], "difference" | "ci" | "df" | "p" | "bySeed">;

/*
 * Seeds stand where readers do in Obuchowski & Rockette's model (Commun Stat Simul Comput 1995;24:285): each seed's
 * models answer every case, and seeds and cases are both a sample of those there might be. Student's t with Hillis's
 * degrees of freedom (Stat Med 2007;26:596) allows for how few the seeds are, as resampling three of them does not.
 */

/**
 * Mean AUC over the seeds, its interval over seeds and cases.
 * @param labels of the cases, 1 positive
 * @param bySeed `[seed]`: a column of scores in the order of `labels`
 * @throws as `mrmcMean`: E_TOO_FEW for one seed, or fewer than two cases of a class
 */
export function meanAuc(labels: ArrayLike<number>, bySeed: readonly ArrayLike<number>[]): Mean {
  const { value, ci, df } = mrmcMean(labels, bySeed);
  return {
    value,
    ci: [ci[0], ci[1]],
    df: finite(df),
    bySeed: bySeed.map((scores) => auc(labels, scores)),
  };
}

/**
 * Mean over the seeds of the AUC of `a` minus that of `b`, its interval and test over seeds and cases. The two models
 * of a seed are paired: they saw the same subset, and answer the same cases.
 * @param a `[seed]`, as `bySeed` of {@link meanAuc}; `b` likewise
 * @throws as `mrmc`
 */
export function meanDifference(
  labels: ArrayLike<number>,
  a: readonly ArrayLike<number>[],
  b: readonly ArrayLike<number>[],
): Difference {
  const {
    aucs: [ofA, ofB],
    differences: [{ value, ci, df, p }],
  } = mrmc(labels, [a, b]);
  return {
    difference: value,
    ci: [ci[0], ci[1]],
    df: finite(df),
    p: finite(p),
    bySeed: Array.from(ofA, (x, s) => x - ofB[s]),
  };
}

const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);
