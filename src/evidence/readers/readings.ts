import { stringify } from "csv-stringify/sync";
import { TrinephronError } from "../../base/errors.ts";
import { readWhole, writeWhole } from "../../base/files.ts";
import type { DelimitedRow } from "../../imaging/formats/tables/delimited.ts";
import {
  at,
  labelCell,
  numberCell,
  parseTable,
  requireColumns,
  type Table,
  textCell,
  wordCell,
} from "../../imaging/formats/tables/table.ts";
import type { Task } from "../../patients/cohort/taskDefinition.ts";
import { studyNames } from "../../patients/cohort/tasks.ts";

/** One row of `readers.csv`: what one reader says to one question about one case. */
export interface Reading {
  readonly case: string;
  readonly reader: string;
  /** e.g. `junior`, `senior`; one a reader. */
  readonly experience: string;
  readonly task: Task;
  /** Confidence in the positive class on any scale, higher is surer. */
  readonly score: number;
  /** The reader's own yes or no, where one was asked for. */
  readonly decision?: 0 | 1 | undefined;
  /** Read with the model's answer in sight; absent is without. */
  readonly aided?: boolean | undefined;
  /** Which time the reader read the case so, from 1 on; absent is the only time. */
  readonly read?: number | undefined;
  /** No human being read this case. */
  readonly simulated: boolean;
}

const columns = ["case", "reader", "experience", "task", "score"];

/**
 * Parses `readers.csv`: `case, reader, experience, task, score`, and where wanted `decision` (0 or 1), `aided` (yes or
 * no; absent or empty is no), `read` (1, 2 … where a reader reads a case several times; absent or empty is 1) and
 * `simulated` (true or false; absent or empty is false).
 * @param path named in errors
 * @param tasks that the rows may be of; default the study's three
 * @throws E_FORMAT for missing columns, unknown tasks, repeated rows, a reader of two experiences or half simulated
 * @throws E_VALUE for a score that is not a finite number, or a `read` that is no whole number from 1 on
 * @throws E_LABEL for a decision other than 0, 1 or empty
 */
export function parseReaders(
  source: string | Uint8Array,
  path: string,
  tasks: readonly Task[] = studyNames,
): Reading[] {
  const table = parseTable(source, path);
  requireColumns(table, columns);
  const first = new Map<string, Reading>();
  const seen = new Set<string>();
  return table.rows.map((row) => {
    const reading: Reading = {
      case: textCell(table, row, "case"),
      reader: textCell(table, row, "reader"),
      experience: textCell(table, row, "experience"),
      task: wordCell(table, row, "task", tasks),
      score: numberCell(table, row, "score"),
      decision: table.header.includes("decision") ? labelCell(table, row, "decision") : undefined,
      ...(table.header.includes("aided") && {
        aided: wordCell(table, row, "aided", ["yes", "no", ""]) === "yes",
      }),
      ...(table.header.includes("read") && { read: timeCell(table, row) }),
      simulated: simulatedCell(table, row),
    };
    const time = reading.read ?? 1;
    const key = [reading.reader, reading.task, reading.case, reading.aided === true, time].join("\u0000");
    if (seen.has(key))
      throw new TrinephronError(
        "E_FORMAT",
        `${at(table, row)}: ${reading.reader} reads case ${reading.case} twice for ${reading.task}`,
        "take one out, or number a reader’s repeated reads of a case in a column read (1, 2 …)",
      );
    seen.add(key);
    const known = first.get(reading.reader) ?? reading;
    first.set(reading.reader, known);
    for (const trait of ["experience", "simulated"] as const)
      if (known[trait] !== reading[trait])
        throw new TrinephronError(
          "E_FORMAT",
          `${at(table, row)}: ${trait} of ${reading.reader} is ${reading[trait]}, above ${known[trait]}`,
          "name each reader apart",
        );
    return reading;
  });
}

/** The text of `readers.csv`; `decision`, `aided` and `read` only where a reading has one. */
export function formatReaders(readings: readonly Reading[]): string {
  const decided = readings.some((r) => r.decision !== undefined);
  const aided = readings.some((r) => r.aided !== undefined);
  const numbered = readings.some((r) => r.read !== undefined);
  const header = [
    ...columns,
    ...(decided ? ["decision"] : []),
    ...(aided ? ["aided"] : []),
    ...(numbered ? ["read"] : []),
    "simulated",
  ];
  const rows = readings.map((r) => [
    r.case,
    r.reader,
    r.experience,
    r.task,
    r.score,
    ...(decided ? [r.decision ?? ""] : []),
    ...(aided ? [r.aided ? "yes" : "no"] : []),
    ...(numbered ? [r.read ?? 1] : []),
    String(r.simulated),
  ]);
  return stringify([header, ...rows]);
}

/**
 * Reads `readers.csv`.
 * @param tasks that the rows may be of; default the study's three
 * @throws E_FILE_MISSING; E_FORMAT for missing columns, unknown tasks, repeated rows, a reader of two experiences or
 * half simulated
 * @throws E_VALUE for a score that is not a finite number; E_LABEL for a decision other than 0, 1 or empty
 */
export const readReaders = async (path: string, tasks?: readonly Task[]): Promise<Reading[]> =>
  parseReaders(await readWhole(path), path, tasks);

/** Writes `readers.csv`. @throws E_FILE_WRITE */
export const writeReaders = (path: string, readings: readonly Reading[]): Promise<void> =>
  writeWhole(path, formatReaders(readings));

function timeCell(table: Table, row: DelimitedRow): number {
  if (row.cells.read === "") return 1;
  const time = numberCell(table, row, "read");
  if (!Number.isInteger(time) || time < 1)
    throw new TrinephronError("E_VALUE", `${at(table, row)}: read ${row.cells.read} is not 1, 2 …`);
  return time;
}

function simulatedCell(table: Table, row: DelimitedRow): boolean {
  if (!table.header.includes("simulated")) return false;
  return wordCell(table, row, "simulated", ["true", "false", ""]) === "true";
}
