import { TrinephronError } from "../../../base/errors.ts";
import type { Counts } from "../tests/chiSquare.ts";

/** Disagreement of categories i and j: 1 for any two, |i − j|, or (i − j)². */
export type KappaWeights = "none" | "linear" | "quadratic";

/** Disagreement of categories i and j of k, in [0, 1]. */
const disagreement: Readonly<Record<KappaWeights, (i: number, j: number, k: number) => number>> = {
  none: (i, j) => (i === j ? 0 : 1),
  linear: (i, j, k) => Math.abs(i - j) / (k - 1),
  quadratic: (i, j, k) => ((i - j) / (k - 1)) ** 2,
};

/**
 * Cohen's kappa of two raters, plain or weighted for ordered categories
 * (Cohen, Educ Psychol Meas 1960;20:37; Psychol Bull 1968;70:213).
 * @param table counts, square: `table[i][j]` cases in category i by the first rater and j by the second
 * @param weights a name, or a matrix of disagreements, 0 on the diagonal
 * @throws E_VALUE for a table that is not square or has fewer than two categories
 * @throws E_TOO_FEW for no cases
 * @throws E_ONE_CLASS where both raters used one and the same category only
 */
export function kappa(
  table: Counts,
  weights: KappaWeights | readonly (readonly number[])[] = "none",
): number {
  const k = table.length;
  if (k < 2 || table.some((row) => row.length !== k))
    throw new TrinephronError("E_VALUE", "kappa needs a square table of two or more categories");
  const total = table.flat().reduce((s, n) => s + n, 0);
  if (total === 0) throw new TrinephronError("E_TOO_FEW", "kappa of no cases");
  const rows = table.map((row) => row.reduce((s, n) => s + n, 0));
  const columns = table.map((_, j) => table.reduce((s, row) => s + row[j], 0));
  const weight = disagreements(weights, k);
  let observed = 0;
  let expected = 0;
  for (let i = 0; i < k; i++)
    for (let j = 0; j < k; j++) {
      observed += (weight(i, j) * table[i][j]) / total;
      expected += (weight(i, j) * rows[i] * columns[j]) / total ** 2;
    }
  if (expected === 0)
    throw new TrinephronError("E_ONE_CLASS", "kappa where both raters used a single category");
  return 1 - observed / expected;
}

/** The disagreement of categories i and j of k under named weights or a matrix of them. */
export const disagreements =
  (weights: KappaWeights | readonly (readonly number[])[], k: number) =>
  (i: number, j: number): number =>
    typeof weights === "string" ? disagreement[weights](i, j, k) : weights[i][j];

/** Counts how two raters' categories meet, for `kappa`. @throws E_VALUE for a category that is not listed */
export function crossTable<T>(
  first: readonly T[],
  second: readonly T[],
  categories: readonly T[],
): number[][] {
  const table = categories.map(() => categories.map(() => 0));
  first.forEach((category, n) => {
    const i = categories.indexOf(category);
    const j = categories.indexOf(second[n]);
    if (i < 0 || j < 0)
      throw new TrinephronError("E_VALUE", `categories ${category}, ${second[n]} at index ${n}: not listed`);
    table[i][j]++;
  });
  return table;
}
