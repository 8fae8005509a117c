import { join } from "node:path";
import type { Command } from "commander";
import { TrinephronError } from "../../base/errors.ts";
import { readWhole } from "../../base/files.ts";
import { type TrainingItem, trainingItems } from "../../evidence/experiment/options.ts";
import { parsePlan, usualPlan } from "../../evidence/experiment/plan.ts";
import { runExperiment } from "../../evidence/experiment/runExperiment.ts";
import type { Shard } from "../../evidence/experiment/shard.ts";
import { experimentText } from "../../evidence/experiment/text.ts";
import { readCohort } from "../../patients/cohort/csv.ts";
import { writeExperimentFigures } from "../../report/writeExperimentFigures.ts";
import { type CommonOptions, heading, number, result, say, withCommonOptions } from "./support/io.ts";
import { longWork } from "./support/longWork.ts";

interface Options extends CommonOptions {
  readonly out: string;
  readonly plan?: string;
  readonly minutes?: number;
  readonly only?: readonly TrainingItem[];
  readonly shard?: Shard;
}

export function register(program: Command): void {
  withCommonOptions(
    program
      .command("experiment")
      .description(
        "a plan of cross-validation, repeated seeds, ablations, learning curves, subgroups, robustness and failure analysis",
      )
      .argument("<cohort>", "folder of cohort.csv")
      .requiredOption(
        "--out <folder>",
        "where experiment.json, experiment.txt, models, figures and pictures go",
      )
      .option("--plan <file>", "plan.json (docs/experiments.md); without it 5 folds, 3 seeds and their tests")
      .option("--minutes <n>", "stop after about so many; the same command goes on", number("--minutes", 0))
      .option("--only <list>", `train for these items alone: ${trainingItems.join(", ")}`, itemList)
      .option(
        "--shard <i/n>",
        "train this share of the models alone, beside others in the same --out; then give the command without it",
        shardOf,
      ),
  ).action(async (folder: string, options: Options, command: Command) => {
    const { out, plan: path, minutes, only, shard } = options;
    if (shard && options.force)
      throw new TrinephronError(
        "E_USAGE",
        "--force with --shard: one share would remove what the others have trained",
        `remove ${out} before the first of them begins`,
      );
    const text = path === undefined ? undefined : (await readWhole(path)).toString("utf8");
    const parsed = text === undefined ? usualPlan() : parsePlan(text, path!);
    // The plan has a seed of its own.
    const plan = command.getOptionValueSource("seed") === "cli" ? { ...parsed, seed: options.seed } : parsed;
    const cohort = await readCohort(folder);
    const results = await longWork((work) =>
      runExperiment({
        cohort,
        plan,
        folder: out,
        force: options.force,
        only,
        shard,
        deadline: minutes === undefined ? undefined : AbortSignal.timeout(Math.round(minutes * 60_000)),
        ...work,
      }),
    );
    for (const { item, what } of results.left) say(`left: ${item}: ${what}`);
    if (shard) {
      const own = `share ${shard.index} of ${shard.count}`;
      const { left } = results;
      return result(options, { shard, left }, `${own} has come to its end; without --shard all is gathered`);
    }
    await writeExperimentFigures(join(out, "figures"), results);
    if (results.left.length > 0) say(heading("the same command goes on"));
    result(options, results, experimentText(results));
  });
}

function shardOf(text: string): Shard {
  const [, index, count] = /^(\d{1,4})\/(\d{1,4})$/.exec(text)?.map(Number) ?? [];
  if (index >= 1 && index <= count) return { index, count };
  throw new TrinephronError("E_USAGE", `--shard ${text}: not one of n, as 1/4 to 4/4 are of four`);
}

function itemList(text: string): TrainingItem[] {
  return text.split(",").map((word) => {
    const item = trainingItems.find((name) => name === word.trim());
    if (item) return item;
    throw new TrinephronError("E_USAGE", `--only ${word}: not one of ${trainingItems.join(", ")}`);
  });
}
