import { type CsvError, parse } from "csv-parse/sync";
import { TrinephronError } from "../../../base/errors.ts";

export interface DelimitedRow {
  /** Line of the file on which the row ends, from 1. */
  readonly line: number;
  /** Trimmed; by column name as in the header. */
  readonly cells: Readonly<Record<string, string>>;
}

export interface Delimited {
  readonly header: readonly string[];
  /** `;` and tabs come from spreadsheets of countries that write 3,5 for 3.5. */
  readonly decimalComma: boolean;
  readonly rows: readonly DelimitedRow[];
}

/**
 * Reads a table as spreadsheets save it: UTF-8 or UTF-16 with or without a byte order mark, any line ends, columns
 * set apart by commas, semicolons or tabs, Excel's `sep=;` line, empty lines and empty columns at the end.
 *
 * @param path named in errors
 * @throws E_FORMAT with the line, for text that is not UTF-8, uneven rows, open quotes, an unnamed or repeated column
 */
export function parseDelimited(bytes: Uint8Array, path: string): Delimited {
  const text = decode(bytes, path);
  const [, separator = ""] = /^sep=(.)\r?\n/i.exec(text) ?? [];
  const body = separator ? text.replace(/^[^\n]*\n/, "") : text;
  const skipped = separator ? 1 : 0;
  const delimiter = separator || guessDelimiter(body);
  const records = parseRecords(body, delimiter, path, skipped);
  const [head, ...rest] = records;
  if (!head) throw new TrinephronError("E_FORMAT", `${path}: empty`, "it needs a header line and rows");
  const header = head.cells.slice(0, head.cells.findLastIndex((name) => name !== "") + 1);
  checkHeader(header, path);
  const stray = rest.find(({ cells }) => cells.slice(header.length).some((cell) => cell !== ""));
  if (stray)
    throw new TrinephronError("E_FORMAT", `${path}, line ${stray.line}: a cell in a column without a name`);
  return {
    header,
    decimalComma: delimiter !== ",",
    rows: rest
      .filter(({ cells }) => cells.some((cell) => cell !== ""))
      .map(({ cells, line }) => ({
        line,
        cells: Object.fromEntries(header.map((name, column) => [name, cells[column]])),
      })),
  };
}

function decode(bytes: Uint8Array, path: string): string {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  try {
    return new TextDecoder(utf16 ? "utf-16le" : "utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    const hint = "save it as `CSV UTF-8`";
    throw new TrinephronError("E_FORMAT", `${path}: not UTF-8 text`, hint, { cause: error });
  }
}

/** The candidate that stands most often in the first line; a comma where none does. */
function guessDelimiter(text: string): string {
  const [first] = text.trimStart().split(/\r?\n|\r/, 1);
  const count = (delimiter: string) => first.split(delimiter).length;
  return [",", ";", "\t"].reduce((best, next) => (count(next) > count(best) ? next : best));
}

function parseRecords(
  text: string,
  delimiter: string,
  path: string,
  skipped: number,
): { cells: string[]; line: number }[] {
  try {
    const parsed = parse(text, {
      delimiter,
      trim: true,
      skip_empty_lines: true,
      info: true,
      record_delimiter: ["\r\n", "\n", "\r"],
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return parsed.map(({ record, info }) => ({ cells: record, line: info.lines + skipped }));
  } catch (error) {
    throw malformed(error as CsvError, path, skipped);
  }
}

function malformed(error: CsvError, path: string, skipped: number): TrinephronError {
  const line = typeof error.lines === "number" ? `, line ${error.lines + skipped}` : "";
  const columns = Array.isArray(error.record) ? error.record.length : undefined;
  const what =
    error.code === "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH"
      ? `${columns} cells, but the header has another number`
      : error.code === "CSV_QUOTE_NOT_CLOSED"
        ? "a quote that never closes"
        : error.message;
  return new TrinephronError("E_FORMAT", `${path}${line}: ${what}`, "mend the line, or save the table anew", {
    cause: error,
  });
}

function checkHeader(header: readonly string[], path: string): void {
  if (header.includes("")) throw new TrinephronError("E_FORMAT", `${path}: a column without a name`);
  const repeated = header.find((name, column) => header.indexOf(name) !== column);
  if (repeated !== undefined)
    throw new TrinephronError("E_FORMAT", `${path}: column ${repeated} stands twice in the header`);
}
