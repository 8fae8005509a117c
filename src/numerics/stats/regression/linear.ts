/** A matrix, row by row. */
export type Matrix = readonly (readonly number[])[];

/** The inverse of a square matrix; not finite where it is singular. */
export function inverse(matrix: Matrix): number[][] {
  const n = matrix.length;
  const both = Float64Array.from(
    matrix.flatMap((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]),
  );
  eliminate(both, n, 2 * n);
  return matrix.map((_, i) => [...both.subarray((2 * i + 1) * n, (2 * i + 2) * n)]);
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
