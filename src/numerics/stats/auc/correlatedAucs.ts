import { TrinephronError } from "../../../base/errors.ts";
import { mean } from "../moments.ts";
import { type Placements, placements } from "./placements.ts";

/** Where the covariance comes from: DeLong's structural components, or leaving out one case at a time. */
export type AucCovarianceMethod = "delong" | "jackknife";

/** Areas of several sets of scores of the same cases. */
export interface CorrelatedAucs {
  readonly values: Float64Array;
  /** Symmetric, `[i][j]`. */
  readonly covariance: readonly Float64Array[];
}

/**
 * Empirical AUCs of the same cases and their covariance matrix.
 *
 * `delong`: DeLong, DeLong & Clarke-Pearson, Biometrics 1988;44:837. `jackknife`: leaving out one case of either
 * class at a time, (N − 1)/N Σ (A₋ₖ − Ā)(B₋ₖ − B̄) over all N cases (Hillis et al., Stat Med 2005;24:1579). An AUC
 * is the mean of its placements, so that without positive case i it is (m A − Vᵢ)/(m − 1), and the mean of all such
 * is A: the jackknife needs no second pass over the scores.
 * @param scores one column a rater, each in the order of `labels`
 * @throws E_LABEL, E_VALUE, E_ONE_CLASS, E_TOO_FEW as `delongAuc`; E_VALUE for columns of other lengths
 */
export function correlatedAucs(
  labels: ArrayLike<number>,
  scores: readonly ArrayLike<number>[],
  method: AucCovarianceMethod = "delong",
): CorrelatedAucs {
  const uneven = scores.find((column) => column.length !== labels.length);
  if (uneven) throw new TrinephronError("E_VALUE", `${uneven.length} scores of ${labels.length} cases`);
  const centered = scores.map((column) => center(placements(labels, column)));
  if (centered[0] && (centered[0].positives.length < 2 || centered[0].negatives.length < 2))
    throw new TrinephronError(
      "E_TOO_FEW",
      `${centered[0].positives.length} positive and ${centered[0].negatives.length} negative cases`,
      "covariances of AUCs need two or more of each",
    );
  const weight = weights(centered[0], method);
  const covariance = centered.map(() => new Float64Array(centered.length));
  for (let i = 0; i < centered.length; i++)
    for (let j = 0; j <= i; j++) {
      const value =
        weight.positive * dot(centered[i].positives, centered[j].positives) +
        weight.negative * dot(centered[i].negatives, centered[j].negatives);
      covariance[i][j] = value;
      covariance[j][i] = value;
    }
  return { values: Float64Array.from(centered, (c) => c.value), covariance };
}

interface Centered extends Placements {
  readonly value: number;
}

function center({ positives, negatives }: Placements): Centered {
  const value = mean(positives);
  return { value, positives: positives.map((v) => v - value), negatives: negatives.map((v) => v - value) };
}

/** What a class's sum of products of centred placements counts in the covariance. */
function weights(first: Centered | undefined, method: AucCovarianceMethod) {
  const m = first?.positives.length ?? 0;
  const n = first?.negatives.length ?? 0;
  const cases = m + n;
  const of = (k: number) => (method === "delong" ? 1 / (k * (k - 1)) : (cases - 1) / (cases * (k - 1) ** 2));
  return { positive: of(m), negative: of(n) };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
