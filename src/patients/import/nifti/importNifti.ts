import { basename, resolve } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { software } from "../../../base/version.ts";
import type { Work } from "../../../base/work.ts";
import type { Delimited } from "../../../imaging/formats/tables/delimited.ts";
import { type Cohort, masksOf, phasesOf } from "../../cohort/case.ts";
import { formatCohort, parseCohort, writeCohort } from "../../cohort/csv.ts";
import { type FlowStep, flowOf, writeFlow } from "../../cohort/flow.ts";
import { studyTasks } from "../../cohort/tasks.ts";
import { type CohortQuestions, ownAnswers, readTasksFile } from "../../cohort/tasksFile.ts";
import { readLabelTable } from "../../study/mask/labels/readLabelTable.ts";
import { type ClinicalRow, type Doubt, readClinical } from "../clinical/clinical.ts";
import { type Mapping, mappedColumns, readMapping, usualColumns } from "../clinical/mapping.ts";
import { readSpreadsheet } from "../clinical/spreadsheet.ts";
import { writeImportRecord } from "../importRecord.ts";
import type { ImportChoices, NotImported } from "../options.ts";
import { writeLeftOut } from "../tables.ts";
import { mustFill } from "./filePattern.ts";
import { type NiftiCase, nameOf, niftiCase, type Sources } from "./niftiCase.ts";

/** Where a user's NIfTI files and table lie, and what is taken of them. */
export interface ImportNiftiOptions extends Omit<Work, "threads"> {
  /** Folder of the cohort. */
  readonly out: string;
  /** Path of the table, CSV or XLSX: a case a row. */
  readonly table?: string | undefined;
  /** Sheet of the XLSX. */
  readonly sheet?: string | undefined;
  /** Path of a `mapping.json`: which column is what, and how the files of a row are named. */
  readonly mapping?: string | undefined;
  /** Path of the `tasks.json` of the cohort; without it the study's tasks, phases and kidneys. */
  readonly tasks?: string | undefined;
  /** Of rows that name no centre. */
  readonly center?: string | undefined;
  /** Path of a table of what the masks' values are; without it they are the cohort's labels. */
  readonly labels?: string | undefined;
  /** True takes in cases without a mask. */
  readonly withoutMask?: boolean | undefined;
  /** Outlines cases without a mask, of a cohort whose masks outline kidneys. */
  readonly outline?: ImportChoices["outline"];
}

/** A cohort made of NIfTI files and a table, and what became of them. */
export interface ImportedNifti {
  readonly cohort: Cohort;
  readonly flow: readonly FlowStep[];
  /** Column of the table that each field was read from. */
  readonly columns: Mapping["columns"];
  /** Cells of the table taken as unknown. */
  readonly notUnderstood: readonly Doubt[];
  readonly leftOut: readonly NotImported[];
  /** By case. */
  readonly warnings: readonly { readonly case: string; readonly lines: readonly string[] }[];
}

/**
 * Makes a cohort of NIfTI images and masks and a table, whose names are taken as they stand. Images stay where they are;
 * masks too, unless their values become other labels. `cohort.csv` comes last.
 * @param root folder that the files' names begin in
 * @throws E_USAGE where table, files or centre are not named; E_FORMAT for a table, mapping or tasks that do not fit one
 * another; E_LABEL, E_VALUE for a cell that a task does not take; E_COHORT for a case that stands twice, or where none is
 * left; E_FILE_MISSING, E_FILE_WRITE, E_INTERRUPTED
 */
