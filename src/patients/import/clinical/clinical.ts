import type { Delimited, DelimitedRow } from "../../../imaging/formats/tables/delimited.ts";
import type { Case } from "../../cohort/case.ts";
import { columns as cohortColumns } from "../../cohort/columns.ts";
import { complexityOf } from "../../cohort/complexity.ts";
import { stageGroup } from "../../cohort/stageGroup.ts";
import { readDate } from "./dates.ts";
import type { Field, Mapping } from "./mapping.ts";
import { lookupKey, meaning, unknownWords, type vocabulary } from "./vocabulary.ts";

/** A row of the clinical table as far as it was understood; undefined is unknown. */
export interface ClinicalRow {
  /** Of the table, from 1; undefined where no table was given and the row stands for a patient. */
  readonly line?: number | undefined;
  readonly patient?: string | undefined;
  readonly case?: string | undefined;
  readonly accession?: string | undefined;
  readonly study?: string | undefined;
  /** `YYYYMMDD`. */
  readonly surgeryDate?: string | undefined;
  readonly birthDate?: string | undefined;
  /** Path as it stands in the table. */
  readonly mask?: string | undefined;
  /** Why the row is no case: a benign tumour. */
  readonly excluded?: string | undefined;
  readonly labels: Partial<
    Pick<
      Case,
      | "center"
      | "age"
      | "sex"
      | "histology"
      | "stage"
      | "complexity"
      | "renal"
      | "sizeMm"
      | "necrosis"
      | "source"
      | "part"
    >
  >;
}

/** A cell that was not understood and counts as unknown. */
export interface Doubt {
  readonly line: number;
  readonly column: string;
  readonly value: string;
  readonly why: string;
}

export interface ClinicalTable {
  readonly rows: readonly ClinicalRow[];
  readonly notUnderstood: readonly Doubt[];
}

/** Reads rows by the columns of a mapping. What is not understood is reported and counts as unknown: nothing is guessed. */
export function readClinical(
  table: Delimited,
  columns: Mapping["columns"],
  { values, dates }: Pick<Mapping, "values" | "dates"> = {},
): ClinicalTable {
  const notUnderstood: Doubt[] = [];
  const rows = table.rows.map((row) => {
    const cells = cellsOf(row, columns, values, notUnderstood);
    const date = (field: Field) => cells.of(field, (text) => readDate(text, dates), dateHint);
    const surgeryDate = date("surgery_date");
    const histology = cells.word("histology");
    return {
      line: row.line,
      patient: cells.text("patient") ?? (columns.patient ? undefined : cells.text("case")),
      case: cells.text("case"),
      accession: cells.text("accession"),
      study: cells.text("study"),
      surgeryDate,
      birthDate: date("birth_date"),
      mask: cells.text("mask"),
      ...(histology === "benign" && { excluded: "benign tumour" }),
      labels: labelsOf(cells, histology),
    };
  });
  return { rows, notUnderstood };
}

const dateHint = "is no date such as 2021-04-03 or 3.4.2021, or `dates` must say whether the day comes first";

function labelsOf(cells: Cells, histology: string | undefined): ClinicalRow["labels"] {
  const renal = cells.own("renal", "renal", (text) => /^(\d{1,2})\s*[apx]?\s*h?$/i.exec(text)?.[1]) as
    | number
    | undefined;
  const stated = cells.word("complexity");
  const agree = stated === undefined || renal === undefined || stated === complexityOf(renal);
  if (!agree) cells.doubt("complexity", `contradicts a R.E.N.A.L. total of ${renal}: both count as unknown`);
  const complexity = stated ?? (renal === undefined ? undefined : complexityOf(renal));
  const necrosis = cells.word("necrosis");
  const labels = {
    center: cells.word("center"),
    age: cells.own("age", "age", decimal),
    sex: cells.word("sex"),
    histology: histology === "benign" ? undefined : histology,
    stage: stageOf(cells),
    ...(agree && { renal, complexity }),
    sizeMm:
      cells.own("size_mm", "size_mm", (text) => millimeters(text, 1)) ??
      cells.own("size_cm", "size_mm", (text) => millimeters(text, 10)),
    necrosis: necrosis === undefined ? undefined : necrosis === "yes",
    source: cells.own("source", "source", (text) => text),
    part: cells.own("part", "part", (text) => text.toLowerCase()),
  };
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== undefined));
}

