import { relative } from "node:path";
import { classCounts } from "../../../patients/cohort/summary.ts";
import { tasksOf } from "../../../patients/cohort/tasks.ts";
import { type ImportCohortOptions, importCohort } from "../../../patients/import/importCohort.ts";
import { type CommonOptions, result, say } from "../support/io.ts";
import { longWork } from "../support/longWork.ts";
import { importOutline, type OutlineOptions } from "../support/outline.ts";
import { classTable, flowText } from "./cohortText.ts";
import { columnText, findingBlocks } from "./importText.ts";

export interface DicomOptions
  extends CommonOptions,
    Omit<ImportCohortOptions, "onWarning" | "signal" | "progress" | "outline">,
    OutlineOptions {}

export async function importFromDicom(folder: string, options: DicomOptions): Promise<void> {
  const imported = await longWork(async ({ signal, progress }) =>
    importCohort(folder, {
      ...options,
      outline: await importOutline(options, { signal }),
      onWarning: say,
      ...{ signal, progress },
    }),
  );
  const { cohort, columns, notUnderstood, secrets, flow, leftOut, warnings, doubts, reused } = imported;
  const classes = classCounts(cohort);
  const json = { folder: cohort.folder, cases: cohort.cases.length, reused, flow, classes, leftOut };
  result(
    options,
    { ...json, columns, notUnderstood: columns && notUnderstood, warnings, doubts },
    [
      `${cohort.cases.length} cases in ${relative(".", cohort.folder) || "."}/cohort.csv${reused > 0 ? `, ${reused} of them read before` : ""}`,
      ...(columns ? [columnText(columns)] : []),
      flowText(flow),
      classTable(classes, tasksOf(cohort)),
      ...findingBlocks({ leftOut, notUnderstood, doubts, warnings }),
      ...(secrets
        ? [
            `Key and identities: ${relative(".", secrets.key)}, ${relative(".", secrets.identities)}. Do not share them.`,
          ]
        : []),
    ].join("\n\n"),
  );
}
