import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { clearPartials, fileError, mustNotExist, writeWhole } from "../../../base/files.ts";
import { software } from "../../../base/version.ts";
import type { Work } from "../../../base/work.ts";
import { encodeOnnx, openModel, parametersIn } from "../../../numerics/graph/index.ts";
import { deployedSegmentation } from "../../model/model.ts";
import type { SegmentationConfig as NetworkConfig } from "../../model/segmentation.ts";
import { openStepper, type Stepper } from "../../train/learner/stepper.ts";
import type { TrainingDataset } from "../dataset/dataset.ts";
import type { SegmentationConfig } from "../own/segmentationConfig.ts";
import {
  readSegmentationFolder,
  segmentationFiles,
  segmentationMetadata,
  writeSegmentationFolder,
} from "../own/segmentationFolder.ts";
import type { Folds } from "./folds.ts";
import { learnSegmentation } from "./learnSegmentation.ts";
import { meanDice } from "./meanDice.ts";
import type { PreparedFile } from "./prepare/prepared.ts";
import { type SegmentationData, segmentationData } from "./segmentationData.ts";
import type { SegmentSettings } from "./segmentSettings.ts";
import { startWeights } from "./startWeights.ts";

/** Where a segmentation's training lives. Its threads are part of the settings: they can change the last bits. */
export interface TrainSegmentationOptions extends Omit<Work, "threads"> {
  /** Where the model, its checkpoint and its log go. */
  readonly folder: string;
  /** Of prepared cases, safe to delete; default `.prepared` beside the model's folder. */
  readonly cacheFolder?: string | undefined;
  /** Start again even where a model or a checkpoint of another run is there. */
  readonly force?: boolean | undefined;
  /** What to start from in place of the settings' `init`, which then stands in no file. */
  readonly start?: string | undefined;
  /** The folds of a cross-validation, and which of them is held out. */
  readonly heldOut?: { readonly folds: Folds; readonly fold: number } | undefined;
}

/**
 * Trains a segmentation, from its checkpoint where there is one: the weights have the same bits as if it had never been
 * stopped. A model of the same settings and data that is there already is returned as it is.
 * @throws E_USAGE, E_TOO_FEW, E_MASK and what reading the images throws; E_CHECKPOINT; E_VALUE (the loss diverged);
 * E_FILE_EXISTS and E_FILE_WRITE; E_INTERRUPTED (on `signal`; the last whole epoch is kept)
 */
export async function trainSegmentation(
  dataset: TrainingDataset,
  settings: SegmentSettings,
  options: TrainSegmentationOptions,
): Promise<SegmentationConfig> {
  const { folder, force, heldOut, signal, progress } = options;
  const { threads, device } = settings;
  const cache = options.cacheFolder ?? join(folder, "..", ".prepared");
  const patients = heldOut ? heldOut.folds.folds[heldOut.fold] : [];
  const data = await segmentationData(dataset, settings, patients, cache, { threads, signal, progress });
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw fileError(error, folder, "E_FILE_WRITE");
  });
  await clearPartials(folder);
  const finished = await claimed(folder, settings, data, force);
  if (finished) return finished;
  if (heldOut)
    await writeWhole(join(folder, segmentationFiles.folds), `${JSON.stringify(heldOut.folds, null, 1)}\n`);

  const network: NetworkConfig = {
    channels: data.channels.length,
    classes: dataset.labels.length + 1,
    patch: settings.patch,
    backbone: settings.backbone,
    deepSupervision: settings.deepSupervision,
  };
  const { batch, optimizer, averaging, seed } = settings;
  const stepper = await openStepper(
    { objective: { kind: "segmentation", network }, batch, optimizer, averaging, threads, device },
    seed,
  );
  try {
    const judged = (weights: Float32Array, files: readonly PreparedFile[]) =>
      diceOf(weights, files, stepper, network, data, settings, dataset.labels.length, options);
    const startedFrom = await startFrom(options.start ?? settings.init, stepper);
    const { history, bestEpoch, best } = await learnSegmentation(
      stepper,
      dataset,
      data,
      settings,
      judged,
      options,
    );
    const named = (dice: readonly (number | null)[]) =>
      Object.fromEntries(dataset.labels.map(({ name }, l) => [name, dice[l]]));
    const fold = heldOut && {
      fold: heldOut.fold,
      folds: heldOut.folds.folds.length,
      cases: data.parts.heldOut.length,
      dice: named(await judged(best, data.parts.heldOut)),
    };
    const config: SegmentationConfig = {
      format: "trinephron-segmentation/1",
      software,
      labels: [...dataset.labels],
      channels: [...data.channels],
      hounsfield: dataset.hounsfield,
      spacing: [...data.spacing],
      patch: settings.patch,
      overlap: settings.overlap,
      normalization: [...data.normalizations],
      settings,
      parameters: stepper.layout.trained,
      dataHash: data.hash,
      cases: { train: data.parts.train.length, validation: data.parts.validation.length },
      ...(dataset.drawn && { source: "drawn" as const }),
      ...(startedFrom !== undefined && { startedFrom }),
      bestEpoch,
      dice: named(history[bestEpoch - 1].dice),
      ...(fold && { fold }),
    };
    await writeSegmentationFolder(
      folder,
      config,
      modelFile(best, stepper, network, segmentationMetadata(config)),
    );
    await rm(join(folder, segmentationFiles.checkpoint), { force: true });
    return config;
  } finally {
    await stepper.close();
  }
}

