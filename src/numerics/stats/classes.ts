import { TrinephronError } from "../../base/errors.ts";

/** The indices of the cases of each class. */
export interface Classes {
  readonly positives: Uint32Array;
  readonly negatives: Uint32Array;
}

/**
 * Splits cases by label, after checking what every statistic of a binary answer needs.
 * @param labels 1 positive, 0 negative
 * @param scores one or more columns of the same length, finite
 * @throws E_LABEL for a label other than 0 and 1
 * @throws E_VALUE for a score that is not finite, or columns of unequal length
 * @throws E_ONE_CLASS where a class is empty
 */
export function classes(labels: ArrayLike<number>, ...scores: readonly ArrayLike<number>[]): Classes {
  const positives: number[] = [];
  const negatives: number[] = [];
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === 1) positives.push(i);
    else if (labels[i] === 0) negatives.push(i);
    else throw new TrinephronError("E_LABEL", `label ${labels[i]} at index ${i}: neither 0 nor 1`);
  }
  for (const column of scores) checkScores(column, labels.length);
  if (positives.length === 0 || negatives.length === 0)
    throw new TrinephronError(
      "E_ONE_CLASS",
      `${positives.length} positive and ${negatives.length} negative cases`,
      "a comparison of classes needs cases of both",
    );
  return { positives: Uint32Array.from(positives), negatives: Uint32Array.from(negatives) };
}

/** @throws E_VALUE where a score is not finite or the length is not `n` */
export function checkScores(scores: ArrayLike<number>, n: number): void {
  if (scores.length !== n)
    throw new TrinephronError("E_VALUE", `${scores.length} scores for ${n} labels`, "give one score a case");
  for (let i = 0; i < n; i++)
    if (!Number.isFinite(scores[i]))
      throw new TrinephronError("E_VALUE", `score ${scores[i]} at index ${i}: not a finite number`);
}

/** The elements of `values` at `indices`. A plain loop, for bootstraps take most of their time here. */
export function pick(values: ArrayLike<number>, indices: ArrayLike<number>): Float64Array {
  const picked = new Float64Array(indices.length);
  for (let i = 0; i < picked.length; i++) picked[i] = values[indices[i]];
  return picked;
}
