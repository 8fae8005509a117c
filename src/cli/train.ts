import { join } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import type { Cohort } from "../cohort/case.ts";
import { mustBeSound } from "../cohort/check.ts";
import { readCohort } from "../cohort/csv.ts";
import { type Task, tasks } from "../cohort/tasks.ts";
import { TrinephronError } from "../errors.ts";
import { readWhole } from "../files.ts";
import type { ModelConfig } from "../train/modelFolder.ts";
import { type TrainSettings, trainSettings } from "../train/settings.ts";
import { train } from "../train/train.ts";
import { parseJson } from "../validate/index.ts";
import { chooseDevice, type DeviceChoice, deviceOption } from "./device.ts";
import { interruptible } from "./interrupt.ts";
import {
  type CommonOptions,
  progress,
  result,
  say,
  textTable,
  wholeNumber,
  withCommonOptions,
} from "./io.ts";

interface Options extends CommonOptions {
  readonly out: string;
  readonly center: string;
  readonly tasks: readonly string[];
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
        "one task: single-task; several, with commas: multi-task",
        (text) => text.split(",").map((task) => task.trim()),
        [...tasks],
      )
      .option("--settings <file>", "JSON of settings (docs/training.md); options here win over it")
      .option("--epochs <n>", "at most this many epochs", wholeNumber("--epochs", 1))
      .option("--threads <n>", "threads of ONNX Runtime", wholeNumber("--threads", 1))
      .addOption(deviceOption()),
  ).action(async (folder: string, options: Options, command: Command) => {
    const settings = await settingsOf(options, (name) => command.getOptionValueSource(name) === "cli");
    const cohort = await readCohort(folder);
    const config = await trainWithProgress(cohort, settings, options.out, options);
    result(options, config, summary(config, options.out));
  });
}

/** Trains with a progress bar; Ctrl-C keeps the last whole epoch. */
export async function trainWithProgress(
  cohort: Cohort,
  settings: TrainSettings,
  folder: string,
  options: { readonly force?: boolean; readonly name?: string },
): Promise<ModelConfig> {
  const development = { ...cohort, cases: cohort.cases.filter((c) => c.center === settings.center) };
  await mustBeSound(development);
  const name = options.name ?? (settings.tasks.length > 1 ? "MTDL" : `STDL ${settings.tasks[0]}`);
  const crops = lazy((total) => progress("cropping", total));
  const bar = lazy((total) => progress(name, total));
  try {
    return await interruptible((signal) =>
      train(cohort, settings, {
        folder,
        cacheFolder: join(cohort.folder, ".crops"),
        force: options.force,
        signal,
        onCrop: (done, total) => crops(total).step(done),
        onBatch: ({ done, total, epoch, loss, history }) =>
          bar(total).step(
            done,
            `epoch ${epoch} loss ${loss.toFixed(3)}${aucs(history.at(-1)?.validationAuc)}`,
          ),
      }),
    );
  } finally {
    crops.end();
    bar.end();
  }
}

const aucs = (values: Readonly<Partial<Record<Task, number>>> | undefined): string =>
  values
    ? ` AUC ${Object.values(values)
        .map((value) => value.toFixed(2))
        .join(" ")}`
    : "";

/** A progress bar that appears with its first step. */
function lazy(make: (total: number) => ReturnType<typeof progress>) {
  let bar: ReturnType<typeof progress> | undefined;
  return Object.assign((total: number) => (bar ??= make(total)), { end: () => bar?.end() });
}

/** The file's settings, under the options given; an option's default stands only where the file says nothing. */
async function settingsOf(options: Options, given: (option: string) => boolean): Promise<TrainSettings> {
  const { tasks, center, seed, epochs, threads, settings: path } = options;
  const file = path === undefined ? {} : parseJson(settingsFile, await textOf(path), path);
  const defaults = { tasks, center, seed };
  const device = given("device") ? await chooseDevice(options.device) : undefined;
  const chosen = Object.entries({ ...defaults, epochs, threads, device }).filter(([name]) => given(name));
  const parsed = trainSettings.safeParse({ ...defaults, ...file, ...Object.fromEntries(chosen) });
  if (parsed.success) {
    // A device of the file has to be there as well.
    if (device === undefined) await chooseDevice(parsed.data.device);
    return parsed.data;
  }
  const [{ path: place, message }] = parsed.error.issues;
  throw new TrinephronError(
    "E_USAGE",
    `settings${path === undefined ? "" : ` of ${path}`}: ${[...place, message].join(": ")}`,
    "see docs/training.md",
  );
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
