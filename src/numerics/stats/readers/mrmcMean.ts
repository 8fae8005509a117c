import { TrinephronError } from "../../../base/errors.ts";
import { type AucCovarianceMethod, correlatedAucs } from "../auc/correlatedAucs.ts";
import type { Interval } from "../auc/delong.ts";
import { criticalValue } from "../distributions/normal.ts";
import { studentQuantile } from "../distributions/student.ts";
import { mean, variance } from "../moments.ts";

/** What the result is to hold for beyond the study: other readers and other cases, or one of the two. */
export type RandomFactors = "readers and cases" | "cases" | "readers";

/** How readers and cases are taken to vary. */
export interface MrmcOptions {
  /** Default `readers and cases`. */
  readonly random?: RandomFactors;
  /** Default `delong`. */
  readonly covariance?: AucCovarianceMethod;
  /** Confidence level, default 0.95. */
  readonly level?: number;
}

/** A mean over readers, with what its error was made of. */
export interface ReaderMean {
  readonly value: number;
  readonly error: number;
  /** Of Student's t; infinite where the readers are fixed. */
  readonly df: number;
  readonly ci: Interval;
  /** MS(R), between readers; NaN for one reader. */
  readonly meanSquare: number;
  /** Mean of the readers' variances over cases. */
  readonly variance: number;
  /** Mean covariance of two readers over cases; 0 for one reader. */
  readonly cov2: number;
}

/**
 * Mean AUC of the readers of one modality, all of whom read all cases (Obuchowski & Rockette's model for one
 * treatment, Hillis, Stat Med 2007;26:596, § 5.3, with his degrees of freedom). The interval is clipped to [0, 1].
 * @param readers one column of scores a reader, each in the order of `labels`
 * @throws E_TOO_FEW for fewer than two readers where they are random; and as `correlatedAucs`
 */
export function mrmcMean(
  labels: ArrayLike<number>,
  readers: readonly ArrayLike<number>[],
  options: MrmcOptions = {},
): ReaderMean {
  const { values, covariance } = correlatedAucs(labels, readers, options.covariance);
  return clipped(readerMean(values, covariance, options));
}

export const clipped = (m: ReaderMean): ReaderMean => ({
  ...m,
  ci: [Math.max(0, m.ci[0]), Math.min(1, m.ci[1])],
});

/**
 * Mean of one statistic of each reader, its error from the spread of readers and the covariance over cases:
 * random readers and cases, (MS(R) + r max(Cov₂, 0))/r; fixed readers, (Var + (r − 1) max(Cov₂, 0))/r; fixed cases,
 * MS(R)/r (Hillis 2007, § 5.3; Hillis, Stat Med 2014;33:330). The interval is not clipped.
 * @throws E_TOO_FEW for no reader, or for one where readers are random
 */
export function readerMean(
  values: ArrayLike<number>,
  covariance: readonly ArrayLike<number>[],
  { random = "readers and cases", level = 0.95 }: MrmcOptions = {},
): ReaderMean {
  const r = values.length;
  needReaders(r, random);
  const meanSquare = r > 1 ? variance(values) : Number.NaN;
  const diagonal = mean(covariance.map((row, j) => row[j]));
  const cov2 = r > 1 ? meanOffDiagonal(covariance) : 0;
  const shared = r * Math.max(cov2, 0);
  const scaled = {
    "readers and cases": { square: meanSquare + shared, df: ddf(meanSquare + shared, meanSquare, r - 1) },
    cases: { square: diagonal + (r - 1) * Math.max(cov2, 0), df: Infinity },
    readers: { square: meanSquare, df: r - 1 },
  }[random];
  const error = Math.sqrt(scaled.square / r);
  const value = mean(values);
  const half = criticalT(level, scaled.df) * error;
  return {
    value,
    error,
    df: scaled.df,
    ci: [value - half, value + half],
    meanSquare,
    variance: diagonal,
    cov2,
  };
}

/** @throws E_TOO_FEW */
export function needReaders(readers: number, random: RandomFactors): void {
  const least = random === "cases" ? 1 : 2;
  if (readers < least)
    throw new TrinephronError(
      "E_TOO_FEW",
      `${readers} reader(s)`,
      least === 2 ? "a sample of readers needs two or more; with one, take readers as fixed" : "",
    );
}

/** Hillis's denominator degrees of freedom, ddf_H: of a sum of a mean square and a covariance taken as known. */
export const ddf = (sum: number, meanSquare: number, df: number): number =>
  meanSquare > 0 ? (sum / meanSquare) ** 2 * df : Infinity;

/** Student's two-sided critical value; the normal's where df is beyond where they differ. */
export const criticalT = (level: number, df: number): number =>
  df > 1e9 ? criticalValue(level) : studentQuantile((1 + level) / 2, df);

function meanOffDiagonal(matrix: readonly ArrayLike<number>[]): number {
  const others = matrix.flatMap((row, i) => Array.from(row).filter((_, j) => j !== i));
  return mean(others);
}
