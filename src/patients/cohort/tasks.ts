import { z } from "zod";
import { TrinephronError } from "../../base/errors.ts";
import type { Case, Cohort } from "./case.ts";
import { columns } from "./columns.ts";
import { meaningOf, type Task, type TaskDefinition, taskDefinition } from "./taskDefinition.ts";

/** Names of the study's three tasks, in the order of every table and model output. */
export const studyNames = ["histology", "stage", "complexity"] as const;

const question = (positive: string, negative: string): string => `Is it ${positive}, not ${negative}?`;

/** The study's three. Positive: clear cell, stage III/IV, R.E.N.A.L. 10–12. */
export const definitions: Readonly<Record<(typeof studyNames)[number], TaskDefinition>> = {
  histology: {
    name: "histology",
    title: "Histology",
    question: question("clear cell RCC", "other malignant histology"),
    column: "histology",
    positive: { words: "clear cell RCC", short: "clear cell RCC", values: ["clear_cell"] },
    negative: {
      words: "other malignant histology",
      short: "other malignant histology",
      values: ["papillary", "chromophobe", "other"],
    },
    others: "error",
  },
  stage: {
    name: "stage",
    title: "Stage",
    question: question("stage III/IV", "stage I/II"),
    column: "stage",
    positive: { words: "stage III/IV", short: "stage III/IV", values: ["III", "IV"] },
    negative: { words: "stage I/II", short: "stage I/II", values: ["I", "II"] },
    others: "error",
  },
  complexity: {
    name: "complexity",
    title: "Anatomical complexity",
    question: question("high (R.E.N.A.L. 10–12)", "low or moderate (R.E.N.A.L. 4–9)"),
    column: "complexity",
    positive: { words: "high (R.E.N.A.L. 10–12)", short: "high", values: ["high"] },
    negative: {
      words: "low or moderate (R.E.N.A.L. 4–9)",
      short: "low or moderate",
      values: ["low", "moderate"],
    },
    others: "error",
  },
};

/** The tasks of a cohort, model or file that names none. */
export const studyTasks: readonly TaskDefinition[] = studyNames.map((name) => definitions[name]);

/** Tasks as files carry them: each name once, and those of the study as the study has them. */
export const taskList = z
  .array(taskDefinition)
  .min(1)
  .refine((tasks) => new Set(namesOf(tasks)).size === tasks.length, "one name stands twice")
  .refine(
    (tasks) =>
      studyTasks.every((own) =>
        tasks.every((task) => task.name !== own.name || JSON.stringify(task) === JSON.stringify(own)),
      ),
    "a task of the study is not as it is there",
  );

/** Whether this is one of the study's three, whose names mean nothing else. */
export const isStudyTask = (name: Task): boolean => studyNames.some((own) => own === name);

/** The tasks of a cohort: its own, or the study's three. */
export const tasksOf = ({ tasks }: Pick<Cohort, "tasks">): readonly TaskDefinition[] => tasks ?? studyTasks;

export const namesOf = (tasks: readonly TaskDefinition[]): Task[] => tasks.map(({ name }) => name);

/** The definition of a name that is known to be there: files are checked where they are read. */
export function taskNamed(tasks: readonly TaskDefinition[], name: Task): TaskDefinition {
  const found = tasks.find((task) => task.name === name);
  if (!found) throw new Error(`no task ${name} among ${namesOf(tasks).join(", ")}`);
  return found;
}

/**
 * The definitions of some names, in the names' order.
 * @param where the names come from, in errors: `--tasks`
 * @throws E_USAGE for a name that is not among the tasks
 */
export function chosenTasks(
  tasks: readonly TaskDefinition[],
  names: readonly Task[],
  where: string,
): TaskDefinition[] {
  const stranger = names.find((name) => !tasks.some((task) => task.name === name));
  if (stranger !== undefined)
    throw new TrinephronError(
      "E_USAGE",
      `${where} ${stranger}: no task of this cohort`,
      `its tasks are ${namesOf(tasks).join(", ")}`,
    );
  return names.map((name) => taskNamed(tasks, name));
}

/** Whether these are the study's three, all of them in their order. */
export const areStudyTasks = (tasks: readonly TaskDefinition[]): boolean =>
  namesOf(tasks).join() === studyNames.join();

/** 1, 0, or undefined where the case does not carry the label. */
export function labelOf(task: TaskDefinition, c: Case): 0 | 1 | undefined {
  const text = cellOf(c, task.column);
  return text === "" ? undefined : meaningOf(task, text);
}

/** A case's cell of a column as `cohort.csv` is written; empty where unknown. */
export function cellOf(c: Case, column: string): string {
  const known = columns.find(({ name }) => name === column);
  return known ? known.write(c) : (c.cells?.[column] ?? "");
}