/** The stated group, else that of T, N and M; unknown where they contradict each other. */
function stageOf(cells: Cells): string | undefined {
  const stated = cells.word("stage");
  const category = (field: "t" | "n" | "m") =>
    cells.of(
      field,
      (text) => (tnm[field].test(text) ? text : undefined),
      `is no ${field.toUpperCase()} category`,
    );
  const [t, n, m] = [category("t"), category("n"), category("m")];
  const grouped = stageGroup(t, n, m);
  if (stated !== undefined && grouped !== undefined && stated !== grouped) {
    cells.doubt("stage", `contradicts T, N and M, which make ${grouped}: counts as unknown`);
    return undefined;
  }
  return stated ?? grouped;
}

const tnm = {
  t: /^[pcyr]*t?([0-4][a-d]?|x|is|a)$/i,
  n: /^[pcyr]*n?([0-2]|x)$/i,
  m: /^[pcyr]*m?([01][a-d]?|x)$/i,
};

const decimal = (text: string): string | undefined => /^\d+(?:[.,]\d+)?$/.exec(text)?.[0].replace(",", ".");

/** A length with or without a unit of its own, which counts before the column's. */
function millimeters(text: string, unit: number): string | undefined {
  const [, number, own] = /^(\d+(?:[.,]\d+)?)\s*(mm|cm)?$/i.exec(text) ?? [];
  if (number === undefined) return undefined;
  const factor = own === undefined ? unit : own.toLowerCase() === "cm" ? 10 : 1;
  return String(Math.round(100 * factor * Number(number.replace(",", "."))) / 100);
}

/** The cells of one row, by field. */
type Cells = ReturnType<typeof cellsOf>;

function cellsOf(row: DelimitedRow, columns: Mapping["columns"], values: Mapping["values"], doubts: Doubt[]) {
  const doubt = (field: Field, why: string): undefined => {
    const column = columns[field] ?? field;
    doubts.push({ line: row.line, column, value: row.cells[column] ?? "", why });
  };

  /** Undefined where the cell is empty or says that nothing is known. */
  const text = (field: Field): string | undefined => {
    const column = columns[field];
    const value = column === undefined ? "" : (row.cells[column]?.trim() ?? "");
    return unknownWords.has(lookupKey(value)) ? undefined : value;
  };

  const of = <T>(field: Field, read: (text: string) => T | undefined, why: string): T | undefined => {
    const value = text(field);
    return value === undefined ? undefined : (read(value) ?? doubt(field, why));
  };

  /** A word of the mapping's values, or of the field's own table. Centres without an entry stay as they are. */
  const word = (field: "center" | keyof typeof vocabulary): string | undefined => {
    const given = Object.entries(values?.[field] ?? {}).map(
      ([name, value]) => [lookupKey(name), value] as const,
    );
    return of(
      field,
      (value) => new Map(given).get(lookupKey(value)) ?? (field === "center" ? value : meaning(field, value)),
      "is not understood; `values` of --mapping can say what it means",
    );
  };

  /** A value that a column of `cohort.csv` takes. @param read to the text that column reads */
  const own = (
    field: Field,
    name: string,
    read: (text: string) => string | undefined,
  ): string | number | undefined => {
    const written = of(field, read, "is not understood");
    if (written === undefined) return undefined;
    const cell = cohortColumns.find((column) => column.name === name)!.read(written, false);
    return "value" in cell ? (cell.value as string | number) : doubt(field, cell.what);
  };

  return { doubt, text, of, word, own };
}
