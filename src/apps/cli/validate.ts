import { join } from "node:path";
import type { Command } from "commander";
import { mustNotExist } from "../../base/files.ts";
import { readReaders } from "../../evidence/readers/readings.ts";
import { simulateReaders } from "../../evidence/readers/simulateReaders.ts";
import { type Validation, validateModels } from "../../evidence/validate/validateModels.ts";
import type { Device } from "../../numerics/graph/index.ts";
import type { DeviceChoice } from "../../numerics/graph/run/chooseDevice.ts";
import type { Cohort } from "../../patients/cohort/case.ts";
import { readCohort } from "../../patients/cohort/csv.ts";
import { namesOf, tasksOf } from "../../patients/cohort/tasks.ts";
import { textSummary } from "../../report/textSummary.ts";
import { validationFiles, writeValidation } from "../../report/writeValidation.ts";
import { deviceOf, deviceOption } from "./support/device.ts";
import { type CommonOptions, result, say, wholeNumber, withCommonOptions } from "./support/io.ts";
import { longWork } from "./support/longWork.ts";

interface Options extends CommonOptions {
  readonly mtdl: string;
  readonly stdl: readonly string[];
  readonly out: string;
  readonly readers?: string;
  readonly simulateReaders?: boolean;
  readonly title?: string;
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
      .option(
        "--stdl <folder>",
        "a single-task model; once for each task, where there are several",
        collect,
        [],
      )
      .requiredOption(
        "--out <folder>",
        "where results.json, predictions.csv, readers.csv, report.html and figures go",
      )
      .option("--readers <file>", "readers.csv: case, reader, experience, task, score")
      .option("--simulate-readers", "five simulated readers, labelled so, where nobody has read")
      .option("--title <text>", "title of the report; by default what it is a validation of")
      .option("--no-efficiency", "do not measure time and memory")
      .option("--threads <n>", "threads of ONNX Runtime", wholeNumber("--threads", 1), 2)
      .addOption(deviceOption()),
  ).action(async (folder: string, options: Options) => {
    await mustNotExist(join(options.out, validationFiles.results), options);
    const device = await deviceOf(options.device);
    const cohort = await readCohort(folder);
    const { results } = await validateWithProgress(cohort, { ...options, device });
    result(options, results, textSummary(results));
  });
}

/** Validates with progress bars and writes all files. */
export async function validateWithProgress(
  cohort: Cohort,
  options: Omit<Options, keyof CommonOptions | "device"> &
    Pick<CommonOptions, "seed"> & { readonly device: Device },
): Promise<Validation> {
  const given =
    options.readers === undefined ? undefined : await readReaders(options.readers, namesOf(tasksOf(cohort)));
  const validation = await longWork((work) =>
    validateModels({
      ...options,
      cohort,
      readers: (predictions) =>
        given ?? (options.simulateReaders ? simulateReaders(predictions, options.seed) : []),
      measureEfficiency: options.efficiency,
      ...work,
    }),
  );
  await writeValidation(validation, options.out);
  say(`report: ${join(options.out, validationFiles.report)}`);
  return validation;
}
