import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "csv-stringify/sync";
import { TrinephronError } from "../../base/errors.ts";
import { clearPartials, fileError, mustNotExist, writeWhole } from "../../base/files.ts";
import { free } from "../../base/free.ts";
import { software, version } from "../../base/version.ts";
import type { Work } from "../../base/work.ts";
import { parametersIn } from "../../numerics/graph/index.ts";
import { phases } from "../../patients/cohort/case.ts";
import { type CropSettings, channels, edgesMm } from "../crop/cropInput.ts";
import type { NetworkConfig } from "../model/network.ts";
import { type BatchData, plainBatches, trainingBatches } from "../train/batches/batches.ts";
import { setStandardization } from "../train/learner/standardize.ts";
import { openStepper, type Stepper } from "../train/learner/stepper.ts";
import { learningRateAt } from "../train/schedule.ts";
import { type BaseConfig, baseFile, writeBaseModel } from "../trained/baseModel.ts";
import { baseCard } from "./baseCard.ts";
import { pretrainingInputs } from "./inputs.ts";
import type { PretrainSettings } from "./pretrainSettings.ts";
import { type Quality, qualityOf } from "./quality.ts";
import { drawSamples } from "./samples.ts";
import { type RoundLog, readState, stateFile, writeState } from "./state.ts";
import { type Scales, scaled, scalesOf, targetNames } from "./targets.ts";

/** Where a pretraining lives. Its threads are part of the settings: they can change the last bits. */
export interface PretrainOptions extends Omit<Work, "threads"> {
  /** Where the base model, its checkpoint and its log go. */
  readonly folder: string;
  /** Replace a base model of other settings. */
  readonly force?: boolean | undefined;
}

/** How far phantoms are moved each time they are used. */
const augmentation = {
  flip: true,
  rotationDegrees: 15,
  scale: 0.03,
  shiftMm: 8,
  noiseHu: 6,
  intensity: 0.03,
  phaseDropout: 0.04,
} as const;
const [warmupPasses, clipNorm, averaging] = [2, 5, 0.99];
/** Number of the first validation phantom: far beyond those that are learnt from. */
const heldOut = 1_000_000;

/**
 * Pretrains a backbone on simulated kidney tumours alone: it learns to outline kidney and tumour and to tell numbers that
 * are known of each phantom; no histology, stage or complexity. Each round draws new phantoms. Stopped, the same call goes
 * on from the last whole round; the weights have the same bits as if it had never been stopped.
 * @throws E_FILE_EXISTS, E_FILE_WRITE, E_CHECKPOINT, E_VALUE (the loss diverged), E_INTERRUPTED
 */
export async function pretrain(settings: PretrainSettings, options: PretrainOptions): Promise<BaseConfig> {
  const { folder, force, signal, progress } = options;
  const { seed, rounds, phantoms, passes, batch, threads } = settings;
  await claim(folder, force);
  const crop = cropOf(settings);
  const network = networkOf(settings, crop);
  const all = settings.validation + rounds * phantoms;
  const draw = (first: number, count: number, before: number) =>
    drawSamples(
      { seed, first, count, crop },
      { threads, signal, progress: (_, done) => progress?.("drawing", before + done, all) },
    );
  const stepper = await openStepper(
    {
      objective: { kind: "pretraining", network, targets: targetNames.length },
      batch,
      optimizer: { kind: "adamw", weightDecay: settings.weightDecay, clipNorm },
      averaging,
      threads,
      device: settings.device,
    },
    seed,
  );
  try {
    const run = createHash("sha256")
      .update(JSON.stringify([version, settings, stepper.layout.parameters]))
      .digest("hex");
    const state = await readState(folder, run);
    let { scales, log } = state ?? { scales: undefined, log: [] as readonly RoundLog[] };
    if (state) stepper.vectors = state.vectors;
    const unseen = await draw(heldOut, settings.validation, 0);
    const perPass = Math.floor(phantoms / batch);
    const total = perPass * passes * rounds;
    for (let round = log.length; round < rounds; round++) {
      const { crops, targets } = await draw(
        round * phantoms,
        phantoms,
        settings.validation + round * phantoms,
      );
      scales ??= scalesOf(targets);
      const data = { crops, labels: scaled(targets, scales), train: crops.map((_, i) => i), validation: [] };
      if (round === 0) await standardize(stepper, data, settings, crop);
      let sum = 0;
      const batches = { crop, augmentation, batch, seed, balanced: false, epochs: (round + 1) * passes };
      for await (const one of trainingBatches(data, batches, round * passes + 1)) {
        if (signal?.aborted) throw interrupted(log.length, folder);
        const done = (one.epoch - 1) * perPass + one.index;
        const rate = learningRateAt(done, warmupPasses * perPass, total, settings.learningRate);
        const loss = await stepper.step(pretrainingInputs(one, settings), rate);
        free(one.input);
        sum += loss;
        progress?.("pretraining", done + 1, total, `round ${round + 1} loss ${loss.toFixed(3)}`);
      }
      const loss = sum / (perPass * passes);
      if (!Number.isFinite(loss))
        throw new TrinephronError(
          "E_VALUE",
          `the loss is not finite in round ${round + 1}`,
          "lower the learning rate",
        );
      const quality = await qualityOf(
        stepper,
        { ...unseen, targets: scaled(unseen.targets, scales) },
        settings,
        crop,
      );
      log = [...log, { round: round + 1, loss, ...quality }];
      await writeState(folder, { run, scales, log, vectors: stepper.vectors });
      await writeWhole(join(folder, "pretraining-log.csv"), logCsv(log));
    }
    const config = configOf(settings, crop, scales!, log.at(-1)!, stepper);
    await writeWhole(join(folder, "MODEL_CARD.md"), baseCard(config));
    await writeBaseModel(folder, config, kept(stepper));
    await rm(join(folder, stateFile), { force: true });
    return config;
  } finally {
    await stepper.close();
  }
}

