/** A matrix, row by row. */
export type Matrix = readonly (readonly number[])[];

/** The solution x of A x = b by Gaussian elimination with partial pivoting; not finite where A is singular. */
export function solve(matrix: Matrix, right: readonly number[]): number[] {
  return eliminated(
    matrix,
    right.map((value) => [value]),
  ).map(([value]) => value);
}

/** The inverse of a square matrix; not finite where it is singular. */
export function inverse(matrix: Matrix): number[][] {
  return eliminated(
    matrix,
    matrix.map((_, i) => matrix.map((__, j) => (i === j ? 1 : 0))),
  );
}

/** A beside B until A is the identity; returns what B became. */
function eliminated(matrix: Matrix, right: Matrix): number[][] {
  const n = matrix.length;
  const width = n + (right[0]?.length ?? 0);
  const both = Float64Array.from(matrix.flatMap((row, i) => [...row, ...right[i]]));
  eliminate(both, n, width);
  return matrix.map((_, i) => [...both.subarray(i * width + n, (i + 1) * width)]);
}

/**
 * Gauss–Jordan with partial pivoting, in place.
 * @param a n rows of `width` numbers: a square matrix, and beside it what shall become its inverse times that
 */
export function eliminate(a: Float64Array, n: number, width: number): void {
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++)
      if (Math.abs(a[row * width + column]) > Math.abs(a[pivot * width + column])) pivot = row;
    const [line, other] = [column * width, pivot * width];
    if (pivot !== column)
      for (let k = 0; k < width; k++) [a[line + k], a[other + k]] = [a[other + k], a[line + k]];
    const scale = a[line + column];
    for (let k = column; k < width; k++) a[line + k] /= scale;
    for (let row = 0; row < n; row++) {
      const factor = a[row * width + column];
      if (row === column || factor === 0) continue;
      for (let k = column; k < width; k++) a[row * width + k] -= factor * a[line + k];
    }
  }
}
