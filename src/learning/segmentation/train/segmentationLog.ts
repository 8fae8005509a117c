import { stringify } from "csv-stringify/sync";
import type { SegmentationLabel } from "../dataset/dataset.ts";

/** One epoch of a segmentation's training. */
export interface SegmentationEpoch {
  /** From 1. */
  readonly epoch: number;
  /** Of its last step. */
  readonly learningRate: number;
  /** Mean over its steps. */
  readonly trainLoss: number;
  /** Of the validation cases, by class from 1; null where none has it. */
  readonly dice: readonly (number | null)[];
  readonly seconds: number;
}

/** The log as CSV, an epoch a row. */
export const segmentationLog = (
  history: readonly SegmentationEpoch[],
  labels: readonly SegmentationLabel[],
): string =>
  stringify([
    ["epoch", "learning_rate", "train_loss", ...labels.map(({ name }) => `dice_${name}`), "seconds"],
    ...history.map(({ epoch, learningRate, trainLoss, dice, seconds }) => [
      epoch,
      learningRate,
      trainLoss,
      ...dice,
      seconds.toFixed(1),
    ]),
  ]);

/** Mean Dice over the labels that any validation case has. */
export const meanOf = (dice: SegmentationEpoch["dice"]): number => {
  const known = dice.filter((value) => value !== null);
  return known.length > 0 ? known.reduce((a, b) => a + b) / known.length : 0;
};
