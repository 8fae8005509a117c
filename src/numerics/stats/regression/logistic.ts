import { TrinephronError } from "../../../base/errors.ts";
import { logisticFit } from "./logisticFit.ts";
import { sigmoid } from "./logit.ts";

/** log(p / (1 − p)) = intercept + Σ slope · x */
export interface Logistic {
  readonly intercept: number;
  readonly slopes: readonly number[];
}

/**
 * Logistic regression with a constant (see `logisticFit`), and a ridge on the slopes so that separable data has an
 * answer.
 * @param rows one case each, all of one length
 * @param labels 0 or 1
 * @param ridge penalty ridge/2 · Σ slope²; 0 is plain maximum likelihood
 * @throws E_VALUE where a value is not finite, E_TOO_FEW where there is no case
 */
export function logistic(
  rows: readonly (readonly number[])[],
  labels: ArrayLike<number>,
  ridge = 1e-6,
): Logistic {
  if (rows.length === 0) throw new TrinephronError("E_TOO_FEW", "logistic regression of no case");
  const columns = rows[0].map((_, j) => Float64Array.from(rows, (row) => row[j]));
  const {
    coefficients: [intercept, ...slopes],
  } = logisticFit([rows.map(() => 1), ...columns], labels, { penalties: [0, ...columns.map(() => ridge)] });
  return { intercept, slopes };
}

/** Probability of a case. */
export const logisticProbability = ({ intercept, slopes }: Logistic, row: readonly number[]): number =>
  sigmoid(row.reduce((total, x, j) => total + x * slopes[j], intercept));
