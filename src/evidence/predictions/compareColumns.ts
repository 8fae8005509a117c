import { TrinephronError } from "../../base/errors.ts";
import { inFile } from "../../base/inFile.ts";
import { at, labelCell, numberCell, requireColumns, type Table } from "../../imaging/formats/tables/table.ts";
import { type AucComparison, type CompareAucsOptions, compareAucs } from "../../numerics/stats/index.ts";

/** Rows with this value in this column. */
export interface ColumnFilter {
  readonly column: string;
  readonly value: string;
}

/**
 * AUC of each score column against the label column, and the paired test of every two.
 * @param filters rows kept: those that pass all
 * @throws E_FORMAT for a column that is not there; E_LABEL, E_VALUE with the line of a cell that does not serve
 * @throws E_ONE_CLASS, E_TOO_FEW where the rows allow no AUC or interval
 */
export function compareColumns(
  table: Table,
  label: string,
  scores: readonly string[],
  filters: readonly ColumnFilter[] = [],
  options: CompareAucsOptions = {},
): AucComparison {
  requireColumns(table, [label, ...scores, ...filters.map((f) => f.column)]);
  const rows = table.rows.filter((row) => filters.every((f) => row.cells[f.column] === f.value));
  const labels = rows.map((row) => {
    const value = labelCell(table, row, label);
    if (value === undefined)
      throw new TrinephronError("E_LABEL", `${at(table, row)}: ${label} is empty`, "leave such rows out");
    return value;
  });
  const columns = new Map(
    scores.map((name) => [name, Float64Array.from(rows, (row) => numberCell(table, row, name))]),
  );
  return inFile(table.path, () => compareAucs(labels, columns, options));
}
