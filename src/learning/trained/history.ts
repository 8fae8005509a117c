import { stringify } from "csv-stringify/sync";
import { TrinephronError } from "../../base/errors.ts";
import { readWhole } from "../../base/files.ts";
import type { Task } from "../../patients/cohort/taskDefinition.ts";

/** One epoch of training, as logged. */
export interface Epoch {
  /** From 1. */
  readonly epoch: number;
  readonly learningRate: number;
  /** Mean over the epoch's batches. */
  readonly trainLoss: number;
  /** Of the averaged weights on the validation cases. */
  readonly validationLoss: number;
  readonly validationAuc: Readonly<Partial<Record<Task, number>>>;
  /** Wall time. */
  readonly seconds: number;
}

/** The training log: one row an epoch. */
export function historyCsv(history: readonly Epoch[], tasks: readonly Task[]): string {
  const header = [
    "epoch",
    "learning_rate",
    "train_loss",
    "validation_loss",
    ...tasks.map((task) => `auc_${task}`),
    "seconds",
  ];
  const rows = history.map((e) => [
    e.epoch,
    e.learningRate,
    e.trainLoss,
    e.validationLoss,
    ...tasks.map((task) => e.validationAuc[task] ?? ""),
    e.seconds,
  ]);
  return stringify([header, ...rows]);
}

/** The epochs of `history.json`. @throws E_FILE_MISSING, E_MODEL */
export async function readHistory(path: string): Promise<Epoch[]> {
  const text = (await readWhole(path)).toString("utf8");
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TrinephronError("E_MODEL", `${path}: damaged`, "train the model again", { cause: error });
  }
}
