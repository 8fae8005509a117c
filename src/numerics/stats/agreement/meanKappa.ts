import { TrinephronError } from "../../../base/errors.ts";
import { mean } from "../moments.ts";
import { crossTable, type KappaWeights, kappa } from "./kappa.ts";

/**
 * Mean of Cohen's kappa over all pairs of raters (Light, Psychol Bull 1971;76:365), plain or weighted.
 * @param ratings one row a rater, one column a subject
 * @throws E_TOO_FEW for fewer than two raters; and as `kappa` and `crossTable`
 */
export function meanKappa<T>(
  ratings: readonly (readonly T[])[],
  categories: readonly T[],
  weights: KappaWeights = "none",
): number {
  if (ratings.length < 2) throw new TrinephronError("E_TOO_FEW", `${ratings.length} rater(s)`);
  return mean(
    ratings.flatMap((a, i) => ratings.slice(i + 1).map((b) => kappa(crossTable(a, b, categories), weights))),
  );
}
