import { type Estimate, wald } from "../proportions/wald.ts";
import type { Counts } from "../tests/chiSquare.ts";
import { disagreements, type KappaWeights, kappa } from "./kappa.ts";

/**
 * Cohen's kappa, plain or weighted, with its large-sample standard error and interval (Fleiss, Cohen & Everitt,
 * Psychol Bull 1969;72:323), by the delta method over the table's multinomial counts. The interval is not clipped;
 * it has no width where the raters agree completely.
 * @param table, weights and errors as `kappa`
 */
export function kappaInterval(
  table: Counts,
  weights: KappaWeights | readonly (readonly number[])[] = "none",
  level = 0.95,
): Estimate {
  const value = kappa(table, weights);
  const weight = disagreements(weights, table.length);
  const total = table.flat().reduce((s, n) => s + n, 0);
  const rows = table.map((row) => row.reduce((s, n) => s + n, 0) / total);
  const columns = table.map((_, j) => table.reduce((s, row) => s + row[j], 0) / total);
  // Mean disagreement of each category with the other rater's margins.
  const ofRow = rows.map((_, i) => columns.reduce((s, c, j) => s + c * weight(i, j), 0));
  const ofColumn = columns.map((_, j) => rows.reduce((s, r, i) => s + r * weight(i, j), 0));
  const expected = rows.reduce((s, r, i) => s + r * ofRow[i], 0);
  let mean = 0;
  let square = 0;
  table.forEach((row, i) => {
    row.forEach((count, j) => {
      const gradient = -(weight(i, j) - (1 - value) * (ofRow[i] + ofColumn[j])) / expected;
      mean += (count / total) * gradient;
      square += (count / total) * gradient ** 2;
    });
  });
  return wald(value, Math.max(0, square - mean ** 2) / total, level);
}