export async function importNifti(root: string, options: ImportNiftiOptions): Promise<ImportedNifti> {
  const { out, signal, progress } = options;
  const questions = options.tasks === undefined ? { tasks: studyTasks } : await readTasksFile(options.tasks);
  const { table, path, columns, files, clinical } = await readTable(options, questions);
  mustBeDistinct(clinical.rows);
  const labels = options.labels === undefined ? undefined : await readLabelTable(options.labels);
  const eligible = flowOf("Rows of the table", clinical.rows, (row) => row.excluded);
  const cells = new Map(table.rows.map((row) => [row.line, row]));
  const sources: Sources = { root, out, files, labels, questions, table };
  const outcomes = new Map<ClinicalRow, NiftiCase>();
  for (const [n, row] of eligible.kept.entries()) {
    if (signal?.aborted)
      throw new TrinephronError(
        "E_INTERRUPTED",
        `stopped with ${n} of ${eligible.kept.length} cases read`,
        "run the same command again",
      );
    outcomes.set(row, await niftiCase(row, cells.get(row.line!)!, sources, options));
    progress?.("reading cases", n + 1, eligible.kept.length);
  }
  const usable = flowOf("Images and mask", eligible.kept, (row) => failureOf(outcomes.get(row))?.reason);
  const leftOut = [
    ...clinical.rows.flatMap((row): NotImported[] =>
      row.excluded ? [{ line: row.line, reason: row.excluded, detail: row.excluded }] : [],
    ),
    ...[...outcomes.values()].flatMap((outcome) => failureOf(outcome) ?? []),
  ];
  await writeLeftOut(out, { leftOut });
  const imported = [...outcomes.values()].flatMap((outcome) => ("case" in outcome ? [outcome] : []));
  if (imported.length === 0)
    throw new TrinephronError("E_COHORT", `${root}: no case is left`, `${out}/left-out.csv says why`);
  const cases = imported.map((one) => one.case);
  const own = options.tasks === undefined ? undefined : questions;
  const [fault] = parseCohort(Buffer.from(formatCohort(cases, own)), path, own).faults;
  if (fault) throw fault;
  const flow = [eligible.step, usable.step];
  await writeFlow(out, flow);
  await writeImportRecord(out, {
    software,
    from: "nifti",
    table: basename(path),
    files,
    masks: labels ? "relabelled with the table of --labels" : "as they are",
    ...(options.outline && { outlinedBy: options.outline.by }),
  });
  const cohort: Cohort = { folder: resolve(out), cases, ...own };
  await writeCohort(cohort);
  return {
    cohort,
    flow,
    columns,
    notUnderstood: clinical.notUnderstood,
    leftOut,
    warnings: imported.flatMap(({ case: c, remarks }) =>
      remarks.length > 0 ? [{ case: c.case, lines: remarks }] : [],
    ),
  };
}

const failureOf = (outcome: NiftiCase | undefined): NotImported | undefined =>
  outcome && "failed" in outcome ? outcome.failed : undefined;

async function readTable(options: ImportNiftiOptions, questions: CohortQuestions) {
  const { table: path, sheet, mapping: file, center } = options;
  if (path === undefined)
    throw new TrinephronError(
      "E_USAGE",
      "no --table",
      "NIfTI files say nothing of cases: name a CSV or XLSX",
    );
  const mapping = file === undefined ? undefined : await readMapping(file);
  const table = await readSpreadsheet(path, sheet ?? mapping?.sheet);
  const columns = mapping ? mappedColumns(mapping, table.header, path) : usualColumns(table.header, path);
  const missing = ownAnswers(questions).find((column) => !table.header.includes(column));
  if (missing !== undefined)
    throw new TrinephronError(
      "E_FORMAT",
      `${path}: no column ${missing}, which a task reads`,
      `its columns are ${table.header.join(", ")}`,
    );
  const files = filesOf(mapping, table, questions, path);
  const clinical = readClinical(table, columns, mapping);
  const uncentered = clinical.rows.find((row) => row.labels.center === undefined && !row.excluded);
  if (center === undefined && uncentered)
    throw new TrinephronError(
      "E_USAGE",
      `no centre in line ${uncentered.line} of ${path}`,
      "map the column of the centre, or give --center",
    );
  return { table, path, columns, files, clinical };
}

/** How the files of each image and of the mask are named: by the mapping, or by columns of the table of their names. */
function filesOf(
  mapping: Mapping | undefined,
  { header }: Delimited,
  questions: CohortQuestions,
  path: string,
): Readonly<Record<string, string>> {
  const phases = phasesOf(questions);
  const roles = [...phases, ...(masksOf(questions) === "none" ? [] : ["mask"])];
  const files =
    mapping?.files ??
    Object.fromEntries(roles.flatMap((role) => (header.includes(role) ? [[role, `{${role}}`]] : [])));
  const stranger = Object.keys(files).find((role) => !roles.includes(role));
  if (stranger !== undefined)
    throw new TrinephronError(
      "E_FORMAT",
      `files: ${stranger}: none of ${roles.join(", ")}, which this cohort has`,
      '"phases" and "masks" of tasks.json say which they are',
    );
  if (!phases.some((phase) => files[phase] !== undefined))
    throw new TrinephronError(
      "E_USAGE",
      `nothing says where the images ${phases.join(", ")} are`,
      'give "files" in --mapping: docs/import.md has an example',
    );
  for (const [role, pattern] of Object.entries(files)) mustFill(pattern, role, header, path);
  return files;
}

/** @throws E_COHORT for rows without a name, or two of one */
function mustBeDistinct(rows: readonly ClinicalRow[]): void {
  const lines = new Map<string, number | undefined>();
  for (const row of rows) {
    const name = nameOf(row);
    if (name === undefined)
      throw new TrinephronError("E_COHORT", `line ${row.line}: no case and no patient`, "name the case");
    if (lines.has(name))
      throw new TrinephronError(
        "E_COHORT",
        `lines ${lines.get(name)} and ${row.line} would be one case ${name}`,
        "map a column that tells them apart to case",
      );
    lines.set(name, row.line);
  }
}
