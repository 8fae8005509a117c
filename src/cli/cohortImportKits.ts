import { relative } from "node:path";
import { writeCohort } from "../cohort/csv.ts";
import { writeFlow } from "../cohort/flow.ts";
import { importKits, parseCenterRules } from "../cohort/kits/index.ts";
import { classCounts } from "../cohort/summary.ts";
import { TrinephronError } from "../errors.ts";
import { classTable, flowText } from "./cohortText.ts";
import { interruptible } from "./interrupt.ts";
import { type CommonOptions, type Progress, progress, result, say } from "./io.ts";

export interface KitsOptions extends CommonOptions {
  readonly out: string;
  readonly centers: string;
  readonly only: string;
  readonly strict?: boolean;
  readonly threads?: number;
}

export async function importFromKits(kits: string, options: KitsOptions): Promise<void> {
  const { out, only, strict, threads, force } = options;
  if (only !== "malignant" && only !== "rcc")
    throw new TrinephronError("E_USAGE", `--only ${only}: neither malignant nor rcc`);
  const centers = parseCenterRules(options.centers);
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
}
