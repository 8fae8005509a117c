import { relative } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { parseCenterRules } from "../../../patients/cohort/kits/centers.ts";
import { importKits } from "../../../patients/cohort/kits/kits.ts";
import { classCounts } from "../../../patients/cohort/summary.ts";
import { tasksOf } from "../../../patients/cohort/tasks.ts";

import { type CommonOptions, result, say } from "../support/io.ts";
import { longWork } from "../support/longWork.ts";
import { classTable, flowText } from "./cohortText.ts";

export interface KitsOptions extends CommonOptions {
  readonly out: string;
  readonly centers: string;
  readonly only: string;
  readonly strict?: boolean;
  readonly threads?: number | undefined;
}

export async function importFromKits(kits: string, options: KitsOptions): Promise<void> {
  const { out, only, strict, threads, force } = options;
  if (only !== "malignant" && only !== "rcc")
    throw new TrinephronError("E_USAGE", `--only ${only}: neither malignant nor rcc`);
  const centers = parseCenterRules(options.centers);
  const { cohort, flow, failed, remarks } = await longWork((work) =>
    importKits(kits, { out, centers, only, strict, threads, force, ...work }),
  );
  for (const { case: name, error } of failed) say(`left out: ${name}: ${error.line}`);
  for (const { case: name, remark } of remarks) say(`${name}: ${remark}`);
  const classes = classCounts(cohort);
  result(
    options,
    { folder: cohort.folder, cases: cohort.cases.length, flow, classes, remarks },
    [
      `${cohort.cases.length} cases in ${relative(".", cohort.folder) || "."}/cohort.csv`,
      flowText(flow),
      classTable(classes, tasksOf(cohort)),
      "Stage: AJCC 8 group of the pathological TNM, NX and MX taken as 0. Complexity: R.E.N.A.L. computed from the mask.",
    ].join("\n\n"),
  );
}
