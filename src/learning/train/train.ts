import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { TrinephronError } from "../../base/errors.ts";
import { writeWhole } from "../../base/files.ts";
import { free } from "../../base/free.ts";
import { version } from "../../base/version.ts";
import type { Work } from "../../base/work.ts";
import { parametersIn } from "../../numerics/graph/index.ts";
import type { Cohort } from "../../patients/cohort/case.ts";
import { mustBeSound } from "../../patients/cohort/check/check.ts";
import { type BaseModel, baseOf, mustFit } from "../trained/baseModel.ts";
import { familiarityOf } from "../trained/familiarity.ts";
import { type Epoch, historyCsv } from "../trained/history.ts";
import { type ModelConfig, runFiles, writeModelFolder } from "../trained/modelFolder.ts";
import type { TrainSettings } from "../trained/settings.ts";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { type DevelopmentData, developmentData } from "./development.ts";
import { evaluate, featuresOf, weighted } from "./evaluate.ts";
import { cropExamples, type Examples } from "./examples.ts";
import { deploy } from "./exportModel.ts";
import { type Learner, type LearnerBatch, openLearner } from "./learner/learner.ts";
import type { DevelopmentParts } from "./parts.ts";
import { pooledExamples } from "./pooledExamples.ts";
import { claimRunFolder } from "./runFolder.ts";
import { learningRateAt } from "./schedule.ts";

/** Where a training run lives. Its threads are part of the settings: they can change the last bits. */
export interface TrainOptions extends Omit<Work, "threads"> {
  /** Where the model, its checkpoint and its log go. */
  readonly folder: string;
  /** Of crops, safe to delete; default `.crops` in the cohort's folder. */
  readonly cacheFolder?: string | undefined;
  /** Start again even where a checkpoint or a model of another run is there. */
  readonly force?: boolean | undefined;
  /** Default: the split of the settings' seed, and every label. */
  readonly parts?: DevelopmentParts | undefined;
}

/** What an epoch leaves behind besides the learner's vectors. */
type State = Pick<Checkpoint, "history" | "bestEpoch"> & { readonly best: Float32Array };

/**
 * Trains one model on the development centre, from its checkpoint where there is one: the weights have the same bits
 * as if it had never been stopped. A model that is there already, of the same settings and data, is returned as it is.
 * @throws E_COHORT, E_ONE_CLASS, E_CHECKPOINT, E_VALUE (the loss diverged), E_FILE_EXISTS and E_FILE_WRITE,
 * E_INTERRUPTED (on `signal`; the last whole epoch is kept); E_MASK, E_PHASE, E_GEOMETRY, E_VALUE, and as `readNifti`,
 * for a case that cannot be cropped
 */
export async function train(
  cohort: Cohort,
  settings: TrainSettings,
  options: TrainOptions,
): Promise<ModelConfig> {
  const { folder, cacheFolder, force, parts, signal, progress } = options;
  const { threads } = settings;
  const base = await baseOf(settings);
  if (base) mustFit(settings, base);
  await mustBeSound({ ...cohort, cases: cohort.cases.filter((c) => c.center === settings.center) });
  const data = await developmentData(cohort, settings, { parts, cacheFolder, threads, signal, progress });
  const finished = await claimRunFolder(folder, settings, data.hash, base?.sha256, force);
  if (finished) return finished;

  const examples =
    base && settings.frozenStages === settings.backbone.stages
      ? await pooledExamples(data, settings, base, cacheFolder ?? join(cohort.folder, ".crops"), {
          threads,
          signal,
          progress,
        })
      : cropExamples(data, settings);
  const learner = await openLearner(settings, base);
  try {
    const { history, bestEpoch, best } = await learn(learner, examples, data, settings, base, options);
    learner.vectors = { ...learner.vectors, averaged: best };
    const { logits, validationAuc } = await evaluate(learner, examples, data, settings);
    const features = (cases: readonly number[]) => featuresOf(learner, examples, data, cases, settings);
    const familiarity = familiarityOf(await features(data.train), await features(data.validation));
    const weights = new Map([...(base?.weights ?? []), ...parametersIn(best, learner.layout)]);
    const trained = { weights, baseModel: base?.sha256, logits, validationAuc, bestEpoch, familiarity };
    await writeWhole(join(folder, runFiles.history), `${JSON.stringify(history, null, 1)}\n`);
    const model = deploy(trained, data, settings);
    await writeModelFolder({ folder, ...model });
    await rm(join(folder, runFiles.checkpoint), { force: true });
    return model.config;
  } finally {
    await learner.close();
  }
}

