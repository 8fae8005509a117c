import { join } from "node:path";
import type { Command } from "commander";
import type { Cohort } from "../cohort/case.ts";
import { mustBeSound } from "../cohort/check.ts";
import { readCohort } from "../cohort/csv.ts";
import { readFlow } from "../cohort/flow.ts";
import { writeWhole } from "../files.ts";
import type { Device } from "../graph/index.ts";
import { renderReport, textSummary } from "../report/index.ts";
import { readReaders, simulateReaders, writePredictions, writeReaders } from "../validate/index.ts";
import { runStudy, type Study } from "../validate/study.ts";
import { chooseDevice, type DeviceChoice, deviceOption } from "./device.ts";
import { writeFigures } from "./figureFiles.ts";
import { interruptible } from "./interrupt.ts";
import {
  type CommonOptions,
  mustNotExist,
  progress,
  result,
  say,
  wholeNumber,
  withCommonOptions,
} from "./io.ts";

interface Options extends CommonOptions {
  readonly mtdl: string;
  readonly stdl: readonly string[];
  readonly out: string;
  readonly readers?: string;
  readonly simulateReaders?: boolean;
  readonly title: string;
  readonly threads: number;
  readonly efficiency: boolean;
  readonly device: DeviceChoice;
}

export function register(program: Command): void {
  const collect = (value: string, before: readonly string[]) => [...before, value];
  withCommonOptions(
    program
      .command("validate")
      .description(
        "test trained models on the centres they were not trained on; compare MTDL, STDL, size and readers",
      )
      .argument("<cohort>", "folder of cohort.csv")
      .requiredOption("--mtdl <folder>", "the multi-task model")
      .requiredOption("--stdl <folder>", "a single-task model; once for each task", collect, [])
      .requiredOption(
        "--out <folder>",
        "where results.json, predictions.csv, readers.csv, report.html and figures go",
      )
      .option("--readers <file>", "readers.csv: case, reader, experience, task, score")
      .option("--simulate-readers", "five simulated readers, labelled so, where nobody has read")
      .option(
        "--title <text>",
        "title of the report",
        "External validation of a multi-task kidney tumour model",
      )
      .option("--no-efficiency", "do not measure time and memory")
      .option("--threads <n>", "threads of ONNX Runtime", wholeNumber("--threads", 1), 2)
      .addOption(deviceOption()),
  ).action(async (folder: string, options: Options) => {
    const resultsPath = join(options.out, "results.json");
    await mustNotExist(resultsPath, options);
    const device = await chooseDevice(options.device);
    const cohort = await readCohort(folder);
    const study = await validateWithProgress(cohort, { ...options, device });
    result(options, study.results, textSummary(study.results));
  });
}

/** Runs the study with progress bars and writes all its files; results.json last but for the report made from it. */
export async function validateWithProgress(
  cohort: Cohort,
  options: Omit<Options, keyof CommonOptions | "device"> &
    Pick<CommonOptions, "seed"> & { readonly device: Device },
): Promise<Study> {
  await mustBeSound(cohort);
  const bars = new Map<string, ReturnType<typeof progress>>();
  const given = options.readers === undefined ? undefined : await readReaders(options.readers);
  const flow = await readFlow(cohort.folder);
  const study = await interruptible((signal) =>
    runStudy({
      cohort,
      flow,
      signal,
      mtdl: options.mtdl,
      stdl: options.stdl,
      readers: (predictions) =>
        given ?? (options.simulateReaders ? simulateReaders(predictions, options.seed) : []),
      title: options.title,
      seed: options.seed,
      created: new Date().toISOString(),
      cacheFolder: join(cohort.folder, ".crops"),
      threads: options.threads,
      device: options.device,
      measureEfficiency: options.efficiency,
      onProgress: (what, done, total) => {
        if (!bars.has(what)) bars.set(what, progress(what, total));
        bars.get(what)!.step(done);
        if (done === total) bars.get(what)!.end();
      },
    }),
  ).finally(() => bars.forEach((bar) => bar.end()));
  const file = (name: string) => join(options.out, name);
  await writePredictions(file("predictions.csv"), study.predictions);
  await writeReaders(file("readers.csv"), study.readings);
  await writeWhole(file("thresholds.json"), `${JSON.stringify(study.thresholds, null, 2)}\n`);
  await writeWhole(file("results.json"), `${JSON.stringify(study.results, null, 1)}\n`);
  await writeWhole(file("report.html"), renderReport(study.results));
  await writeFigures(file("figures"), study.results);
  say(`report: ${file("report.html")}`);
  return study;
}
