import { stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { stringify } from "csv-stringify/sync";
import { TrinephronError } from "../../base/errors.ts";
import { readWhole, writeWhole } from "../../base/files.ts";
import { type Delimited, type DelimitedRow, parseDelimited } from "../../imaging/formats/tables/delimited.ts";
import { type Case, type Cohort, masksOf, type Phase, phases, phasesOf } from "./case.ts";
import { columns, neverEmpty } from "./columns.ts";
import { meaningOf, rangeText } from "./taskDefinition.ts";
import { cellOf, studyTasks } from "./tasks.ts";
import {
  answerColumns,
  type CohortQuestions,
  ownAnswers,
  ownPhases,
  readTasks,
  writeTasks,
} from "./tasksFile.ts";

/** A cohort's table read as far as it goes. */
export interface ParsedCohort {
  /** A cell with a fault counts as unknown; a row without a case, centre or source, or repeated, is left out. */
  readonly cases: readonly Case[];
  /** One a faulty cell or row: E_LABEL, E_VALUE or E_COHORT, with file, line, column and what is allowed. */
  readonly faults: readonly TrinephronError[];
  /** Columns that mean nothing here. */
  readonly ignored: readonly string[];
}

/** What is told of a table besides its cases. */
export interface ReadCohortOptions {
  /** Told once a column that is not read, so that a misspelt name does not pass unseen. */
  readonly onWarning?: (line: string) => void;
}

/**
 * Reads a cohort.
 *
 * @param path its folder, or a CSV file of any name; the images' paths are relative to the file's folder
 * @throws E_FILE_MISSING
 * @throws E_FORMAT for a table that is not one, or that lacks a column
 * @throws E_LABEL, E_VALUE for the first cell that does not serve, with file, line, column and what is allowed
 * @throws E_COHORT for no rows, or a case that stands twice
 */
export async function readCohort(path: string, options: ReadCohortOptions = {}): Promise<Cohort> {
  const file = await cohortFile(path);
  const folder = dirname(file);
  const questions = await readTasks(folder);
  const { cases, faults, ignored } = parseCohort(await readWhole(file), file, questions);
  if (faults.length > 0) throw firstOf(faults);
  for (const column of ignored) options.onWarning?.(`${file}: column ${column} is not read`);
  return { folder, cases: cases.map((c) => relativePaths(c, folder)), ...questions };
}

const studyQuestions: CohortQuestions = { tasks: studyTasks };

/**
 * Reads the bytes of a `cohort.csv`, gathering the faults of all cells and rows.
 *
 * @param path named in errors
 * @param questions of the cohort; default the study's three
 * @throws E_FORMAT, E_COHORT for a table that cannot be read at all
 */
export function parseCohort(
  bytes: Uint8Array,
  path: string,
  questions: CohortQuestions = studyQuestions,
): ParsedCohort {
  const table = parseDelimited(bytes, path);
  const missing = neededColumns(questions).filter((name) => !table.header.includes(name));
  if (missing.length > 0)
    throw new TrinephronError(
      "E_FORMAT",
      `${path}: no column ${missing.join(", ")}`,
      `its columns are ${table.header.join(", ")}; docs/cohort.md lists what they must be`,
    );
  if (table.rows.length === 0)
    throw new TrinephronError("E_COHORT", `${path}: no case below the header`, "write one case a row");
  const faults: TrinephronError[] = [];
  const lines = new Map<string, number>();
  const cases = table.rows.flatMap((row): Case[] => {
    const c = readRow(table, row, path, questions, faults);
    if (!c) return [];
    const before = lines.get(c.case);
    if (before !== undefined)
      faults.push(
        new TrinephronError(
          "E_COHORT",
          `${path}, line ${row.line}: case ${c.case} stands on line ${before} too`,
          "give each study a name of its own; the same person's share a `patient`",
        ),
      );
    else lines.set(c.case, row.line);
    return before === undefined ? [c] : [];
  });
  const names = [
    ...knownColumns(questions).map(({ name }) => name),
    ...ownPhases(questions),
    ...ownAnswers(questions),
  ];
  return { cases, faults, ignored: table.header.filter((name) => !names.includes(name)) };
}

/** The labels' columns are needed where a task reads them; what is not there would silently count as unknown. */
function neededColumns(questions: CohortQuestions): string[] {
  const answers = answerColumns(questions);
  const labels = answerColumns(studyQuestions);
  return [
    ...columns.flatMap(({ name, required }) =>
      (
        labels.includes(name) || (name === "mask" && masksOf(questions) === "none")
          ? answers.includes(name)
          : required || answers.includes(name)
      )
        ? [name]
        : [],
    ),
    ...(questions.phases ?? []),
    ...ownAnswers(questions),
  ];
}

/** Columns of every cohort, without the contrast phases that this one does not name. */
const knownColumns = (questions: CohortQuestions): typeof columns =>
  columns.filter(({ name }) => !phases.some((phase) => phase === name) || phasesOf(questions).includes(name));

/** The text of a `cohort.csv`: all columns, comma-separated, LF. */
export function formatCohort(cases: readonly Case[], questions: CohortQuestions = studyQuestions): string {
  const known = knownColumns(questions).filter(
    ({ rare, write }) => !rare || cases.some((c) => write(c) !== ""),
  );
  const own = ownAnswers(questions);
  const images = ownPhases(questions);
  return stringify([
    [...known.map(({ name }) => name), ...images, ...own],
    ...cases.map((c) => [
      ...known.map(({ write }) => write(c)),
      ...images.map((phase) => c.images[phase] ?? ""),
      ...own.map((name) => c.cells?.[name] ?? ""),
    ]),
  ]);
}

/** Writes `cohort.csv` into the cohort's folder, and `tasks.json` where it has tasks of its own. @throws E_FILE_WRITE */
export async function writeCohort(cohort: Cohort): Promise<void> {
  const { folder, cases } = cohort;
  const questions = questionsOf(cohort);
  if (questions) await writeTasks(folder, questions);
  await writeWhole(join(folder, "cohort.csv"), formatCohort(cases, questions));
}

/** What a cohort asks; undefined where it is all as the study has it. */
function questionsOf({ tasks, phases, masks, intensities }: Cohort): CohortQuestions | undefined {
  if (!(tasks ?? phases ?? masks ?? intensities)) return undefined;
  return { tasks: tasks ?? studyTasks, phases, masks, intensities };
}

/** The absolute path of a cohort's table. @param path a folder that holds `cohort.csv`, or a CSV file */
export async function cohortFile(path: string): Promise<string> {
  const folder = await stat(path).then(
    (found) => found.isDirectory(),
    () => basename(path) !== "cohort.csv" && !/\.csv$/i.test(path),
  );
  return resolve(folder ? join(path, "cohort.csv") : path);
}

function readRow(
  table: Delimited,
  row: DelimitedRow,
  path: string,
  questions: CohortQuestions,
  faults: TrinephronError[],
): Case | undefined {
  const values: Record<string, unknown> = {};
  for (const { name, key = name, read } of knownColumns(questions)) {
    const text = row.cells[name] ?? "";
    if (text === "") continue;
    const cell = read(text, table.decimalComma);
    if ("value" in cell) values[key] = cell.value;
    else
      faults.push(
        new TrinephronError(
          cell.code,
          `${path}, line ${row.line}, column ${name}: ${JSON.stringify(text)} ${cell.what}`,
        ),
      );
  }
  const empty = neverEmpty.filter((name) => (row.cells[name] ?? "") === "");
  for (const name of empty)
    faults.push(new TrinephronError("E_COHORT", `${path}, line ${row.line}, column ${name}: empty`));
  if (neverEmpty.some((name) => values[name] === undefined)) return undefined;
  const cells = ownCells(table, row, questions);
  for (const phase of ownPhases(questions)) if (row.cells[phase]) values[phase] = row.cells[phase];
  const c = { ...caseOf(values, phasesOf(questions)), ...(Object.keys(cells).length > 0 && { cells }) };
  faults.push(...answerFaults(c, `${path}, line ${row.line}`, questions));
  return c;
}

/** The cells that only tasks read; empty ones are not there. */
export function ownCells(
  table: Pick<Delimited, "decimalComma">,
  row: DelimitedRow,
  questions: CohortQuestions,
): Record<string, string> {
  return Object.fromEntries(
    ownAnswers(questions).flatMap((name) => {
      const text = row.cells[name] ?? "";
      return text === "" ? [] : [[name, numberText(text, table.decimalComma)]];
    }),
  );
}

/** One a cell that means neither answer of a task which allows no others. */
const answerFaults = (c: Case, where: string, { tasks }: CohortQuestions): TrinephronError[] =>
  tasks.flatMap((task) => {
    const { name, column, positive, negative, others } = task;
    const text = cellOf(c, column);
    if (text === "" || others !== "error" || meaningOf(task, text) !== undefined) return [];
    return new TrinephronError(
      "E_LABEL",
      `${where}, column ${column}: ${JSON.stringify(text)} is neither ${rangeText(positive)} nor ${rangeText(negative)}`,
      `leave it empty where unknown, or let the task ${name} have "others": "unlabelled"`,
    );
  });

const numberText = (text: string, decimalComma: boolean): string =>
  decimalComma && /^[+-]?\d+,\d+$/.test(text) ? text.replace(",", ".") : text;

function caseOf(values: Readonly<Record<string, unknown>>, phases: readonly Phase[]): Case {
  const images: Partial<Record<Phase, string>> = {};
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values))
    if (phases.includes(name)) images[name] = value as string;
    else rest[name] = value;
  return { patient: rest.case, ...rest, images } as unknown as Case;
}

/** Absolute paths made relative, so that all who read the cohort join folder and path. */
function relativePaths(c: Case, folder: string): Case {
  const own = (path: string) => (isAbsolute(path) ? relative(folder, path) : path);
  const images = Object.fromEntries(
    Object.entries(c.images).map(([phase, path]) => [phase, path && own(path)]),
  );
  return { ...c, images, ...(c.mask !== undefined && { mask: own(c.mask) }) };
}

function firstOf(faults: readonly TrinephronError[]): TrinephronError {
  const [first, ...others] = faults;
  if (others.length === 0) return first;
  const hint = `${others.length} more; \`trinephron cohort check\` lists them all`;
  return new TrinephronError(first.code, first.message, first.hint ? `${first.hint}; ${hint}` : hint);
}
