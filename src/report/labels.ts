import { type Results, tasksOfResults } from "../evidence/validate/results.ts";
import type { Source } from "../patients/cohort/case.ts";
import { spokenTitle, type Task, type TaskDefinition } from "../patients/cohort/taskDefinition.ts";
import { namesOf, taskNamed } from "../patients/cohort/tasks.ts";

/** What the images are, in the words that stand beside every number made from them. */
const sourceLabels: Readonly<Record<Exclude<Source, "real">, string>> = {
  painted: "painted phases, not real CT",
  procedural: "procedural phantoms, no patients",
};

/** The label of the images, or undefined where all of them are real CT. */
export function imagesLabel({
  study,
}: {
  readonly study: Pick<Results["study"], "sources">;
}): string | undefined {
  const made = study.sources.filter((source) => source !== "real").map((source) => sourceLabels[source]);
  if (made.length === 0) return undefined;
  const text = made.join("; ");
  return study.sources.includes("real") ? `in part ${text}` : text;
}

/** The label of the readers, or undefined where all are human. */
export function readersLabel({
  readers,
}: {
  readonly readers: readonly { readonly simulated: boolean }[];
}): string | undefined {
  if (!readers.some((r) => r.simulated)) return undefined;
  return readers.every((r) => r.simulated)
    ? "simulated readers, no human read"
    : "some readers simulated (marked)";
}

/** A reader's name, marked where nobody read. */
export const readerName = ({ reader, simulated }: Results["readers"][number]): string =>
  simulated ? `${reader} (simulated)` : reader;

/** A group of readers read together: `all readers (5, simulated), with the model`. */
export const groupName = (row: {
  readonly group: string;
  readonly readers: readonly string[];
  readonly simulated: boolean;
  readonly aided?: unknown;
}): string =>
  `${row.group} (${row.readers.length}${row.simulated ? ", simulated" : ""})${row.aided === true ? ", with the model" : ""}`;

type Asked = Pick<Results, "tasks">;

export const taskOf = (results: Asked, task: Task): TaskDefinition =>
  taskNamed(tasksOfResults(results), task);

export const taskTitle = (results: Asked, task: Task): string => taskOf(results, task).title;

/** The title inside a sentence. */
export const taskSpoken = (results: Asked, task: Task): string => spokenTitle(taskOf(results, task));

interface Counted {
  readonly n: number;
  readonly design?: Results["readerAnalyses"]["aid"][number]["design"];
}

/** Cases of a reader analysis: `90`, or `90 (60–75 each)` where not every reader read every case. */
export function readCases({ n, design }: Counted): string {
  if (design === undefined) return String(n);
  const [least, most] = design.casesEach;
  return `${n} (${least === most ? most : `${least}–${most}`} each)`;
}

/** What follows in a caption where some readers did not read some cases; nothing where all read all. */
export const readCasesNote = (rows: readonly Counted[]): string =>
  rows.some((row) => row.design !== undefined)
    ? " “Each”: so many of these cases each reader read; a reader counts by the pairs of a positive and a negative case read."
    : "";

/** `clear cell RCC v. other malignant histology` */
export function taskQuestion(results: Asked, task: Task): string {
  const { positive, negative } = taskOf(results, task);
  return `${positive.words} v. ${negative.words}`;
}

/** The tasks that have results, in the order of every table. */
export const validatedTasks = (results: Results): Task[] =>
  namesOf(tasksOfResults(results)).filter((task) => results.auc.some((row) => row.task === task));

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

/** The models the multi-task model is set against: the single-task ones; where there are none, every other. */
export function rivals({ models }: Results): string[] {
  const stdl = models.filter(({ kind }) => kind === "stdl");
  return (stdl.length > 0 ? stdl : models.filter(({ kind }) => kind !== "mtdl")).map(({ id }) => id);
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The marks of a caption: of images, and of readers where it shows them, all or those of some rows. */
export function marks(
  results: Results,
  shown: { readonly readers?: boolean | readonly { readonly simulated: boolean }[] } = {},
): string[] {
  const readers = typeof shown.readers === "object" ? shown.readers : shown.readers ? results.readers : [];
  const all = [imagesLabel(results), readersLabel({ readers })];
  return all.flatMap((label) => (label === undefined ? [] : capital(label)));
}

const countOf = (n: number | string): string => `n\u00a0=\u00a0${n}`;

/** Cases that the tasks were tested on: `n = 178`, or each task's number where they differ. */
export function caseCounts(results: Results): string {
  const counts = validatedTasks(results).map((task) => ({
    task,
    n: results.auc.find((row) => row.task === task)?.n ?? 0,
  }));
  const different = new Set(counts.map(({ n }) => n));
  return different.size === 1
    ? countOf([...different][0])
    : countOf(counts.map(({ task, n }) => `${n} (${task})`).join(", "));
}

/** ` (n = 178)`: cases of the external centres, labelled or not; empty where Table 1 does not tell. */
export function externalCount({ table1, study }: Results): string {
  const n = table1.centers
    .filter(({ center }) => study.external.includes(center))
    .reduce((sum, center) => sum + center.n, 0);
  return n === 0 ? "" : ` (${countOf(n)})`;
}

/** ` (n = 194 training, 49 validation)`; empty where the models' configuration is not known. */
export function trainingCount({ cards }: Results): string {
  const cases = cards[0]?.config.cases;
  return cases === undefined
    ? ""
    : ` (${countOf(`${cases.train} training, ${cases.validation} validation`)})`;
}