/** Epochs until the last, or until none was better for `patience`; a checkpoint after each. */
async function learn(
  learner: Learner,
  examples: Examples,
  data: DevelopmentData,
  settings: TrainSettings,
  base: BaseModel | undefined,
  { signal, progress, folder }: TrainOptions,
): Promise<State> {
  const checkpoint = join(folder, runFiles.checkpoint);
  const run = runOf(learner, data, settings, base);
  let state = (await resume(learner, checkpoint, run)) ?? (await start(learner, examples, data, settings));
  const perEpoch = Math.floor(data.train.length / settings.batch);
  const total = perEpoch * settings.epochs;
  const over = () =>
    state.history.length >= settings.epochs || state.history.length - state.bestEpoch >= settings.patience;
  if (over()) return state;

  let started = performance.now();
  let sum = 0;
  for await (const batch of examples.training(state.history.length + 1)) {
    const { epoch, index } = batch;
    if (signal?.aborted) throw interrupted(epoch, state.history.length, folder);
    const done = (epoch - 1) * perEpoch + index;
    const rate = learningRateAt(done, settings.warmupEpochs * perEpoch, total, settings.learningRate);
    const loss = await learner.step(weighted(batch, data), rate, [epoch, index]);
    free(batch.input);
    sum += loss;
    progress?.("training", done + 1, total, stateText(epoch, loss, state.history.at(-1)));
    if (index < perEpoch - 1) continue;

    const trainLoss = sum / perEpoch;
    if (!Number.isFinite(trainLoss)) throw diverged(epoch);
    const { validationLoss, validationAuc } = await evaluate(learner, examples, data, settings);
    const seconds = (performance.now() - started) / 1000;
    const now: Epoch = { epoch, learningRate: rate, trainLoss, validationLoss, validationAuc, seconds };
    const history = [...state.history, now];
    const better = epoch === 1 || score(now) > score(history[state.bestEpoch - 1]);
    state = better
      ? { history, bestEpoch: epoch, best: learner.vectors.averaged.slice() }
      : { ...state, history };
    const { bestEpoch, best } = state;
    await writeCheckpoint(checkpoint, { run, history, bestEpoch, vectors: { ...learner.vectors, best } });
    await writeWhole(join(folder, runFiles.log), historyCsv(history, settings.tasks));
    if (over()) break;
    started = performance.now();
    sum = 0;
  }
  return state;
}

/** `epoch 3 loss 0.521 AUC 0.71 0.80 0.86`: the AUCs of the last whole epoch. */
function stateText(epoch: number, loss: number, last: Epoch | undefined): string {
  const aucs = last ? aucsOf(last).map((value) => ` ${value.toFixed(2)}`) : [];
  return `epoch ${epoch} loss ${loss.toFixed(3)}${aucs.length > 0 ? ` AUC${aucs.join("")}` : ""}`;
}

/** What a checkpoint must have in common with a run that goes on from it: all that decides the next epoch's bits. */
const runOf = (
  { layout }: Learner,
  { hash }: DevelopmentData,
  settings: TrainSettings,
  base: BaseModel | undefined,
): string =>
  createHash("sha256")
    .update(JSON.stringify([version, settings, hash, base?.sha256, layout.parameters]))
    .digest("hex");

async function resume(learner: Learner, checkpoint: string, run: string): Promise<State | undefined> {
  const saved = await readCheckpoint(checkpoint, run);
  if (!saved) return undefined;
  const { best, ...vectors } = saved.vectors;
  learner.vectors = vectors;
  return { history: saved.history, bestEpoch: saved.bestEpoch, best };
}

/** Before the first epoch: features standardised over enough whole batches of training cases. */
async function start(
  learner: Learner,
  examples: Examples,
  data: DevelopmentData,
  { batch }: TrainSettings,
): Promise<State> {
  const cases = data.train.slice(0, batch * Math.floor(Math.min(data.train.length, 96) / batch));
  await learner.standardize(batchesOf(cases, examples, data));
  return { history: [], bestEpoch: 0, best: learner.vectors.averaged.slice() };
}

function* batchesOf(
  cases: readonly number[],
  examples: Examples,
  data: DevelopmentData,
): Generator<LearnerBatch> {
  for (const batch of examples.plain(cases)) yield weighted(batch, data);
}

/**
 * Mean validation AUC less a quarter of the mean cross-entropy: a few dozen cases rank well by chance, as early as in the
 * first epochs, which a proper score does not reward.
 */
function score({ validationAuc, validationLoss }: Epoch): number {
  const aucs = aucsOf({ validationAuc });
  return (aucs.reduce((a, b) => a + b, 0) - validationLoss / 4) / aucs.length;
}

const aucsOf = ({ validationAuc }: Pick<Epoch, "validationAuc">): number[] =>
  Object.values(validationAuc).filter((value) => value !== undefined);

const interrupted = (epoch: number, saved: number, folder: string) =>
  new TrinephronError(
    "E_INTERRUPTED",
    `stopped in epoch ${epoch}; ${saved} epoch${saved === 1 ? "" : "s"} kept in ${folder}`,
    "the same command goes on from there",
  );

const diverged = (epoch: number) =>
  new TrinephronError("E_VALUE", `the loss is not finite in epoch ${epoch}`, "lower the learning rate");
