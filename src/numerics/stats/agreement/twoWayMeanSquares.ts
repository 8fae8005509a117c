/** Mean squares of a two-way table with one value a cell. A factor of one level has none: NaN. */
export interface TwoWayMeanSquares {
  readonly rows: number;
  readonly columns: number;
  readonly residual: number;
}

/** @param table `[row][column]`, complete; every row of the same length (not checked) */
export function twoWayMeanSquares(table: readonly ArrayLike<number>[]): TwoWayMeanSquares {
  const cells = table.map((row) => Array.from(row));
  const n = cells.length;
  const k = cells[0]?.length ?? 0;
  const sum = (values: readonly number[]) => values.reduce((s, v) => s + v, 0);
  const grand = sum(cells.flat()) / (n * k);
  const rows = cells.map((row) => sum(row) / k);
  const columns = cells[0].map((_, j) => sum(cells.map((row) => row[j])) / n);
  const residuals = cells.flatMap((row, i) => row.map((x, j) => (x - rows[i] - columns[j] + grand) ** 2));
  return {
    rows: (k * sum(rows.map((m) => (m - grand) ** 2))) / (n - 1),
    columns: (n * sum(columns.map((m) => (m - grand) ** 2))) / (k - 1),
    residual: sum(residuals) / ((n - 1) * (k - 1)),
  };
}
