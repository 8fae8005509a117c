import { extname } from "node:path";
import { answersAhead } from "../../../base/answersAhead.ts";
import { derivedSeed, random } from "../../../base/random.ts";
import { type Crop, type CropSettings, channels, cropInput } from "../../crop/cropInput.ts";
import { type Augmentation, augment } from "./augment.ts";
import { epochBatches } from "./sampler.ts";

export interface Batch {
  /** `[N, C, D, H, W]` */
  readonly input: Float32Array;
  /** `[N, T]`; 0 where unknown. */
  readonly labels: Float32Array;
  /** `[N, T]`, 1 where known. */
  readonly labelMask: Float32Array;
}

export interface TrainingBatch extends Batch {
  /** From 1. */
  readonly epoch: number;
  /** Within the epoch, from 0. */
  readonly index: number;
}

export interface BatchData {
  readonly crops: readonly Crop[];
  /** `[case][task]`, 0 or 1, or whatever number is learnt; undefined where unknown. */
  readonly labels: readonly (readonly (number | undefined)[])[];
  readonly train: readonly number[];
  readonly validation: readonly number[];
}

export interface BatchSettings {
  readonly crop: CropSettings;
  readonly augmentation: Augmentation;
  readonly batch: number;
  readonly seed: number;
  readonly balanced: boolean;
  readonly epochs: number;
}

/**
 * Augmented batches of the training cases from the start of `firstEpoch` to the end of the last. A worker thread
 * prepares the next while the current one is used. Each is a function of the seed, its epoch and its index alone, so
 * a run that resumes reads the same ones.
 */
export async function* trainingBatches(
  data: BatchData,
  settings: BatchSettings,
  firstEpoch: number,
): AsyncGenerator<TrainingBatch> {
  const url = new URL(`./batch.worker${extname(import.meta.url)}`, import.meta.url);
  yield* answersAhead<BatchPlace, TrainingBatch>(url, { data, settings }, places(data, settings, firstEpoch));
}

/** Which batch: its epoch from 1, its index in it from 0. */
export type BatchPlace = readonly [epoch: number, index: number];

function* places(data: BatchData, settings: BatchSettings, firstEpoch: number): Generator<BatchPlace> {
  const perEpoch = Math.floor(data.train.length / settings.batch);
  for (let epoch = firstEpoch; epoch <= settings.epochs; epoch++)
    for (let index = 0; index < perEpoch; index++) yield [epoch, index];
}

/** The batch of one epoch and index. */
export function trainingBatch(
  data: BatchData,
  settings: BatchSettings,
  epoch: number,
  index: number,
): TrainingBatch {
  const cases = epochBatches(data.train, data.labels, settings, epoch)[index];
  const size = channels(settings.crop) * settings.crop.voxels ** 3;
  const input = new Float32Array(cases.length * size);
  cases.forEach((c, i) => {
    const draw = random(derivedSeed(settings.seed, "augmentation", epoch, index, i));
    augment(
      data.crops[c],
      settings.crop,
      settings.augmentation,
      draw,
      input.subarray(i * size, (i + 1) * size),
    );
  });
  return { epoch, index, input, ...labelsOf(data, cases) };
}

type PlainSettings = Pick<BatchSettings, "crop" | "batch">;

/** Cases as they are, in order; the last batch filled up with unlabelled repeats of its last case. */
export function* plainBatches(
  data: BatchData,
  chosen: readonly number[],
  settings: PlainSettings,
): Generator<Batch & { readonly count: number }> {
  const size = channels(settings.crop) * settings.crop.voxels ** 3;
  for (let start = 0; start < chosen.length; start += settings.batch) {
    const cases = chosen.slice(start, start + settings.batch);
    const input = new Float32Array(settings.batch * size);
    for (let i = 0; i < settings.batch; i++)
      input.set(cropInput(data.crops[cases[Math.min(i, cases.length - 1)]], settings.crop), i * size);
    const known = labelsOf(data, cases);
    const filled = (values: Float32Array) => {
      const all = new Float32Array((values.length / cases.length) * settings.batch);
      all.set(values);
      return all;
    };
    yield { input, labels: filled(known.labels), labelMask: filled(known.labelMask), count: cases.length };
  }
}

/** Labels of some cases, row-major. */
export function labelsOf(
  { labels }: Pick<BatchData, "labels">,
  cases: readonly number[],
): Pick<Batch, "labels" | "labelMask"> {
  const flat = cases.flatMap((c) => labels[c]);
  return {
    labels: Float32Array.from(flat, (label) => label ?? 0),
    labelMask: Float32Array.from(flat, (label) => Number(label !== undefined)),
  };
}
