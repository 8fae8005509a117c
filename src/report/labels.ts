import type { Source } from "../cohort/case.ts";
import { definitions, type Task, tasks } from "../cohort/tasks.ts";
import type { Results } from "../validate/results.ts";

/** What the images are, in the words that stand beside every number made from them. */
const sourceLabels: Readonly<Record<Exclude<Source, "real">, string>> = {
  painted: "painted phases, not real CT",
  procedural: "procedural phantoms, no patients",
};

/** The label of the images, or undefined where all of them are real CT. */
export function imagesLabel({ study }: Results): string | undefined {
  const made = study.sources.filter((source) => source !== "real").map((source) => sourceLabels[source]);
  if (made.length === 0) return undefined;
  const text = made.join("; ");
  return study.sources.includes("real") ? `in part ${text}` : text;
}

/** The label of the readers, or undefined where all are human. */
export function readersLabel({ readers }: Results): string | undefined {
  if (!readers.some((r) => r.simulated)) return undefined;
  return readers.every((r) => r.simulated)
    ? "simulated readers, no human read"
    : "some readers simulated (marked)";
}

/** A reader's name, marked where nobody read. */
export const readerName = ({ reader, simulated }: Results["readers"][number]): string =>
  simulated ? `${reader} (simulated)` : reader;

export const taskTitle = (task: Task): string => definitions[task].title;

/** `clear cell RCC v. other malignant histology` */
export const taskQuestion = (task: Task): string =>
  `${definitions[task].positive} v. ${definitions[task].negative}`;

/** The tasks that have results, in the order of every table. */
export const validatedTasks = ({ auc }: Results): Task[] =>
  tasks.filter((task) => auc.some((row) => row.task === task));

/** The multi-task model's id. */
export const mainModel = ({ models }: Results): string | undefined =>
  models.find((model) => model.kind === "mtdl")?.id;

export const modelName = ({ models }: Results, id: string): string =>
  models.find((model) => model.id === id)?.name ?? id;

/** `MTDL`, `STDL`, or a baseline's name: what fits an axis. */
export function shortName(results: Results, id: string): string {
  const kind = results.models.find((model) => model.id === id)?.kind;
  return kind === "mtdl" ? "MTDL" : kind === "stdl" ? "STDL" : modelName(results, id);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The marks of a caption: of images, and of readers where it shows them. */
export function marks(results: Results, shown: { readonly readers?: boolean } = {}): string[] {
  const all = [imagesLabel(results), shown.readers ? readersLabel(results) : undefined];
  return all.flatMap((label) => (label === undefined ? [] : capital(label)));
}
