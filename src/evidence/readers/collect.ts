import { TrinephronError } from "../../base/errors.ts";
import type { DelimitedRow } from "../../imaging/formats/tables/delimited.ts";
import {
  at,
  numberCell,
  parseTable,
  requireColumns,
  type Table,
  textCell,
  wordCell,
} from "../../imaging/formats/tables/table.ts";
import type { Task } from "../../patients/cohort/taskDefinition.ts";
import { studyNames } from "../../patients/cohort/tasks.ts";
import { type Scale, scales } from "./form/form.ts";
import { formColumns } from "./form/formCsv.ts";
import type { Reading } from "./readings.ts";

export interface CollectOptions {
  /** The cases handed out; others are refused. */
  readonly cases?: readonly string[];
  /** That were asked; default those of the study's three that have a column. */
  readonly tasks?: readonly Task[];
  /** Leave out scores that are not there; default: refuse. */
  readonly allowMissing?: boolean;
}

export interface Collected {
  readonly readings: readonly Reading[];
  /** One a score that is not there: `reader A, case 12, stage`. */
  readonly missing: readonly string[];
  /** Columns that may be scores of tasks which were not asked for. */
  readonly ignored: readonly string[];
}

const range: Readonly<Record<Scale, { low: number; high: number; whole: boolean; yes: number }>> = {
  percent: { low: 0, high: 100, whole: false, yes: 50 },
  five: { low: 1, high: 5, whole: true, yes: 4 },
};

/**
 * Readers' files, as the page or a spreadsheet saves them, made one list of readings with the decision that each
 * score stands for.
 * @throws E_FORMAT for columns that are missing, a cell that is no word it may be, or no task among the columns
 * @throws E_COHORT for files of several studies, a case unknown, read twice, or given to some of the readers only
 * @throws E_VALUE for a score outside its scale
 * @throws E_TOO_FEW for missing scores, unless allowed
 */
export function collectReadings(
  files: readonly { readonly path: string; readonly bytes: Uint8Array }[],
  { cases, tasks = studyNames, allowMissing = false }: CollectOptions = {},
): Collected {
  const known = cases && new Set(cases);
  const tables = files.map(({ path, bytes }) => parseTable(bytes, path));
  const rows = tables.flatMap((table) => rowsOf(table, tasks));
  if (rows.length === 0) throw new TrinephronError("E_TOO_FEW", "no readings in these files");
  checkOneStudy(rows);
  const stranger = known && rows.find((r) => !known.has(r.case));
  if (stranger)
    throw new TrinephronError("E_COHORT", `${stranger.where}: case ${stranger.case} was not handed out`);
  checkOnce(rows);
  checkSameCases(rows);
  const aided = rows.some((r) => r.aided);
  const missing: string[] = [];
  const readings = rows.flatMap((row) =>
    row.scores.flatMap(({ task, score }): Reading[] => {
      if (score === undefined) {
        missing.push(`reader ${row.reader}, case ${row.case}${row.aided ? " with the model" : ""}, ${task}`);
        return [];
      }
      const { case: id, reader, experience } = row;
      const decision = score >= range[row.scale].yes ? 1 : 0;
      return [
        {
          case: id,
          reader,
          experience,
          task,
          score,
          decision,
          ...(aided && { aided: row.aided }),
          simulated: false,
        },
      ];
    }),
  );
  if (missing.length > 0 && !allowMissing)
    throw new TrinephronError(
      "E_TOO_FEW",
      `${missing.length} score(s) missing, the first of ${missing[0]}`,
      "ask the reader, or leave them out with --allow-missing",
    );
  return { readings, missing, ignored: [...new Set(tables.flatMap((table) => strangers(table, tasks)))] };
}

interface Row {
  readonly where: string;
  readonly study: string;
  readonly reader: string;
  readonly experience: string;
  readonly scale: Scale;
  readonly case: string;
  readonly aided: boolean;
  readonly scores: readonly { readonly task: Task; readonly score: number | undefined }[];
}

const strangers = ({ header }: Table, tasks: readonly Task[]): string[] =>
  header.filter(
    (name) => ![...formColumns, ...tasks, ...tasks.map((task) => `model_${task}`)].includes(name),
  );

function rowsOf(table: Table, tasks: readonly Task[]): Row[] {
  requireColumns(
    table,
    formColumns.filter((name) => name !== "order" && name !== "session"),
  );
  const asked = tasks.filter((task) => table.header.includes(task));
  if (asked.length === 0)
    throw new TrinephronError("E_FORMAT", `${table.path}: no column of scores`, `one of ${tasks.join(", ")}`);
  return table.rows.map((row) => {
    const scale = wordCell(table, row, "scale", scales);
    return {
      where: at(table, row),
      study: textCell(table, row, "study"),
      reader: textCell(table, row, "reader"),
      experience: textCell(table, row, "experience"),
      scale,
      case: textCell(table, row, "case"),
      aided: wordCell(table, row, "aided", ["yes", "no"]) === "yes",
      scores: asked.map((task) => ({ task, score: scoreCell(table, row, task, scale) })),
    };
  });
}

function scoreCell(table: Table, row: DelimitedRow, task: Task, scale: Scale): number | undefined {
  if (row.cells[task] === "") return undefined;
  const score = numberCell(table, row, task);
  const { low, high, whole } = range[scale];
  if (score < low || score > high || (whole && !Number.isInteger(score)))
    throw new TrinephronError(
      "E_VALUE",
      `${at(table, row)}: ${task} ${row.cells[task]} is not ${whole ? "a whole number " : ""}from ${low} to ${high}`,
    );
  return score;
}

function checkOneStudy(rows: readonly Row[]): void {
  const [first] = rows;
  const other = rows.find((r) => r.study !== first.study || r.scale !== first.scale);
  if (other)
    throw new TrinephronError(
      "E_COHORT",
      `${other.where}: of study ${other.study} (${other.scale}), above of ${first.study} (${first.scale})`,
      "collect one study at a time",
    );
}

function checkOnce(rows: readonly Row[]): void {
  const seen = new Map<string, Row>();
  for (const row of rows) {
    const key = [row.reader, row.case, row.aided].join("\u0000");
    const before = seen.get(key);
    if (before)
      throw new TrinephronError(
        "E_COHORT",
        `${row.where}: reader ${row.reader} reads case ${row.case} again, first at ${before.where}`,
        "give each reader’s file once",
      );
    seen.set(key, row);
  }
}

/** All readers had the same cases: one who lacks a case of another sent part of a file, or a case was renamed. */
function checkSameCases(rows: readonly Row[]): void {
  for (const aided of [false, true]) {
    const byReader = Map.groupBy(
      rows.filter((r) => r.aided === aided),
      (r) => r.reader,
    );
    const all = new Map([...byReader.values()].flat().map((r) => [r.case, r]));
    for (const [reader, own] of byReader) {
      const has = new Set(own.map((r) => r.case));
      const lacking = [...all.values()].find((r) => !has.has(r.case));
      if (lacking)
        throw new TrinephronError(
          "E_COHORT",
          `reader ${reader} has no row for case ${lacking.case}, which reader ${lacking.reader} has (${lacking.where})`,
          "every reader’s file needs a row for every case; restore it, with empty scores if need be",
        );
    }
  }
}
