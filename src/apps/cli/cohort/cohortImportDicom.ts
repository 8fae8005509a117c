import { relative } from "node:path";
import { classCounts } from "../../../patients/cohort/summary.ts";
import { tasksOf } from "../../../patients/cohort/tasks.ts";
import type { Doubt } from "../../../patients/import/clinical/clinical.ts";
import type { Mapping } from "../../../patients/import/clinical/mapping.ts";
import { type ImportCohortOptions, importCohort } from "../../../patients/import/importCohort.ts";
import type { ImportedDicom } from "../../../patients/import/importDicom.ts";
import { type CommonOptions, result, say } from "../support/io.ts";
import { longWork } from "../support/longWork.ts";
import { classTable, flowText } from "./cohortText.ts";

export interface DicomOptions
  extends CommonOptions,
    Omit<ImportCohortOptions, "onWarning" | "signal" | "progress"> {}

export async function importFromDicom(folder: string, options: DicomOptions): Promise<void> {
  const imported = await longWork((work) => importCohort(folder, { ...options, onWarning: say, ...work }));
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
      ...findings(imported, notUnderstood),
      ...(secrets
        ? [
            `Key and identities: ${relative(".", secrets.key)}, ${relative(".", secrets.identities)}. Do not share them.`,
          ]
        : []),
    ].join("\n\n"),
  );
}

const columnText = (columns: Mapping["columns"]): string =>
  `Columns: ${Object.entries(columns)
    .map(([field, name]) => (field === name ? field : `${field} from "${name}"`))
    .join(", ")}`;

/** What somebody should look at, a block each. */
function findings({ leftOut, warnings, doubts }: ImportedDicom, cells: readonly Doubt[]): string[] {
  const block = (title: string, lines: readonly string[]) =>
    lines.length > 0 ? [[`${title} (${lines.length}):`, ...lines.map((line) => `  ${line}`)].join("\n")] : [];
  const perCase = (list: ImportedDicom["warnings"]) =>
    list.flatMap(({ case: name, lines }) => lines.map((line) => `${name}: ${line}`));
  return [
    ...block(
      "Left out; also in left-out.csv",
      leftOut.map(({ line, patient, detail, reason }) => {
        const who = [line === undefined ? "" : `line ${line}`, patient ?? ""].filter(Boolean).join(", ");
        return `${who || "no row"}: ${detail === reason ? reason : `${reason} (${detail})`}`;
      }),
    ),
    ...block(
      "Cells not understood, taken as unknown",
      cells.map(
        ({ line, column, value, why }) => `line ${line}, column ${column}: ${JSON.stringify(value)} ${why}`,
      ),
    ),
    ...block("Phases to look at", perCase(doubts)),
    ...block("Warnings", perCase(warnings)),
  ];
}
