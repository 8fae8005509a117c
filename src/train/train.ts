import { createHash } from "node:crypto";
import { access, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Cohort } from "../cohort/case.ts";
import type { Task } from "../cohort/tasks.ts";
import { TrinephronError } from "../errors.ts";
import { writeWhole } from "../files.ts";
import { auc } from "../stats/index.ts";
import { plainBatches, trainingBatches, validationBatches } from "./batches.ts";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { deploy } from "./deploy.ts";
import { type DevelopmentData, developmentData, labelled } from "./development.ts";
import { type Epoch, historyCsv } from "./history.ts";
import { type Learner, type LearnerBatch, openLearner } from "./learner.ts";
import { type ModelConfig, readModelFolder, writeModelFolder } from "./modelFolder.ts";
import { learningRateAt } from "./schedule.ts";
import type { TrainSettings } from "./settings.ts";

export interface TrainOptions {
  /** Where the model, its checkpoint and its log go. */
  readonly folder: string;
  readonly cacheFolder: string;
  /** Start again even where a checkpoint or a model of another run is there. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  readonly onCrop?: (done: number, total: number) => void;
  readonly onBatch?: (progress: TrainProgress) => void;
}

export interface TrainProgress {
  /** Batches done, and in all epochs. */
  readonly done: number;
  readonly total: number;
  readonly epoch: number;
  readonly loss: number;
  readonly history: readonly Epoch[];
}

/** What an epoch leaves behind. */
type State = Pick<Checkpoint, "history" | "bestEpoch" | "seconds"> & { readonly best: Float32Array };

/**
 * Trains one model on the development centre, from its checkpoint where there is one: the weights have the same bits
 * as if it had never been stopped. A model that is there already, of the same settings and data, is returned as it is.
 * @throws E_COHORT, E_ONE_CLASS, E_CHECKPOINT, E_VALUE (the loss diverged),
 * E_INTERRUPTED (on `signal`; the last whole epoch is kept)
 */
export async function train(
  cohort: Cohort,
  settings: TrainSettings,
  options: TrainOptions,
): Promise<ModelConfig> {
  const data = await developmentData(cohort, settings, {
    cacheFolder: options.cacheFolder,
    threads: settings.threads,
    ...(options.onCrop && { onProgress: options.onCrop }),
  });
  if (options.force) await rm(options.folder, { recursive: true, force: true });
  const done = await finished(options.folder, settings, data);
  if (done) return done;

  const learner = await openLearner(settings);
  const checkpoint = join(options.folder, "checkpoint.bin");
  try {
    const state = await learn(learner, data, settings, checkpoint, options);
    learner.vectors = { ...learner.vectors, averaged: state.best };
    const { logits, validationAuc } = await evaluate(learner, data, settings);
    const { bestEpoch, seconds } = state;
    const trained = { layout: learner.layout, theta: state.best, logits, validationAuc, bestEpoch, seconds };
    await writeWhole(join(options.folder, "history.json"), `${JSON.stringify(state.history, null, 1)}\n`);
    const model = deploy(trained, data, settings);
    await writeModelFolder({ folder: options.folder, ...model });
    await rm(checkpoint, { force: true });
    return model.config;
  } finally {
    await learner.close();
  }
}

/** Epochs until the last, or until none was better for `patience`; a checkpoint after each. */
async function learn(
  learner: Learner,
  data: DevelopmentData,
  settings: TrainSettings,
  checkpoint: string,
  { signal, onBatch, folder }: TrainOptions,
): Promise<State> {
  const run = createHash("sha256")
    .update(JSON.stringify([settings, data.hash]))
    .digest("hex");
  let state = await resume(learner, checkpoint, run);
  if (state.history.length === 0) {
    await learner.standardise(standardising(data, settings));
    state = { ...state, best: learner.vectors.averaged };
  }
  const perEpoch = Math.floor(data.train.length / settings.batch);
  const total = perEpoch * settings.epochs;
  const over = () =>
    state.history.length >= settings.epochs || state.history.length - state.bestEpoch >= settings.patience;
  if (over()) return state;

  let start = performance.now();
  let losses: number[] = [];
  for await (const batch of trainingBatches(data, settings, state.history.length + 1)) {
    const { epoch, index } = batch;
    if (signal?.aborted) throw interrupted(epoch, state.history.length, checkpoint);
    const done = (epoch - 1) * perEpoch + index;
    const rate = learningRateAt(done, settings.warmupEpochs * perEpoch, total, settings.learningRate);
    losses.push(await learner.step(weighted(batch, data), rate, [epoch, index]));
    onBatch?.({ done: done + 1, total, epoch, loss: losses[losses.length - 1], history: state.history });
    if (index < perEpoch - 1) continue;

    const trainLoss = losses.reduce((a, b) => a + b, 0) / losses.length;
    losses = [];
    if (!Number.isFinite(trainLoss))
      throw new TrinephronError(
        "E_VALUE",
        `the loss is not finite in epoch ${epoch}`,
        "lower the learning rate",
      );
    const { validationLoss, validationAuc } = await evaluate(learner, data, settings);
    const history = [
      ...state.history,
      { epoch, learningRate: rate, trainLoss, validationLoss, validationAuc },
    ];
    const better = epoch === 1 || score(history[epoch - 1]) > score(history[state.bestEpoch - 1]);
    state = {
      history,
      seconds: state.seconds + (performance.now() - start) / 1000,
      bestEpoch: better ? epoch : state.bestEpoch,
      best: better ? learner.vectors.averaged : state.best,
    };
    start = performance.now();
    const { best, ...rest } = state;
    await writeCheckpoint(checkpoint, { run, ...rest, vectors: { ...learner.vectors, best } });
    await writeWhole(join(folder, "training-log.csv"), historyCsv(history, settings.tasks));
    if (over()) break;
  }
  return state;
}

