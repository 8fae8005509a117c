import type { Command } from "commander";
import { z } from "zod";
import { readWhole } from "../../base/files.ts";
import { parseJson } from "../../imaging/formats/parseJson.ts";
import { train } from "../../learning/train/train.ts";
import { completeSettings } from "../../learning/trained/baseModel.ts";
import { withCohort } from "../../learning/trained/cohortSettings.ts";
import type { ModelConfig } from "../../learning/trained/modelFolder.ts";
import type { TrainSettings } from "../../learning/trained/settings.ts";
import type { DeviceChoice } from "../../numerics/graph/run/chooseDevice.ts";
import type { Cohort } from "../../patients/cohort/case.ts";
import { readCohort } from "../../patients/cohort/csv.ts";
import { chosenTasks, namesOf, tasksOf } from "../../patients/cohort/tasks.ts";
import { deviceOf, deviceOption } from "./support/device.ts";
import { type CommonOptions, result, say, textTable, wholeNumber, withCommonOptions } from "./support/io.ts";
import { longWork } from "./support/longWork.ts";

interface Options extends CommonOptions {
  readonly out: string;
  readonly center: string;
  readonly tasks?: readonly string[];
  readonly init?: string;
  readonly settings?: string;
  readonly epochs?: number;
  readonly threads?: number;
  readonly device: DeviceChoice;
}

export function register(program: Command): void {
  withCommonOptions(
    program
      .command("train")
      .description("train a multi-task (MTDL) or single-task (STDL) model on one centre of a cohort")
      .argument("<cohort>", "folder of cohort.csv")
      .requiredOption("--out <folder>", "where the model, its checkpoint and its log go")
      .option("--center <name>", "the centre to train on; no other is read", "A")
      .option(
        "--tasks <list>",
        "one task: single-task; several, with commas: multi-task; default: every task of the cohort",
        (text) => text.split(",").map((task) => task.trim()),
      )
      .option(
        "--init <model>",
        "weights to start from: none, base (comes with trinephron) or a folder of pretrain",
      )
      .option("--settings <file>", "JSON of settings (docs/training.md); options here win over it")
      .option("--epochs <n>", "at most this many epochs", wholeNumber("--epochs", 1))
      .option("--threads <n>", "threads of ONNX Runtime", wholeNumber("--threads", 1))
      .addOption(deviceOption()),
  ).action(async (folder: string, options: Options, command: Command) => {
    const cohort = await readCohort(folder);
    if (options.tasks) chosenTasks(tasksOf(cohort), options.tasks, "--tasks");
    const given = (name: string) => command.getOptionValueSource(name) === "cli";
    const settings = await settingsOf(cohort, options, given);
    const config = await trainWithProgress(cohort, settings, options.out, options);
    result(options, config, summary(config, options.out));
  });
}

/** Trains with a progress bar; Ctrl-C keeps the last whole epoch. */
export function trainWithProgress(
  cohort: Cohort,
  settings: TrainSettings,
  folder: string,
  { force }: { readonly force?: boolean },
): Promise<ModelConfig> {
  const name = settings.tasks.length > 1 ? "MTDL" : `STDL ${settings.tasks[0]}`;
  return longWork((work) => train(cohort, settings, { folder, force, ...work }), { training: name });
}

/** The file's settings, under the options given; an option's default stands only where the file says nothing. */
async function settingsOf(
  cohort: Cohort,
  options: Options,
  given: (option: string) => boolean,
): Promise<TrainSettings> {
  const { tasks = namesOf(tasksOf(cohort)), center, seed, init, epochs, threads, settings: path } = options;
  const file = withCohort(
    path === undefined ? {} : parseJson(settingsFile, await textOf(path), path),
    cohort,
  );
  const defaults = { tasks, center, seed };
  const device = given("device") ? await deviceOf(options.device) : undefined;
  const chosen = Object.entries({ ...defaults, init, epochs, threads, device }).filter(([name]) =>
    given(name),
  );
  const parsed = await completeSettings(
    { ...defaults, ...file, ...Object.fromEntries(chosen) },
    `settings${path === undefined ? "" : ` of ${path}`}`,
  );
  // A device of the file has to be there as well.
  if (device === undefined) await deviceOf(parsed.device);
  return parsed;
}

const settingsFile = z.record(z.string(), z.unknown());

const textOf = async (path: string) => (await readWhole(path)).toString("utf8");

function summary(config: ModelConfig, folder: string): string {
  const table = textTable(
    ["task", "validation AUC", "threshold"],
    config.tasks.map((task) => [
      task,
      config.validationAuc[task]?.toFixed(3) ?? "",
      config.thresholds[task]?.toFixed(3) ?? "",
    ]),
  );
  say(`model in ${folder}; epoch ${config.bestEpoch} kept, chosen on these same validation cases`);
  return table;
}
