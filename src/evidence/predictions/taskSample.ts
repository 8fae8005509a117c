import { TrinephronError } from "../../base/errors.ts";
import type { Task, TaskDefinition } from "../../patients/cohort/taskDefinition.ts";
import type { PredictionRow } from "./predictions.ts";

/** The labelled cases of one task, as columns. */
export interface TaskSample {
  readonly task: Task;
  readonly definition: TaskDefinition;
  readonly cases: readonly string[];
  readonly labels: Uint8Array;
  readonly positives: number;
  /** Of a model, in the order of `cases`. @throws E_FORMAT where a case lacks the model */
  scores(model: string): Float64Array;
}

/**
 * The labelled cases of one task; undefined where the task has no row at all.
 * @throws E_ONE_CLASS where a class is missing, E_TOO_FEW where it has a single case: both name task and centre
 */
export function taskSample(
  definition: TaskDefinition,
  predictions: readonly PredictionRow[],
): TaskSample | undefined {
  const task = definition.name;
  const asked = predictions.filter((p) => p.task === task);
  if (asked.length === 0) return undefined;
  const rows = asked.filter((p) => p.label !== undefined);
  const labels = Uint8Array.from(rows, (p) => p.label as number);
  const positives = labels.reduce((n, y) => n + y, 0);
  const centers = [...new Set(asked.map((p) => p.center))].join(", ");
  checkClasses(`${task}, centre ${centers}`, definition, positives, labels.length - positives);
  return {
    task,
    definition,
    cases: rows.map((p) => p.case),
    labels,
    positives,
    scores: (model) =>
      Float64Array.from(rows, (p) => {
        const value = p.probabilities[model];
        if (value === undefined)
          throw new TrinephronError("E_FORMAT", `predictions: case ${p.case}, ${task}: no column ${model}`);
        return value;
      }),
  };
}

/** @throws E_ONE_CLASS, E_TOO_FEW, naming `where` */
export function checkClasses(
  where: string,
  { positive, negative }: TaskDefinition,
  positives: number,
  negatives: number,
): void {
  const counts = `${where}: ${positives} cases of ${positive.words}, ${negatives} of ${negative.words}`;
  if (positives === 0 || negatives === 0)
    throw new TrinephronError("E_ONE_CLASS", counts, "an AUC needs labelled cases of both classes");
  if (positives < 2 || negatives < 2)
    throw new TrinephronError("E_TOO_FEW", counts, "an AUC's interval needs two or more of each");
}
