import { z } from "zod";
import { ledoitWolf, quantile } from "../../numerics/stats/index.ts";
import { inverse, type Matrix } from "../../numerics/stats/regression/linear.ts";

const numbers = z.array(z.number());

export const familiarityRecord = z.object({
  /** Of each feature, over the training cases. */
  mean: numbers,
  deviation: numbers,
  /** 1st and 99th percentile over the training cases. */
  low: numbers,
  high: numbers,
  /** Inverse covariance of the standardised features, row by row. */
  precision: z.array(numbers),
  /** Mahalanobis distances of the validation cases, ascending: cases the network was not fitted to. */
  distances: numbers,
});
/** What the development centre's cases look like to a model, without any one of them. */
export type FamiliarityRecord = z.infer<typeof familiarityRecord>;

/**
 * Mean, covariance (Ledoit & Wolf) and ranges of the training cases' features, and how far validation cases lie off.
 * @param training `[cases][F]`
 * @param validation `[cases][F]`
 */
export function familiarityOf(training: Matrix, validation: Matrix): FamiliarityRecord {
  const columns = training[0].map((_, f) => training.map((row) => row[f]));
  const mean = columns.map((column) => column.reduce((a, b) => a + b, 0) / column.length);
  const deviation = columns.map((column, f) =>
    Math.sqrt(Math.max(column.reduce((sum, x) => sum + (x - mean[f]) ** 2, 0) / column.length, 1e-12)),
  );
  const standardized = training.map((row) => row.map((x, f) => (x - mean[f]) / deviation[f]));
  const record = {
    mean,
    deviation,
    low: columns.map((column) => quantile(column, 0.01)),
    high: columns.map((column) => quantile(column, 0.99)),
    precision: inverse(ledoitWolf(standardized).covariance).map((row) => row.map(short)),
  };
  const distances = validation.map((row) => short(mahalanobis(row, record))).sort((a, b) => a - b);
  return { ...record, distances };
}

/** √(zᵀ P z) of the standardised features z (Mahalanobis 1936; on a network's features Lee et al., NeurIPS 2018). */
export function mahalanobis(
  features: readonly number[],
  { mean, deviation, precision }: Omit<FamiliarityRecord, "distances">,
): number {
  const z = features.map((x, f) => (x - mean[f]) / deviation[f]);
  const square = z.reduce(
    (sum, zi, i) => sum + zi * precision[i].reduce((inner, pij, j) => inner + pij * z[j], 0),
    0,
  );
  return Math.sqrt(Math.max(square, 0));
}

/** Six digits say all: the record stands in the model's file. */
const short = (x: number): number => Number(x.toPrecision(6));
