import type { Matrix } from "./regression/linear.ts";

/** A covariance matrix that can be inverted even where there are fewer rows than columns. */
export interface ShrunkCovariance {
  readonly mean: readonly number[];
  readonly covariance: Matrix;
  /** 0 the sample's covariance, 1 the mean variance on the diagonal and nothing else. */
  readonly shrinkage: number;
}

/**
 * Covariance shrunk towards a multiple of the identity, as much as loses least in expectation
 * (Ledoit & Wolf, J Multivar Anal 2004;88:365).
 * @param rows observations, all of one length; at least two
 */
export function ledoitWolf(rows: Matrix): ShrunkCovariance {
  const [n, p] = [rows.length, rows[0].length];
  const mean = rows[0].map((_, f) => rows.reduce((sum, row) => sum + row[f], 0) / n);
  const centered = rows.map((row) => row.map((x, f) => x - mean[f]));
  const sample = mean.map((_, i) =>
    mean.map((__, j) => centered.reduce((sum, row) => sum + row[i] * row[j], 0) / n),
  );
  const variance = sample.reduce((sum, row, i) => sum + row[i], 0) / p;
  const norm = (m: Matrix) => m.reduce((sum, row) => sum + row.reduce((s, x) => s + x * x, 0), 0);
  const apart = norm(sample) - p * variance ** 2;
  // Σ over rows of ‖x xᵀ − S‖² = ‖x‖⁴ − 2 xᵀ S x + ‖S‖², and the middle terms sum to −2 n ‖S‖².
  const fourth = centered.reduce((sum, row) => sum + row.reduce((s, x) => s + x * x, 0) ** 2, 0);
  const noise = Math.min((fourth / n - norm(sample)) / n, apart);
  const shrinkage = apart > 0 ? noise / apart : 1;
  const covariance = sample.map((row, i) =>
    row.map((x, j) => (1 - shrinkage) * x + (i === j ? shrinkage * variance : 0)),
  );
  return { mean, covariance, shrinkage };
}
