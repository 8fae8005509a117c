import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { readCohort, writeCohort } from "../cohort/csv.ts";
import { flowOf, readFlow, writeFlow } from "../cohort/flow.ts";
import {
  claimFolder,
  clinicalTable,
  type PaintedFormat,
  paintCohort,
  paintedFormats,
} from "../cohort/paint/index.ts";
import { codes, TrinephronError } from "../errors.ts";
import { writeWhole } from "../files.ts";
import { interruptible } from "./interrupt.ts";
import { type CommonOptions, number, progress, result, say, wholeNumber, withCommonOptions } from "./io.ts";

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
    const { out, spacing, seed, threads, format } = options;
    const cohort = await readCohort(folder);
    await claimFolder(
      out,
      "painted",
      { cohort: cohort.folder, spacing, seed, ...(format === "dicom" && { format }) },
      options.force,
    );
    const bar = progress("painting", cohort.cases.length);
    const { cases, failed } = await interruptible((signal) =>
      paintCohort(cohort, { out, spacing, seed, format, threads, signal, progress: bar.step }),
    ).finally(() => bar.end());
    for (const { case: name, error } of failed) say(`${name}: ${error.line}`);
    const reasons = new Map(failed.map((f) => [f.case, codes[f.error.code]]));
    const { step } = flowOf("Phases painted", cohort.cases, (c) => reasons.get(c.case));
    if (cases.length > 0 && format === "dicom")
      await writeWhole(join(resolve(out), "clinical.csv"), clinicalTable(cases));
    else if (cases.length > 0) {
      await writeFlow(resolve(out), [...(await readFlow(cohort.folder)), step]);
      await writeCohort({ folder: resolve(out), cases });
    }
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
