import type { Command } from "commander";
import { z } from "zod";
import { readWhole } from "../../../base/files.ts";
import { parseJson } from "../../../imaging/formats/parseJson.ts";
import { trainTwoStage } from "../../../learning/segmentation/twoStage/trainTwoStage.ts";
import { parseTwoStageTraining } from "../../../learning/segmentation/twoStage/twoStageTraining.ts";
import type { DeviceChoice } from "../../../numerics/graph/run/chooseDevice.ts";
import { deviceOf, deviceOption } from "../support/device.ts";
import { type CommonOptions, result, wholeNumber, withCommonOptions } from "../support/io.ts";
import { longWork } from "../support/longWork.ts";

interface Options extends CommonOptions {
  readonly out: string;
  readonly settings?: string;
  readonly cache?: string;
  readonly threads?: number;
  readonly device: DeviceChoice;
}

/** Registers `segment kidneys`. */
export function registerSegmentKidneys(segment: Command): void {
  withCommonOptions(
    segment
      .command("kidneys")
      .description("train a two-stage model of kidneys, tumours and cysts on drawn scans alone")
      .requiredOption("--out <folder>", "where the model goes, its networks in coarse and fine")
      .option("--settings <file>", "JSON of coarse, fine and join, over the defaults (docs/segmentation.md)")
      .option("--cache <folder>", "of drawn scans, safe to delete; default: .prepared beside --out")
      .option("--threads <n>", "threads of ONNX Runtime", wholeNumber("--threads", 1))
      .addOption(deviceOption()),
  ).action(async (options: Options, command: Command) => {
    const { out, settings: file, cache, force } = options;
    const text = file === undefined ? "{}" : (await readWhole(file)).toString("utf8");
    const given = parseJson(z.record(z.string(), z.unknown()), text, file ?? "");
    const isGiven = (name: string) => command.getOptionValueSource(name) === "cli";
    const over = {
      ...(isGiven("seed") && { seed: options.seed }),
      ...(isGiven("threads") && { threads: options.threads }),
      ...(isGiven("device") && { device: await deviceOf(options.device) }),
    };
    const where = `settings${file === undefined ? "" : ` of ${file}`}`;
    const training = parseTwoStageTraining(given, over, where);
    const config = await longWork((work) =>
      trainTwoStage(training, { folder: out, cacheFolder: cache, force, ...work }),
    );
    result(options, config, `two-stage model in ${out}`);
  });
}