async function claim(folder: string, force = false): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw fileError(error, folder, "E_FILE_WRITE");
  });
  await clearPartials(folder);
  if (force) for (const name of [baseFile, stateFile]) await rm(join(folder, name), { force: true });
  await mustNotExist(join(folder, baseFile), { force });
}

const cropOf = ({ fieldOfViewMm, contextMm, voxels }: PretrainSettings): CropSettings => ({
  center: "tumor",
  fieldOfViewMm,
  contextMm,
  voxels,
  window: [-150, 350],
  phases,
  maskChannels: true,
});

/** Of it only the encoder is used: tasks and what extracts for them come later. */
const networkOf = ({ voxels, backbone, embedding }: PretrainSettings, crop: CropSettings): NetworkConfig => ({
  tasks: [],
  features: "learnt",
  channels: channels(crop),
  cubes: edgesMm(crop).length,
  masks: true,
  outlines: true,
  voxels,
  backbone,
  embedding,
  ple: { levels: 0, expertsPerTask: 0, sharedExperts: 1, units: 1 },
  tower: 1,
});

/** Before the first step: what is pooled is standardised over the first phantoms. */
async function standardize(
  stepper: Stepper,
  data: BatchData,
  settings: PretrainSettings,
  crop: CropSettings,
): Promise<void> {
  const { batch } = settings;
  const rows: Float32Array[] = [];
  const length = stepper.length("pooled");
  const cases = data.train.slice(0, batch * Math.floor(Math.min(data.train.length, 96) / batch));
  for (const [index, one] of [...plainBatches(data, cases, { crop, batch })].entries()) {
    const { pooled } = await stepper.evaluate(pretrainingInputs({ ...one, epoch: 0, index }, settings));
    for (let i = 0; i < batch; i++) rows.push(pooled.slice(i * length, (i + 1) * length));
  }
  const { theta, averaged } = stepper.vectors;
  setStandardization(theta, stepper.layout, rows);
  averaged.set(theta);
}

/** The averaged weights that a model can start from: not those that told the targets. */
const kept = ({ vectors, layout }: Stepper): Map<string, Float32Array> =>
  new Map([...parametersIn(vectors.averaged, layout)].filter(([name]) => !name.startsWith("targets.")));

function configOf(
  settings: PretrainSettings,
  crop: CropSettings,
  { mean, deviation }: Scales,
  { masks, outlines, dice }: Quality,
  stepper: Stepper,
): BaseConfig {
  const { seed, backbone, embedding, rounds, phantoms, passes, validation } = settings;
  return {
    format: "trinephron-base/2",
    software,
    network: { crop: { ...crop, window: [...crop.window], phases: [...crop.phases] }, backbone, embedding },
    seed,
    samples: rounds * phantoms,
    passes,
    targets: targetNames.map((name, k) => ({
      name,
      mean: mean[k],
      deviation: deviation[k],
      explained: { masks: masks[k], outlines: outlines[k] },
    })),
    dice,
    validation,
    parameters: [...kept(stepper).values()].reduce((sum, { length }) => sum + length, 0),
  };
}

const logCsv = (log: readonly RoundLog[]): string =>
  stringify([
    [
      "round",
      "loss",
      "dice_kidney",
      "dice_tumor",
      ...targetNames.flatMap((name) => [`${name} (masks)`, `${name} (outlines)`]),
    ],
    ...log.map(({ round, loss, dice, masks, outlines }) => [
      round,
      loss,
      dice.kidney,
      dice.tumor,
      ...targetNames.flatMap((_, k) => [masks[k], outlines[k]]),
    ]),
  ]);

const interrupted = (rounds: number, folder: string) =>
  new TrinephronError(
    "E_INTERRUPTED",
    `stopped; ${rounds} rounds kept in ${folder}`,
    "the same command goes on from there",
  );
