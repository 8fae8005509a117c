import { TrinephronError } from "../../../base/errors.ts";
import { gammaQ } from "../distributions/gamma.ts";

/** Counts of a contingency table, row by row. */
export type Counts = readonly (readonly number[])[];

/** Pearson's chi-square test. */
export interface ChiSquare {
  readonly statistic: number;
  readonly df: number;
  readonly p: number;
  /** The smallest expected count; below 5 the approximation is poor. */
  readonly minExpected: number;
}

/** The upper tail of the chi-square distribution. */
export const chiSquareTail = (statistic: number, df: number): number => gammaQ(df / 2, statistic / 2);

/**
 * Pearson's chi-square test of independence, without continuity correction at any size.
 * Empty rows and columns are left out; a table of one row or column then has df 0 and p 1.
 * @throws E_VALUE for counts that are negative or not whole; E_TOO_FEW for an empty table
 */
export function chiSquare(table: Counts): ChiSquare {
  const { cells, rows, columns, total } = margins(table);
  let statistic = 0;
  let minExpected = Number.POSITIVE_INFINITY;
  cells.forEach((row, r) => {
    row.forEach((observed, c) => {
      const expected = (rows[r] * columns[c]) / total;
      minExpected = Math.min(minExpected, expected);
      statistic += (observed - expected) ** 2 / expected;
    });
  });
  const df = (rows.length - 1) * (columns.length - 1);
  return { statistic, df, p: df === 0 ? 1 : chiSquareTail(statistic, df), minExpected };
}

function margins(table: Counts) {
  const sum = (values: readonly number[]) => values.reduce((s, v) => s + v, 0);
  if (
    table.flat().some((n) => !Number.isInteger(n) || n < 0) ||
    table.some((r) => r.length !== table[0].length)
  )
    throw new TrinephronError(
      "E_VALUE",
      "a contingency table needs whole counts of at least 0 in equal rows",
    );
  if (sum(table.flat()) === 0) throw new TrinephronError("E_TOO_FEW", "a contingency table without cases");
  const kept = table[0].map((_, c) => sum(table.map((row) => row[c])) > 0);
  const cells = table.filter((row) => sum(row) > 0).map((row) => row.filter((_, c) => kept[c]));
  const rows = cells.map(sum);
  return { cells, rows, columns: cells[0].map((_, c) => sum(cells.map((row) => row[c]))), total: sum(rows) };
}
