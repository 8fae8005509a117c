import type { TrainSettings } from "../trained/settings.ts";
import {
  type Batch,
  type BatchData,
  plainBatches,
  type TrainingBatch,
  trainingBatches,
} from "./batches/batches.ts";

/** A batch of cases as they are; the last one is filled up with unlabelled repeats. */
type PlainBatch = Batch & { readonly count: number };

/** What a learner reads of the development cases. */
export interface Examples {
  /** Batches of the training cases from the start of an epoch to the end of the last. */
  training(firstEpoch: number): AsyncIterable<TrainingBatch>;
  /** Batches of any cases, in order. */
  plain(cases: readonly number[]): Iterable<PlainBatch>;
}

/** Crops, augmented in training. */
export const cropExamples = (data: BatchData, settings: TrainSettings): Examples => ({
  training: (firstEpoch) => trainingBatches(data, settings, firstEpoch),
  plain: (cases) => plainBatches(data, cases, settings),
});
