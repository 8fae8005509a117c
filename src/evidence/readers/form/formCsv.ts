import { stringify } from "csv-stringify/sync";
import { namesOf } from "../../../patients/cohort/tasks.ts";
import type { FormRow, ReadingForm } from "./form.ts";

/** Columns of a reader's file that come before the model's answers and the scores. */
export const formColumns = [
  "study",
  "reader",
  "experience",
  "session",
  "scale",
  "order",
  "case",
  "aided",
] as const;

/** A blank file: one reading a row, one empty column a task; where aided, the model's probabilities beside them. */
export function formCsv(form: ReadingForm, rows: readonly FormRow[] = form.rows): string {
  const aided = rows.some((r) => r.aided);
  const tasks = namesOf(form.tasks);
  const header = [...formColumns, ...(aided ? tasks.map((task) => `model_${task}`) : []), ...tasks];
  return stringify([
    header,
    ...rows.map((r) => [
      form.study,
      form.reader,
      form.experience,
      form.session,
      form.scale,
      r.order,
      r.case,
      r.aided ? "yes" : "no",
      ...(aided ? tasks.map((task) => r.model?.[task] ?? "") : []),
      ...tasks.map(() => ""),
    ]),
  ]);
}
