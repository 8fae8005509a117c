import type { Command } from "commander";
import { z } from "zod";
import { readWhole } from "../../../base/files.ts";
import { parseSettings } from "../../../base/parseSettings.ts";
import { parseJson } from "../../../imaging/formats/parseJson.ts";
import { twoStageSettings } from "../../../learning/segmentation/twoStage/twoStageConfig.ts";
import { joinModels } from "../../../learning/segmentation/twoStage/twoStageFolder.ts";
import { type CommonOptions, result, withCommonOptions } from "../support/io.ts";

interface Options extends CommonOptions {
  readonly out: string;
  readonly settings?: string;
}

/** Registers `segment join`. */
export function registerSegmentJoin(segment: Command): void {
  withCommonOptions(
    segment
      .command("join")
      .description("make one model of two: a coarse one that finds kidneys, a fine one that outlines them")
      .argument("<coarse>", "a model of segment train, of large voxels")
      .argument("<fine>", "a model of segment train: kidney 1, tumour 2, cyst 3")
      .requiredOption("--out <folder>", "where both are copied to, with two-stage.json")
      .option("--settings <file>", "JSON of how it looks at an image (docs/segmentation.md)"),
  ).action(async (coarse: string, fine: string, options: Options) => {
    const { out, settings, force } = options;
    const given = settings === undefined ? {} : await settingsOf(settings);
    const config = await joinModels(coarse, fine, out, given, force);
    result(options, config, `two-stage model in ${out}`);
  });
}

async function settingsOf(file: string): Promise<z.output<typeof twoStageSettings>> {
  const given = parseJson(z.unknown(), (await readWhole(file)).toString("utf8"), file);
  return parseSettings(twoStageSettings, given, `settings of ${file}`, "docs/segmentation.md");
}
