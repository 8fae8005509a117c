import type { Command } from "commander";
import { z } from "zod";
import { TrinephronError } from "../../../base/errors.ts";
import { readWhole } from "../../../base/files.ts";
import { parseJson } from "../../../imaging/formats/parseJson.ts";
import type { TrainingDataset } from "../../../learning/segmentation/dataset/dataset.ts";
import { readDataset } from "../../../learning/segmentation/dataset/readDataset.ts";
import type { SegmentationConfig } from "../../../learning/segmentation/own/segmentationConfig.ts";
import { drawnDataset } from "../../../learning/segmentation/train/drawn/drawnDataset.ts";
import { dealtFolds, type Folds, readFolds } from "../../../learning/segmentation/train/folds.ts";
import { parseSegmentSettings } from "../../../learning/segmentation/train/segmentSettings.ts";
import { trainSegmentation } from "../../../learning/segmentation/train/trainSegmentation.ts";
import type { DeviceChoice } from "../../../numerics/graph/run/chooseDevice.ts";
import { deviceOf, deviceOption } from "../support/device.ts";
import { type CommonOptions, result, say, textTable, wholeNumber, withCommonOptions } from "../support/io.ts";
import { longWork } from "../support/longWork.ts";

interface Options extends CommonOptions {
  readonly out: string;
  readonly settings?: string;
  readonly drawn?: number;
  readonly cache?: string;
  readonly folds?: string;
  readonly fold?: number;
  readonly epochs?: number;
  readonly threads?: number;
  readonly device: DeviceChoice;
}

export function registerSegmentTrain(parent: Command): void {
  withCommonOptions(
    parent
      .command("train")
      .description(
        "train a segmentation model on the masks of a cohort or of a dataset.json, or on drawn scans",
      )
      .argument("[data]", "a cohort's folder, or a dataset.json (Medical Segmentation Decathlon, nnU-Net)")
      .requiredOption("--out <folder>", "where the model, its checkpoint and its log go")
      .option(
        "--drawn <n>",
        "in place of data: so many simulated abdomens, drawn by seed",
        wholeNumber("--drawn", 2),
      )
      .option("--settings <file>", "JSON of settings (docs/segmentation.md); options here win over it")
      .option("--folds <n|file>", "cross-validation: so many folds by patient, or a folds.json")
      .option("--fold <i>", "the fold that is held out, from 0", wholeNumber("--fold", 0))
      .option("--cache <folder>", "of prepared images, safe to delete; default: .prepared beside --out")
      .option("--epochs <n>", "epochs", wholeNumber("--epochs", 1))
      .option("--threads <n>", "threads of ONNX Runtime", wholeNumber("--threads", 1))
      .addOption(deviceOption()),
  ).action(async (path: string | undefined, options: Options, command: Command) => {
    const { out, settings: file, cache, force, drawn } = options;
    if ((path === undefined) === (drawn === undefined))
      throw new TrinephronError(
        "E_USAGE",
        path === undefined ? "no data to train on" : `both ${path} and --drawn ${drawn}`,
        "give a cohort, a dataset.json, or --drawn with a number of scans",
      );
    const text = file === undefined ? "{}" : (await readWhole(file)).toString("utf8");
    const given = parseJson(z.record(z.string(), z.unknown()), text, file ?? "");
    const chosen = (["seed", "epochs", "threads"] as const).filter(
      (name) => command.getOptionValueSource(name) === "cli",
    );
    const device =
      command.getOptionValueSource("device") === "cli" ? await deviceOf(options.device) : undefined;
    const settings = parseSegmentSettings(
      {
        ...given,
        ...Object.fromEntries(chosen.map((name) => [name, options[name]])),
        ...(device !== undefined && { device }),
      },
      `settings${file === undefined ? "" : ` of ${file}`}`,
    );
    const dataset = path === undefined ? drawnDataset(drawn!, settings) : await readDataset(path);
    const heldOut = await heldOutBy(options, dataset, settings.seed);
    const config = await longWork((work) =>
      trainSegmentation(dataset, settings, { folder: out, cacheFolder: cache, force, heldOut, ...work }),
    );
    result(options, config, summary(config, out));
  });
}

async function heldOutBy(
  { folds, fold }: Options,
  { cases }: TrainingDataset,
  seed: number,
): Promise<{ folds: Folds; fold: number } | undefined> {
  if (folds === undefined && fold === undefined) return undefined;
  if (folds === undefined || fold === undefined)
    throw new TrinephronError("E_USAGE", "--folds and --fold go together", "--folds 5 --fold 0");
  const all = /^\d+$/.test(folds)
    ? dealtFolds(cases, wholeNumber("--folds", 2)(folds), seed)
    : await readFolds(folds, cases);
  if (fold >= all.folds.length)
    throw new TrinephronError("E_USAGE", `--fold ${fold}: there are ${all.folds.length}, counted from 0`);
  return { folds: all, fold };
}

function summary({ labels, dice, fold, bestEpoch }: SegmentationConfig, folder: string): string {
  say(`model in ${folder}; epoch ${bestEpoch} kept, chosen on the validation cases`);
  return textTable(
    ["label", "validation Dice", ...(fold ? [`Dice of ${fold.cases} cases held out`] : [])],
    labels.map(({ name }) => [
      name,
      dice[name]?.toFixed(3) ?? "–",
      ...(fold ? [fold.dice[name]?.toFixed(3) ?? "–"] : []),
    ]),
  );
}