/** Enough whole batches of training cases for a mean and a deviation. */
function* standardising(data: DevelopmentData, settings: TrainSettings): Generator<LearnerBatch> {
  const cases = data.train.slice(
    0,
    settings.batch * Math.floor(Math.min(data.train.length, 96) / settings.batch),
  );
  for (const batch of plainBatches(data, cases, settings)) yield weighted(batch, data);
}

async function resume(learner: Learner, checkpoint: string, run: string): Promise<State> {
  const saved = await readCheckpoint(checkpoint, run);
  if (!saved) return { history: [], bestEpoch: 0, seconds: 0, best: learner.vectors.averaged };
  const { best, ...vectors } = saved.vectors;
  learner.vectors = vectors;
  return { history: saved.history, bestEpoch: saved.bestEpoch, seconds: saved.seconds, best };
}

const interrupted = (epoch: number, saved: number, checkpoint: string) =>
  new TrinephronError(
    "E_INTERRUPTED",
    `stopped in epoch ${epoch}; ${saved} epoch${saved === 1 ? "" : "s"} kept in ${checkpoint}`,
    "the same command goes on from there",
  );

/** A model of exactly these settings and data, where the folder holds one. */
async function finished(folder: string, settings: TrainSettings, data: DevelopmentData) {
  const there = await access(join(folder, "model.onnx")).then(
    () => true,
    () => false,
  );
  if (!there) return undefined;
  const { config } = await readModelFolder(folder);
  if (config.dataHash === data.hash && JSON.stringify(config.settings) === JSON.stringify(settings))
    return config;
  throw new TrinephronError(
    "E_FILE_EXISTS",
    `${folder} holds a model of other settings or other data`,
    "choose another --out, or --force to replace it",
  );
}

/** Mean validation AUC, in doubt the lower loss: a small validation set has many equal AUCs. */
function score({ validationAuc, validationLoss }: Epoch): number {
  const aucs = Object.values(validationAuc);
  return aucs.reduce((a, b) => a + b, 0) / aucs.length - 0.05 * validationLoss;
}

/** Loss, AUCs and logits of the validation cases under the averaged weights. */
async function evaluate(learner: Learner, data: DevelopmentData, settings: TrainSettings) {
  const { tasks } = settings;
  const logits = new Float32Array(data.validation.length * tasks.length);
  let loss = 0;
  let done = 0;
  for await (const batch of validationBatches(data, settings)) {
    const answer = await learner.evaluate(weighted(batch, data));
    logits.set(answer.logits.subarray(0, batch.count * tasks.length), done * tasks.length);
    loss += answer.loss * batch.count;
    done += batch.count;
  }
  const validationAuc: Partial<Record<Task, number>> = {};
  tasks.forEach((task, t) => {
    const known = labelled(data, data.validation, logits, t);
    validationAuc[task] = auc(known.labels, known.logits);
  });
  return { logits, validationLoss: loss / done, validationAuc };
}

/** Class weights put where labels are known. */
function weighted(
  batch: { readonly input: Float32Array; readonly labels: Float32Array; readonly labelMask: Float32Array },
  { classWeights }: DevelopmentData,
): LearnerBatch {
  const { input, labels, labelMask } = batch;
  const weights = labelMask.map((known, i) => known * classWeights[i % classWeights.length][labels[i]]);
  return { input, labels, weights };
}
