import { TrinephronError } from "../../../base/errors.ts";
import { inverse, type Matrix, solve } from "./linear.ts";
import { sigmoid } from "./logit.ts";

/** A fitted logistic regression. */
export interface LogisticFit {
  /** One a column. */
  readonly coefficients: readonly number[];
  /** The coefficients' covariance: the inverse of the (penalised) information. */
  readonly covariance: Matrix;
}

/** Parts of the logit that are known, and penalties. */
export interface LogisticFitOptions {
  /** A known part of each case's logit, as R's `offset`. */
  readonly offset?: ArrayLike<number>;
  /** Of each column: penalty/2 · coefficient². Default none. */
  readonly penalties?: readonly number[];
}

/**
 * Logistic regression with standard errors, by Newton's method (iteratively reweighted least squares;
 * McCullagh & Nelder 1989, § 4.4). No constant is added: give a column of ones.
 * Where a column separates the classes, the likelihood has no maximum; the coefficients end at fitted probabilities
 * within 1e-12 of 0 and 1, with standard errors beyond all measure.
 * @param columns one an explanatory variable, each of one value a case
 * @param outcomes in [0, 1]; fractions are allowed
 * @throws E_TOO_FEW for no case; E_VALUE for values that are not finite, or columns that are linearly dependent
 */
export function logisticFit(
  columns: readonly ArrayLike<number>[],
  outcomes: ArrayLike<number>,
  { offset, penalties = columns.map(() => 0) }: LogisticFitOptions = {},
): LogisticFit {
  const n = outcomes.length;
  if (n === 0) throw new TrinephronError("E_TOO_FEW", "logistic regression of no case");
  for (const column of offset ? [...columns, offset] : columns) checkColumn(column, n);
  const beta = columns.map(() => 0);
  for (let iteration = 0; iteration < 100; iteration++) {
    const { gradient, information } = derivatives(columns, outcomes, beta, offset, penalties);
    const step = solve(information, gradient);
    if (!step.every(Number.isFinite)) throw dependent();
    // A Newton step on nearly separable data can overshoot.
    const scale = Math.min(1, 5 / Math.max(...step.map(Math.abs), 1e-300));
    step.forEach((s, j) => {
      beta[j] += scale * s;
    });
    if (step.every((s) => Math.abs(s) < 1e-10)) break;
  }
  const covariance = inverse(derivatives(columns, outcomes, beta, offset, penalties).information);
  if (!covariance.flat().every(Number.isFinite)) throw dependent();
  return { coefficients: beta, covariance };
}

function derivatives(
  columns: readonly ArrayLike<number>[],
  outcomes: ArrayLike<number>,
  beta: readonly number[],
  offset: ArrayLike<number> | undefined,
  penalties: readonly number[],
) {
  const size = columns.length;
  const gradient = beta.map((b, j) => -penalties[j] * b);
  const information = beta.map((_, j) => beta.map((__, k) => (j === k ? penalties[j] : 0)));
  for (let i = 0; i < outcomes.length; i++) {
    let eta = offset ? offset[i] : 0;
    for (let j = 0; j < size; j++) eta += beta[j] * columns[j][i];
    const p = sigmoid(eta);
    const weight = Math.max(p * (1 - p), 1e-12);
    for (let j = 0; j < size; j++) {
      gradient[j] += (outcomes[i] - p) * columns[j][i];
      for (let k = 0; k <= j; k++) information[j][k] += weight * columns[j][i] * columns[k][i];
    }
  }
  for (let j = 0; j < size; j++) for (let k = j + 1; k < size; k++) information[j][k] = information[k][j];
  return { gradient, information };
}

function checkColumn(column: ArrayLike<number>, n: number): void {
  if (column.length !== n)
    throw new TrinephronError("E_VALUE", `logistic regression: ${column.length} values for ${n} cases`);
  for (let i = 0; i < n; i++)
    if (!Number.isFinite(column[i]))
      throw new TrinephronError("E_VALUE", "logistic regression of a value that is not finite");
}

const dependent = () =>
  new TrinephronError("E_VALUE", "logistic regression: a column is constant or follows from the others");
