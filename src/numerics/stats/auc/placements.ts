import { TrinephronError } from "../../../base/errors.ts";
import { classes, pick } from "../classes.ts";

/** Placement values: each case's share of the area under the ROC curve. */
export interface Placements {
  /** Of each positive case: the fraction of negatives it outscores, ties ½. */
  readonly positives: Float64Array;
  /** Of each negative case: the fraction of positives that outscore it, ties ½. */
  readonly negatives: Float64Array;
}

/**
 * Placement values (DeLong, DeLong & Clarke-Pearson, Biometrics 1988;44:837, there "structural components"), in the
 * order of `classes`. Each class is sorted once and searched by the other: O(n log n).
 * @param labels 1 positive, 0 negative; higher scores mean positive
 * @throws E_LABEL, E_VALUE, E_ONE_CLASS as `classes`
 * @throws E_TOO_FEW with fewer than two cases of a class: placements serve variances
 */
export function placements(labels: ArrayLike<number>, scores: ArrayLike<number>): Placements {
  const split = classes(labels, scores);
  if (split.positives.length < 2 || split.negatives.length < 2)
    throw new TrinephronError(
      "E_TOO_FEW",
      `${split.positives.length} positive and ${split.negatives.length} negative cases`,
      "the variance of an AUC needs two or more of each",
    );
  const positives = pick(scores, split.positives);
  const negatives = pick(scores, split.negatives);
  const sortedPositives = positives.slice().sort();
  const sortedNegatives = negatives.slice().sort();
  return {
    positives: positives.map((score) => fractionBelow(sortedNegatives, score)),
    negatives: negatives.map((score) => 1 - fractionBelow(sortedPositives, score)),
  };
}

/** Fraction of sorted values below `x`, equal ones counted ½. */
function fractionBelow(sorted: Float64Array, x: number): number {
  return (firstNotBelow(sorted, x) + firstAbove(sorted, x)) / (2 * sorted.length);
}

function firstNotBelow(sorted: Float64Array, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

function firstAbove(sorted: Float64Array, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}
