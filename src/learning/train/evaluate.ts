import { free } from "../../base/free.ts";
import { auc } from "../../numerics/stats/index.ts";
import type { Task } from "../../patients/cohort/taskDefinition.ts";
import type { TrainSettings } from "../trained/settings.ts";
import type { Batch } from "./batches/batches.ts";
import { type DevelopmentData, labeled } from "./development.ts";
import type { Examples } from "./examples.ts";
import type { Learner, LearnerBatch } from "./learner/learner.ts";

/** How the averaged weights answer the validation cases. */
export interface Evaluation {
  /** `[validation cases, T]` */
  readonly logits: Float32Array;
  readonly validationLoss: number;
  readonly validationAuc: Readonly<Partial<Record<Task, number>>>;
}

/** Loss, AUCs and logits of the validation cases under the averaged weights. */
export async function evaluate(
  learner: Learner,
  examples: Examples,
  data: DevelopmentData,
  settings: TrainSettings,
): Promise<Evaluation> {
  const { tasks } = settings;
  const logits = new Float32Array(data.validation.length * tasks.length);
  let loss = 0;
  let done = 0;
  for (const batch of examples.plain(data.validation)) {
    const answer = await learner.evaluate(weighted(batch, data));
    free(batch.input);
    logits.set(answer.logits.subarray(0, batch.count * tasks.length), done * tasks.length);
    loss += answer.loss * batch.count;
    done += batch.count;
  }
  const aucs = tasks.map((task, t) => {
    const known = labeled(data, data.validation, logits, t);
    return [task, auc(known.labels, known.logits)] as const;
  });
  return { logits, validationLoss: loss / done, validationAuc: Object.fromEntries(aucs) };
}

/** Features of cases under the averaged weights. @returns `[cases][F]` */
export async function featuresOf(
  learner: Learner,
  examples: Examples,
  data: DevelopmentData,
  cases: readonly number[],
  settings: TrainSettings,
): Promise<number[][]> {
  const rows: number[][] = [];
  for (const batch of examples.plain(cases)) {
    const { features } = await learner.evaluate(weighted(batch, data));
    free(batch.input);
    const length = features.length / settings.batch;
    for (let i = 0; i < batch.count; i++) rows.push([...features.subarray(i * length, (i + 1) * length)]);
  }
  return rows;
}

/** Class weights put where labels are known. */
export function weighted(batch: Batch, { classWeights }: DevelopmentData): LearnerBatch {
  const { input, labels, labelMask } = batch;
  const weights = labelMask.map((known, i) => known * classWeights[i % classWeights.length][labels[i]]);
  return { input, labels, weights };
}
