import { logistic, logisticProbability, youden } from "../../numerics/stats/index.ts";
import { mean, variance } from "../../numerics/stats/moments.ts";

/** A model without a network, fitted to the development centre alone: what a network must beat to matter. */
export interface Baseline<Input> {
  /** Probability of the positive class. */
  probability(input: Input): number;
  readonly threshold: number;
  /** How the threshold was chosen. */
  readonly chosen: string;
}

/**
 * Logistic regression on standardised columns, its threshold by Youden's index on the same cases.
 * @param rows a case each
 * @param labels 0 or 1, of the same cases
 * @param ridge penalty ridge/2 · Σ slope², the columns having standard deviation 1
 */
export function logisticBaseline(
  rows: readonly (readonly number[])[],
  labels: readonly (0 | 1)[],
  ridge: number,
): Baseline<readonly number[]> {
  const columns = rows[0].map((_, j) => rows.map((row) => row[j]));
  const centers = columns.map(mean);
  // A column that never changes says nothing.
  const scales = columns.map((column) => Math.sqrt(variance(column)) || 1);
  const standard = (row: readonly number[]) => row.map((x, j) => (x - centers[j]) / scales[j]);
  const model = logistic(rows.map(standard), labels, ridge);
  const probability = (row: readonly number[]) => logisticProbability(model, standard(row));
  return {
    probability,
    threshold: youden(labels, rows.map(probability)).threshold,
    chosen: `Youden's index on ${rows.length} cases of the development centre`,
  };
}
