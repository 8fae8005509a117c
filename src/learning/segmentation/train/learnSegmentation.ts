import { createHash } from "node:crypto";
import { join } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { writeWhole } from "../../../base/files.ts";
import { free } from "../../../base/free.ts";
import { version } from "../../../base/version.ts";
import type { Work } from "../../../base/work.ts";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "../../train/checkpoint.ts";
import type { Stepper } from "../../train/learner/stepper.ts";
import { learningRateAt } from "../../train/schedule.ts";
import type { TrainingDataset } from "../dataset/dataset.ts";
import { segmentationFiles } from "../own/segmentationFolder.ts";
import { patchBatches } from "./patches/patches.ts";
import type { PreparedFile } from "./prepare/prepared.ts";
import { type SegmentationData, sourceOf } from "./segmentationData.ts";
import { meanOf, type SegmentationEpoch, segmentationLog } from "./segmentationLog.ts";
import type { SegmentSettings } from "./segmentSettings.ts";

/** What an epoch leaves behind besides the stepper's vectors. */
type State = Pick<Checkpoint<SegmentationEpoch>, "history" | "bestEpoch"> & { readonly best: Float32Array };

/**
 * Epochs until the last, from the checkpoint where there is one; a checkpoint and the log after each.
 * @param judged mean Dice by label of weights on whole cases
 * @throws E_VALUE (the loss diverged), E_CHECKPOINT, E_FILE_WRITE, E_INTERRUPTED
 */
export async function learnSegmentation(
  stepper: Stepper,
  { labels }: TrainingDataset,
  data: SegmentationData,
  settings: SegmentSettings,
  judged: (weights: Float32Array, files: readonly PreparedFile[]) => Promise<(number | null)[]>,
  { signal, progress, folder }: Pick<Work, "signal" | "progress"> & { readonly folder: string },
): Promise<State> {
  const { stepsPerEpoch, epochs, warmupSteps } = settings;
  const checkpoint = join(folder, segmentationFiles.checkpoint);
  const run = createHash("sha256")
    .update(JSON.stringify([version, settings, data.hash, stepper.layout.parameters]))
    .digest("hex");
  const saved = await readCheckpoint<SegmentationEpoch>(checkpoint, run);
  const { best: kept, ...vectors } = saved?.vectors ?? {};
  if (saved) stepper.vectors = vectors;
  let state: State = {
    history: saved?.history ?? [],
    bestEpoch: saved?.bestEpoch ?? 0,
    best: kept ?? stepper.vectors.averaged.slice(),
  };
  const total = stepsPerEpoch * epochs;
  let step = stepsPerEpoch * state.history.length;
  let [sum, started] = [0, performance.now()];
  for await (const { image, labels: classes } of patchBatches(sourceOf(data, settings), step, total)) {
    if (signal?.aborted) throw interrupted(state.history.length, folder);
    const rate = learningRateAt(step, warmupSteps, total, settings.learningRate);
    const loss = await stepper.step({ image, labels: classes }, rate);
    free(image);
    sum += loss;
    step++;
    const epoch = Math.ceil(step / stepsPerEpoch);
    progress?.("training", step, total, stateText(epoch, loss, state.history.at(-1)));
    if (step % stepsPerEpoch > 0) continue;

    const trainLoss = sum / stepsPerEpoch;
    if (!Number.isFinite(trainLoss))
      throw new TrinephronError(
        "E_VALUE",
        `the loss is not finite in epoch ${epoch}`,
        "lower the learning rate",
      );
    const dice = await judged(stepper.vectors.averaged, data.parts.validation);
    const seconds = (performance.now() - started) / 1000;
    const history = [...state.history, { epoch, learningRate: rate, trainLoss, dice, seconds }];
    const better = epoch === 1 || meanOf(dice) > meanOf(history[state.bestEpoch - 1].dice);
    state = better
      ? { history, bestEpoch: epoch, best: stepper.vectors.averaged.slice() }
      : { ...state, history };
    const { bestEpoch, best } = state;
    await writeCheckpoint(checkpoint, { run, history, bestEpoch, vectors: { ...stepper.vectors, best } });
    await writeWhole(join(folder, segmentationFiles.log), segmentationLog(history, labels));
    [sum, started] = [0, performance.now()];
  }
  return state;
}

/** `epoch 3 loss 0.521 Dice 0.84 0.82`: of the last whole epoch. */
function stateText(epoch: number, loss: number, last: SegmentationEpoch | undefined): string {
  const dice = last ? ` Dice${last.dice.map((value) => ` ${value?.toFixed(3) ?? "–"}`).join("")}` : "";
  return `epoch ${epoch} loss ${loss.toFixed(3)}${dice}`;
}

const interrupted = (epochs: number, folder: string) =>
  new TrinephronError(
    "E_INTERRUPTED",
    `stopped; ${epochs} epoch${epochs === 1 ? "" : "s"} kept in ${folder}`,
    "the same command goes on from there",
  );