/** @returns the model of these settings and data where it is there @throws E_FILE_EXISTS where another is */
async function claimed(
  folder: string,
  settings: SegmentSettings,
  data: SegmentationData,
  force = false,
): Promise<SegmentationConfig | undefined> {
  const { model, checkpoint } = segmentationFiles;
  if (force) for (const name of [model, checkpoint]) await rm(join(folder, name), { force: true });
  const found = await readSegmentationFolder(folder).catch((error: TrinephronError) => {
    if (error.code !== "E_FILE_MISSING") throw error;
    return undefined;
  });
  if (!found) return undefined;
  const { config } = found;
  if (config.dataHash === data.hash && JSON.stringify(config.settings) === JSON.stringify(settings))
    return config;
  await mustNotExist(join(folder, model), {});
  return undefined;
}

/**
 * Puts the weights that a training starts from into the network, those whose shapes fit: of a base model's first
 * convolution, and of other labels, they may not.
 * @returns SHA-256 of the file they are from
 */
async function startFrom(init: string, { vectors, layout }: Stepper): Promise<string | undefined> {
  const own = [...parametersIn(vectors.theta, layout)];
  const start = await startWeights(
    init,
    own.map(([name]) => name),
  );
  if (!start) return undefined;
  let taken = 0;
  for (const [name, values] of own) {
    const given = start.weights.get(name);
    if (given?.length !== values.length) continue;
    values.set(given);
    taken += values.length;
  }
  if (taken < vectors.theta.length / 2)
    throw new TrinephronError(
      "E_USAGE",
      `init: ${init}: most of its weights have other shapes than this network's`,
      "use its backbone's depth and width",
    );
  vectors.averaged.set(vectors.theta);
  return start.sha256;
}

const modelFile = (
  weights: Float32Array,
  { layout }: Stepper,
  network: NetworkConfig,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array =>
  encodeOnnx(deployedSegmentation(network, parametersIn(weights, layout), metadata), { shapes: true });

/** By the deployed model, so that what is measured is what is handed out. */
async function diceOf(
  weights: Float32Array,
  files: readonly PreparedFile[],
  stepper: Stepper,
  network: NetworkConfig,
  { choices, normalizations }: SegmentationData,
  { patch, overlap, threads, device }: SegmentSettings,
  labels: number,
  work: Pick<Work, "signal">,
): Promise<(number | null)[]> {
  const session = await openModel(modelFile(weights, stepper, network), { threads, device });
  try {
    return await meanDice(session, files, labels, { patch, overlap, choices, normalizations }, work);
  } finally {
    await session.close();
  }
}
