import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Work } from "../../../base/work.ts";
import { drawnDataset } from "../train/drawn/drawnDataset.ts";
import { trainSegmentation } from "../train/trainSegmentation.ts";
import type { TwoStageConfig } from "./twoStageConfig.ts";
import { joinModels } from "./twoStageFolder.ts";
import type { TwoStageTraining } from "./twoStageTraining.ts";

/** Where a two-stage model's training lives. */
export interface TrainTwoStageOptions extends Pick<Work, "signal" | "progress"> {
  /** The model's folder: the two are trained in `coarse` and `fine` of it. */
  readonly folder: string;
  /** Of drawn scans, safe to delete; default `.prepared` beside the folder. */
  readonly cacheFolder?: string | undefined;
  /** Start again even where models are there. */
  readonly force?: boolean | undefined;
}

/**
 * Trains a coarse and a fine network on drawn scans and joins them; called again after a stop, it goes on from there. The
 * fine one starts from the coarse one's weights where their backbones are alike and its `init` names nothing else.
 * @throws as `trainSegmentation` and `joinModels`
 */
export async function trainTwoStage(
  training: TwoStageTraining,
  { folder, cacheFolder = join(folder, "..", ".prepared"), force, signal, progress }: TrainTwoStageOptions,
): Promise<TwoStageConfig> {
  // What kidneys look like need not be learnt twice, where the networks are alike.
  const { coarse, fine } = training;
  const isAlike = isDeepStrictEqual(coarse.settings.backbone, fine.settings.backbone);
  const goesOn = isAlike && fine.settings.init === "none";
  for (const name of ["coarse", "fine"] as const) {
    const { scans, settings } = training[name];
    await trainSegmentation(drawnDataset(scans, settings), settings, {
      folder: join(folder, name),
      cacheFolder,
      start: goesOn && name === "fine" ? join(folder, "coarse") : undefined,
      force,
      signal,
      progress: progress && ((step, ...how) => progress(`${step} (${name})`, ...how)),
    });
  }
  return joinModels(join(folder, "coarse"), join(folder, "fine"), folder, training.join, true);
}
