import { TrinephronError } from "../../../base/errors.ts";
import { readWhole } from "../../../base/files.ts";
import { type Delimited, parseDelimited } from "../../../imaging/formats/tables/delimited.ts";

type CellValue = string | number | boolean | Date | null;

/**
 * A table from a CSV file or an XLSX workbook. Of a formula its last computed value counts. Dates become `2024-03-01`,
 * numbers decimal text with a point, booleans `yes` and `no`.
 *
 * @param sheet name of the workbook's sheet; by default the first
 * @throws E_FILE_MISSING; E_FORMAT for a broken file or table; E_UNSUPPORTED for an encrypted workbook or an old `.xls`;
 * E_USAGE where there is no such sheet
 */
export async function readSpreadsheet(path: string, sheet?: string): Promise<Delimited> {
  const bytes = await readWhole(path);
  const start = bytes.toString("latin1", 0, 4);
  if (start === compoundFile) throw refused(bytes, path);
  if (start !== "PK\u0003\u0004") {
    if (sheet !== undefined)
      throw new TrinephronError("E_USAGE", `--sheet ${sheet}: ${path} is no workbook`, "leave it out");
    return parseDelimited(bytes, path);
  }
  return tableOf(await cellsOf(bytes, path, sheet), path);
}

/** Of old Office files, and of encrypted new ones. */
const compoundFile = "\u00d0\u00cf\u0011\u00e0";

function refused(bytes: Buffer, path: string): TrinephronError {
  return bytes.includes(Buffer.from("EncryptedPackage", "utf16le"))
    ? new TrinephronError(
        "E_UNSUPPORTED",
        `${path}: encrypted with a password`,
        "save it without one, or as CSV",
      )
    : new TrinephronError("E_UNSUPPORTED", `${path}: an old Excel file`, "save it as .xlsx or CSV");
}

async function cellsOf(bytes: Buffer, path: string, sheet: string | undefined): Promise<CellValue[][]> {
  // Not at the top: a command that reads no workbook does not wait for it.
  const { readSheet } = await import("read-excel-file/node");
  try {
    return (await readSheet(bytes, sheet ?? 1, { trim: true })) as CellValue[][];
  } catch (error) {
    const { name, message } = error as Error;
    if (name === "SheetNotFoundError" && sheet !== undefined)
      throw new TrinephronError("E_USAGE", `--sheet ${sheet}: not in ${path}`, message, { cause: error });
    throw new TrinephronError("E_FORMAT", `${path}: not a whole XLSX workbook`, "save it anew, or as CSV", {
      cause: error,
    });
  }
}

function tableOf(cells: readonly (readonly CellValue[])[], path: string): Delimited {
  const rows = cells
    .map((values, index) => ({ line: index + 1, cells: values.map(textOf) }))
    .filter((row) => row.cells.some((cell) => cell !== ""));
  const [head, ...rest] = rows;
  if (!head) throw new TrinephronError("E_FORMAT", `${path}: empty`, "it needs a header line and rows");
  // Columns of notes without a name, which spreadsheets collect, are not read.
  const named = head.cells.flatMap((name, column) => (name === "" ? [] : [{ name, column }]));
  const twice = named.find(({ name }, n) => named.findIndex((other) => other.name === name) !== n);
  if (twice)
    throw new TrinephronError("E_FORMAT", `${path}: column ${twice.name} stands twice in the header`);
  return {
    header: named.map(({ name }) => name),
    decimalComma: false,
    rows: rest.map((row) => ({
      line: row.line,
      cells: Object.fromEntries(named.map(({ name, column }) => [name, row.cells[column] ?? ""])),
    })),
  };
}

function textOf(value: CellValue): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  if (typeof value === "boolean") return value ? "yes" : "no";
  // 0.1 + 0.2 as spreadsheets show it.
  return typeof value === "number" ? String(Number(value.toPrecision(15))) : value.trim();
}
