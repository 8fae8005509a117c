import { TrinephronError } from "../../../base/errors.ts";
import { type Delimited, type DelimitedRow, parseDelimited } from "./delimited.ts";

/** A CSV file with a header: every cell trimmed text. */
export interface Table extends Delimited {
  readonly path: string;
}

/** A table as `parseDelimited` reads it. @param path named in errors */
export function parseTable(source: string | Uint8Array, path: string): Table {
  const bytes = typeof source === "string" ? new TextEncoder().encode(source) : source;
  return { path, ...parseDelimited(bytes, path) };
}

/** @throws E_FORMAT where one of these columns is missing */
export function requireColumns(table: Table, names: readonly string[]): void {
  const missing = names.filter((name) => !table.header.includes(name));
  if (missing.length > 0)
    throw new TrinephronError(
      "E_FORMAT",
      `${table.path}: no column ${missing.join(", ")}`,
      `its columns are ${table.header.join(", ")}`,
    );
}

/** A cell that must not be empty. @throws E_FORMAT */
export function textCell(table: Table, row: DelimitedRow, column: string): string {
  if (row.cells[column] === "")
    throw new TrinephronError("E_FORMAT", `${at(table, row)}: ${column} is empty`);
  return row.cells[column];
}

/** A finite number. @throws E_VALUE */
export function numberCell(table: Table, row: DelimitedRow, column: string): number {
  const text = row.cells[column];
  const value = Number(table.decimalComma ? text.replace(",", ".") : text);
  if (text === "" || !Number.isFinite(value))
    throw new TrinephronError(
      "E_VALUE",
      `${at(table, row)}: ${column} ${quoted(text)} is not a finite number`,
    );
  return value;
}

/** 0, 1, or undefined for an empty cell. @throws E_LABEL */
export function labelCell(table: Table, row: DelimitedRow, column: string): 0 | 1 | undefined {
  const text = row.cells[column];
  if (text === "") return undefined;
  const value = Number(text);
  if (value !== 0 && value !== 1)
    throw new TrinephronError("E_LABEL", `${at(table, row)}: ${column} ${quoted(text)} is neither 0 nor 1`);
  return value;
}

/** One of the listed words. @throws E_FORMAT */
export function wordCell<T extends string>(
  table: Table,
  row: DelimitedRow,
  column: string,
  words: readonly T[],
): T {
  const word = words.find((w) => w === row.cells[column]);
  if (word === undefined)
    throw new TrinephronError(
      "E_FORMAT",
      `${at(table, row)}: ${column} ${quoted(row.cells[column])} is unknown`,
      `write one of ${words.join(", ")}`,
    );
  return word;
}

/** `file.csv, line 3`: where a cell stands. */
export const at = (table: Table, row: DelimitedRow): string => `${table.path}, line ${row.line}`;

const quoted = (text: string) => JSON.stringify(text);
