import { type CsvError, parse } from "csv-parse/sync";
import { TrinephronError } from "../errors.ts";

export interface Row {
  /** Line of the file on which the row ends, from 1. */
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

/** A CSV file with a header: every cell trimmed text. */
export interface Table {
  readonly path: string;
  readonly header: readonly string[];
  readonly rows: readonly Row[];
}

/**
 * Parses comma-separated text with a header line; a byte order mark and empty lines are passed over.
 * @param path named in errors
 * @throws E_FORMAT for text that is not CSV, uneven rows, or a header with an empty or repeated name
 */
export function parseTable(text: string, path: string): Table {
  let header: string[] = [];
  try {
    const parsed = parse(text, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      info: true,
      columns: (names: string[]) => {
        header = names;
        return names;
      },
    }) as unknown as { record: Record<string, string>; info: { lines: number } }[];
    checkHeader(header, path);
    return { path, header, rows: parsed.map(({ record, info }) => ({ line: info.lines, cells: record })) };
  } catch (error) {
    if (error instanceof TrinephronError) throw error;
    const { message } = error as CsvError;
    throw new TrinephronError(
      "E_FORMAT",
      `${path}: ${message}`,
      "write it as comma-separated text with a header",
    );
  }
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
export function textCell(table: Table, row: Row, column: string): string {
  if (row.cells[column] === "")
    throw new TrinephronError("E_FORMAT", `${at(table, row)}: ${column} is empty`);
  return row.cells[column];
}

/** A finite number. @throws E_VALUE */
export function numberCell(table: Table, row: Row, column: string): number {
  const text = row.cells[column];
  const value = Number(text);
  if (text === "" || !Number.isFinite(value))
    throw new TrinephronError(
      "E_VALUE",
      `${at(table, row)}: ${column} ${quoted(text)} is not a finite number`,
    );
  return value;
}

/** 0, 1, or undefined for an empty cell. @throws E_LABEL */
export function labelCell(table: Table, row: Row, column: string): 0 | 1 | undefined {
  const text = row.cells[column];
  if (text === "") return undefined;
  const value = Number(text);
  if (value !== 0 && value !== 1)
    throw new TrinephronError("E_LABEL", `${at(table, row)}: ${column} ${quoted(text)} is neither 0 nor 1`);
  return value;
}

/** One of the listed words. @throws E_FORMAT */
export function wordCell<T extends string>(table: Table, row: Row, column: string, words: readonly T[]): T {
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
export const at = (table: Table, row: Row): string => `${table.path}, line ${row.line}`;

const quoted = (text: string) => JSON.stringify(text);

function checkHeader(header: readonly string[], path: string): void {
  if (header.length === 0)
    throw new TrinephronError("E_FORMAT", `${path}: empty`, "it needs a header line and rows");
  const repeated = header.find((name, i) => header.indexOf(name) !== i);
  if (repeated !== undefined)
    throw new TrinephronError("E_FORMAT", `${path}: column ${quoted(repeated)} stands twice in the header`);
  if (header.includes("")) throw new TrinephronError("E_FORMAT", `${path}: a column without a name`);
}
