import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { TrinephronError } from "../../../base/errors.ts";
import { readCohort } from "../../../patients/cohort/csv.ts";
import { type PaintedFormat, paintedFormats } from "../../../patients/synthetic/paint/paintCase.ts";
import { writePaintedCohort } from "../../../patients/synthetic/paint/writePaintedCohort.ts";
import { type CommonOptions, number, result, say, wholeNumber, withCommonOptions } from "../support/io.ts";
import { longWork } from "../support/longWork.ts";

interface Options extends CommonOptions {
  readonly out: string;
  readonly spacing: number;
  readonly threads?: number;
  readonly format: PaintedFormat;
}

export function register(cohort: Command): void {
  withCommonOptions(
    cohort
      .command("paint")
      .description("paint three contrast phases onto a cohort's masks: a simulation, and labelled so")
      .argument("<cohort>", "folder of cohort.csv, with masks and histologies")
      .requiredOption("--out <folder>", "folder of the painted cohort")
      .option("--spacing <mm>", "voxel size", number("--spacing", 0.5), 1)
      .addOption(
        new Option("--format <format>", "of the images; dicom also writes clinical.csv for cohort import")
          .choices(paintedFormats)
          .default("nifti"),
      )
      .option("--threads <n>", "cases at a time; by default one a core", wholeNumber("--threads", 1)),
  ).action(async (folder: string, options: Options) => {
    const { out } = options;
    const cohort = await readCohort(folder);
    const { cases, failed } = await longWork((work) => writePaintedCohort(cohort, { ...options, ...work }));
    for (const { case: name, error } of failed) say(`${name}: ${error.line}`);
    if (failed.length > 0)
      throw new TrinephronError(
        "E_COHORT",
        `${failed.length} of ${cohort.cases.length} cases could not be painted`,
        "mend them and run the same command: the others are kept",
      );
    result(
      options,
      { folder: resolve(out), cases: cases.length, source: "painted" },
      `${cases.length} cases painted into ${out} (simulated phases on the cohort's masks, not real CT)`,
    );
  });
}
