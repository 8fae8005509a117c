import { stringify } from "csv-stringify/sync";
import { readWhole, writeWhole } from "../../base/files.ts";
import { numberCell, parseTable, requireColumns, textCell } from "../../imaging/formats/tables/table.ts";
import type { Case } from "../../patients/cohort/case.ts";
import type { Task, TaskDefinition } from "../../patients/cohort/taskDefinition.ts";
import { labelOf } from "../../patients/cohort/tasks.ts";
import { checkClasses } from "../predictions/taskSample.ts";

/** What one model, or several single-task ones together, says of each case: log odds of the positive class. */
export type Logits = ReadonlyMap<string, Readonly<Partial<Record<Task, number>>>>;

const columns = ["case", "task", "logit"];

/** Writes logits as CSV, a row a case and task. @throws E_FILE_WRITE */
export const writeLogits = (path: string, logits: Logits): Promise<void> =>
  writeWhole(
    path,
    stringify([
      columns,
      ...[...logits].flatMap(([name, own]) =>
        Object.entries(own).map(([task, logit]) => [name, task, logit]),
      ),
    ]),
  );

/** @throws E_FILE_MISSING, E_FORMAT, E_VALUE */
export async function readLogits(path: string): Promise<Logits> {
  const table = parseTable(await readWhole(path), path);
  requireColumns(table, columns);
  const found = new Map<string, Partial<Record<Task, number>>>();
  for (const row of table.rows) {
    const name = textCell(table, row, "case");
    const own = found.get(name) ?? {};
    own[textCell(table, row, "task")] = numberCell(table, row, "logit");
    found.set(name, own);
  }
  return found;
}

/** Those of several models together: of other cases, or of other tasks of the same cases. */
export function together(all: readonly Logits[]): Logits {
  const sum = new Map<string, Partial<Record<Task, number>>>();
  for (const logits of all) for (const [name, own] of logits) sum.set(name, { ...sum.get(name), ...own });
  return sum;
}

/** Case by case the mean of several models' logits, of the cases and tasks that all of them answer. */
export function meanLogits(all: readonly Logits[]): Logits {
  const [first, ...others] = all;
  return new Map(
    [...first].map(([name, own]) => [
      name,
      Object.fromEntries(
        Object.entries(own).flatMap(([task, logit]) => {
          const each = [logit, ...others.map((logits) => logits.get(name)?.[task])];
          const known = each.filter((value) => value !== undefined);
          if (known.length < each.length) return [];
          return [[task, known.reduce((sum, value) => sum + value) / all.length]];
        }),
      ),
    ]),
  );
}

/** The cases labelled for a task, in the order given. */
export interface Sample {
  readonly task: Task;
  readonly cases: readonly Case[];
  readonly labels: Uint8Array;
  readonly positives: number;
}

export function sampleOf(cases: readonly Case[], task: TaskDefinition): Sample {
  const known = cases.filter((c) => labelOf(task, c) !== undefined);
  const labels = Uint8Array.from(known, (c) => labelOf(task, c)!);
  return { task: task.name, cases: known, labels, positives: labels.reduce((n, y) => n + y, 0) };
}

/** As `sampleOf`, of all tasks. @throws E_ONE_CLASS, E_TOO_FEW where one has fewer than two cases of a class */
export function samplesOf(cases: readonly Case[], tasks: readonly TaskDefinition[], where: string): Sample[] {
  return tasks.map((task) => {
    const sample = sampleOf(cases, task);
    checkClasses(`${task.name}, ${where}`, task, sample.positives, sample.labels.length - sample.positives);
    return sample;
  });
}

/** The sample's column of a model. */
export const scoresOf = ({ cases, task }: Sample, logits: Logits): Float64Array =>
  Float64Array.from(cases, (c) => logits.get(c.case)![task]!);
