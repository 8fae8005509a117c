/** A matrix, row by row. */
export type Matrix = readonly (readonly number[])[];

/** The solution x of A x = b by Gaussian elimination with partial pivoting; not finite where A is singular. */
export function solve(matrix: Matrix, right: readonly number[]): number[] {
  return eliminate(
    matrix,
    right.map((value) => [value]),
  ).map(([value]) => value);
}

/** The inverse of a square matrix; not finite where it is singular. */
export function inverse(matrix: Matrix): number[][] {
  return eliminate(
    matrix,
    matrix.map((_, i) => matrix.map((__, j) => (i === j ? 1 : 0))),
  );
}

/** Gauss–Jordan: A beside B until A is the identity; returns what B became. */
function eliminate(matrix: Matrix, right: Matrix): number[][] {
  const a = matrix.map((row, i) => [...row, ...right[i]]);
  const n = a.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++)
      if (Math.abs(a[row][column]) > Math.abs(a[pivot][column])) pivot = row;
    [a[column], a[pivot]] = [a[pivot], a[column]];
    const scale = a[column][column];
    a[column] = a[column].map((value) => value / scale);
    for (let row = 0; row < n; row++) {
      const factor = a[row][column];
      if (row === column || factor === 0) continue;
      for (let k = column; k < a[row].length; k++) a[row][k] -= factor * a[column][k];
    }
  }
  return a.map((row) => row.slice(n));
}
