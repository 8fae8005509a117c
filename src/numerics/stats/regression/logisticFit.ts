import { TrinephronError } from "../../../base/errors.ts";
import { eliminate, inverse, type Matrix } from "./linear.ts";
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
  const size = columns.length;
  const cases = rowsOf(columns, n);
  const beta = new Float64Array(size);
  const newton = new Float64Array(size * (size + 1));
  for (let iteration = 0; iteration < 100; iteration++) {
    derivatives(newton, cases, outcomes, beta, offset, penalties);
    eliminate(newton, size, size + 1);
    let largest = 0;
    for (let j = 0; j < size; j++) {
      const step = newton[j * (size + 1) + size];
      if (!Number.isFinite(step)) throw dependent();
      largest = Math.max(largest, Math.abs(step));
    }
    // A Newton step on nearly separable data can overshoot.
    const scale = Math.min(1, 5 / Math.max(largest, 1e-300));
    for (let j = 0; j < size; j++) beta[j] += scale * newton[j * (size + 1) + size];
    if (largest < 1e-10) break;
  }
  derivatives(newton, cases, outcomes, beta, offset, penalties);
  const information = columns.map((_, j) => [...newton.subarray(j * (size + 1), j * (size + 1) + size)]);
  const covariance = inverse(information);
  if (!covariance.flat().every(Number.isFinite)) throw dependent();
  return { coefficients: [...beta], covariance };
}

/** The columns' values, case after case. */
function rowsOf(columns: readonly ArrayLike<number>[], n: number): Float64Array {
  const size = columns.length;
  const cases = new Float64Array(n * size);
  for (const [j, column] of columns.entries()) for (let i = 0; i < n; i++) cases[i * size + j] = column[i];
  return cases;
}

/** Writes the information, row by row, each followed by its entry of the gradient, to `into`. */
function derivatives(
  into: Float64Array,
  cases: Float64Array,
  outcomes: ArrayLike<number>,
  beta: Float64Array,
  offset: ArrayLike<number> | undefined,
  penalties: readonly number[],
): void {
  const size = beta.length;
  const width = size + 1;
  into.fill(0);
  for (let j = 0; j < size; j++) {
    into[j * width + j] = penalties[j];
    into[j * width + size] = -penalties[j] * beta[j];
  }
  for (let i = 0, at = 0; i < outcomes.length; i++, at += size) {
    let eta = offset ? offset[i] : 0;
    for (let j = 0; j < size; j++) eta += beta[j] * cases[at + j];
    const p = sigmoid(eta);
    const weight = Math.max(p * (1 - p), 1e-12);
    const residual = outcomes[i] - p;
    for (let j = 0, row = 0; j < size; j++, row += width) {
      const value = cases[at + j];
      const weighted = weight * value;
      into[row + size] += residual * value;
      for (let k = 0; k <= j; k++) into[row + k] += weighted * cases[at + k];
    }
  }
  for (let j = 0; j < size; j++) for (let k = j + 1; k < size; k++) into[j * width + k] = into[k * width + j];
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
