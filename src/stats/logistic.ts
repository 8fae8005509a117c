import { TrinephronError } from "../errors.ts";

/** log(p / (1 − p)) = intercept + Σ slope · x */
export interface Logistic {
  readonly intercept: number;
  readonly slopes: readonly number[];
}

/**
 * Logistic regression by Newton's method (iteratively reweighted least squares; McCullagh & Nelder 1989), with a
 * ridge on the slopes so that separable data has an answer.
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
  if (rows.some((row) => row.some((x) => !Number.isFinite(x))))
    throw new TrinephronError("E_VALUE", "logistic regression of a value that is not finite");
  const size = rows[0].length + 1;
  const beta = new Array<number>(size).fill(0);
  for (let iteration = 0; iteration < 100; iteration++) {
    const gradient = beta.map((b, j) => (j === 0 ? 0 : -ridge * b));
    const hessian = beta.map((_, j) => beta.map((_, k) => (j === k && j > 0 ? ridge : 0)));
    rows.forEach((row, i) => {
      const x = [1, ...row];
      const p = sigmoid(x.reduce((total, value, j) => total + value * beta[j], 0));
      const w = Math.max(p * (1 - p), 1e-12);
      for (let j = 0; j < size; j++) {
        gradient[j] += (labels[i] - p) * x[j];
        for (let k = 0; k < size; k++) hessian[j][k] += w * x[j] * x[k];
      }
    });
    const step = solve(hessian, gradient);
    // A Newton step on nearly separable data can overshoot.
    const scale = Math.min(1, 5 / Math.max(...step.map(Math.abs), 1e-300));
    step.forEach((s, j) => {
      beta[j] += scale * s;
    });
    if (step.every((s) => Math.abs(s) < 1e-10)) break;
  }
  return { intercept: beta[0], slopes: beta.slice(1) };
}

/** Probability of a case. */
export const logisticProbability = ({ intercept, slopes }: Logistic, row: readonly number[]): number =>
  sigmoid(row.reduce((total, x, j) => total + x * slopes[j], intercept));

const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

/** Gaussian elimination with partial pivoting. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const a = matrix.map((row, i) => [...row, right[i]]);
  const n = a.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++)
      if (Math.abs(a[row][column]) > Math.abs(a[pivot][column])) pivot = row;
    [a[column], a[pivot]] = [a[pivot], a[column]];
    for (let row = column + 1; row < n; row++) {
      const factor = a[row][column] / a[column][column];
      for (let k = column; k <= n; k++) a[row][k] -= factor * a[column][k];
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let row = n - 1; row >= 0; row--) {
    const known = a[row].slice(row + 1, n).reduce((total, value, k) => total + value * x[row + 1 + k], 0);
    x[row] = (a[row][n] - known) / a[row][row];
  }
  return x;
}
