import { relative } from "node:path";
import { classCounts } from "../../../patients/cohort/summary.ts";
import { tasksOf } from "../../../patients/cohort/tasks.ts";
import { type ImportNiftiOptions, importNifti } from "../../../patients/import/nifti/importNifti.ts";
import { type CommonOptions, result } from "../support/io.ts";
import { longWork } from "../support/longWork.ts";
import { importOutline, type OutlineOptions } from "../support/outline.ts";
import { classTable, flowText } from "./cohortText.ts";
import { columnText, findingBlocks } from "./importText.ts";

export interface NiftiOptions
  extends CommonOptions,
    Omit<ImportNiftiOptions, "signal" | "progress" | "outline">,
    OutlineOptions {}

export async function importFromNifti(folder: string, options: NiftiOptions): Promise<void> {
  const imported = await longWork(async (work) => {
    const outline = await importOutline(options, work);
    return importNifti(folder, { ...options, outline, ...work });
  });
  const { cohort, columns, notUnderstood, flow, leftOut, warnings } = imported;
  const classes = classCounts(cohort);
  const json = { folder: cohort.folder, cases: cohort.cases.length, flow, classes, leftOut };
  result(
    options,
    { ...json, columns, notUnderstood, warnings },
    [
      `${cohort.cases.length} cases in ${relative(".", cohort.folder) || "."}/cohort.csv, under the names of the table`,
      columnText(columns),
      flowText(flow),
      classTable(classes, tasksOf(cohort)),
      ...findingBlocks({ leftOut, notUnderstood, warnings }),
    ].join("\n\n"),
  );
}
