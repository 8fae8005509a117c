import { relative } from "node:path";
import { outlineWith, segmentationHash } from "../../../learning/segmentation/outline/outlineWith.ts";
import { classCounts } from "../../../patients/cohort/summary.ts";
import { tasksOf } from "../../../patients/cohort/tasks.ts";
import { type ImportCohortOptions, importCohort } from "../../../patients/import/importCohort.ts";
import { type CommonOptions, result, say } from "../support/io.ts";
import { longWork } from "../support/longWork.ts";
import { classTable, flowText } from "./cohortText.ts";
import { columnText, findingBlocks } from "./importText.ts";

export interface DicomOptions
  extends CommonOptions,
    Omit<ImportCohortOptions, "onWarning" | "signal" | "progress" | "outline"> {
  readonly segmentation?: string;
}

export async function importFromDicom(folder: string, options: DicomOptions): Promise<void> {
  const { segmentation, threads } = options;
  const by = segmentation === undefined ? undefined : await segmentationHash(segmentation);
  const imported = await longWork(({ signal, progress }) =>
    importCohort(folder, {
      ...options,
      outline:
        by === undefined ? undefined : { by, outline: outlineWith(segmentation!, { threads, signal }) },
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
