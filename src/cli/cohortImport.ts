import { relative, resolve } from "node:path";
import type { Command } from "commander";
import { writeCohort } from "../cohort/csv.ts";
import { writeFlow } from "../cohort/flow.ts";
import { importKits, parseCenterRules } from "../cohort/kits/index.ts";
import { classCounts } from "../cohort/summary.ts";
import { TrinephronError } from "../errors.ts";
import { classTable, flowText } from "./cohortText.ts";
import { interruptible } from "./interrupt.ts";
import {
  type CommonOptions,
  mustNotExist,
  type Progress,
  progress,
  result,
  say,
  wholeNumber,
  withCommonOptions,
} from "./io.ts";

interface Options extends CommonOptions {
  readonly kits: string;
  readonly out: string;
  readonly centers: string;
  readonly only: string;
  readonly strict?: boolean;
  readonly threads?: number;
}

export function register(cohort: Command): void {
  withCommonOptions(
    cohort
      .command("import")
      .description("make a cohort of the KiTS23 release: labels, and R.E.N.A.L. scores of its masks")
      .requiredOption("--kits <folder>", "folder of kits23.json and case_*/segmentation.nii.gz")
      .requiredOption("--out <folder>", "folder of the cohort")
      .option("--centers <list>", "case numbers that make a centre", "A=0-299,B=400-499")
      .option(
        "--only <kind>",
        "malignant: all solid malignant tumours; rcc: renal cell carcinomas",
        "malignant",
      )
      .option("--strict", "stop at the first mask that does not serve, instead of leaving its case out")
      .option("--threads <n>", "masks at a time; by default one a core", wholeNumber("--threads", 1)),
  ).action(async (options: Options) => {
    const { kits, out, only, strict, threads, force } = options;
    if (only !== "malignant" && only !== "rcc")
      throw new TrinephronError("E_USAGE", `--only ${only}: neither malignant nor rcc`);
    const centers = parseCenterRules(options.centers);
    await mustNotExist(resolve(out, "cohort.csv"), options);
    let bar: Progress | undefined;
    const { cohort, flow, failed } = await interruptible((signal) =>
      importKits(kits, {
        out,
        centers,
        only,
        strict,
        threads,
        force,
        signal,
        onMasks: (total) => {
          bar = progress("measuring masks", total);
        },
        progress: (done, detail) => bar?.step(done, detail),
      }),
    ).finally(() => bar?.end());
    for (const { case: name, error } of failed) say(`left out: ${name}: ${error.line}`);
    await writeFlow(cohort.folder, flow);
    await writeCohort(cohort);
    const classes = classCounts(cohort);
    result(
      options,
      { folder: cohort.folder, cases: cohort.cases.length, flow, classes },
      [
        `${cohort.cases.length} cases in ${relative(".", cohort.folder) || "."}/cohort.csv`,
        flowText(flow),
        classTable(classes),
        "Stage: AJCC 8 group of the pathological TNM, NX and MX taken as 0. Complexity: R.E.N.A.L. computed from the mask.",
      ].join("\n\n"),
    );
  });
}
