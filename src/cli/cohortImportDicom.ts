import { relative, resolve } from "node:path";
import { writeCohort } from "../cohort/csv.ts";
import { writeFlow } from "../cohort/flow.ts";
import { classCounts } from "../cohort/summary.ts";
import { TrinephronError } from "../errors.ts";
import {
  type Doubt,
  type ImportDicomOptions,
  type ImportedDicom,
  importDicom,
  keyIsOpen,
  keyPaths,
  type Mapping,
  mappedColumns,
  openPseudonyms,
  readClinical,
  readMapping,
  readOverrides,
  readSpreadsheet,
  usualColumns,
  writeIdentities,
  writeLeftOut,
} from "../study/import/index.ts";
import { classTable, flowText } from "./cohortText.ts";
import { interruptible } from "./interrupt.ts";
import { type CommonOptions, type Progress, progress, result, say } from "./io.ts";

export interface DicomOptions extends CommonOptions {
  readonly out: string;
  readonly table?: string;
  readonly sheet?: string;
  readonly mapping?: string;
  readonly center?: string;
  readonly phases?: string;
  readonly labels?: string;
  readonly align?: boolean;
  readonly key?: string;
  readonly pseudonyms?: string;
  readonly keepNames?: boolean;
  readonly copyDicom?: boolean;
  readonly withoutMask?: boolean;
  readonly threads?: number;
}

export async function importFromDicom(folder: string, options: DicomOptions): Promise<void> {
  const { out, center, labels, align, copyDicom, withoutMask, threads, keepNames } = options;
  const clinical = await readTable(options);
  const phases = options.phases === undefined ? undefined : await readOverrides(options.phases);
  if (keepNames) say("--keep-names: patient IDs and dates of the series' descriptions go into the cohort");
  const named = { out, key: options.key, list: options.pseudonyms, keepNames };
  const pseudonyms = await openPseudonyms(named);
  const { key, identities } = keyPaths(named);
  if (await keyIsOpen(key)) say(`${key}: others can read the key; chmod 600 keeps it to yourself`);

  const bars: Partial<Record<"files" | "cases", Progress>> = {};
  const imported = await interruptible((signal) =>
    importDicom(folder, {
      ...{ out, pseudonyms, table: clinical, center, phases, labels, align, withoutMask, copyDicom },
      ...{ threads, signal },
      onFiles: (done, total) => {
        bars.files ??= progress("reading headers", total);
        bars.files.step(done);
        if (done === total) bars.files.end();
      },
      onCase: (done, total, detail) => {
        bars.cases ??= progress("importing cases", total);
        bars.cases.step(done, detail);
      },
    }),
  ).finally(() => bars.cases?.end());
  await writeLeftOut(out, imported);
  if (!keepNames) await writeIdentities(identities, imported.identities);
  const cohort = { folder: resolve(out), cases: imported.cases };
  if (cohort.cases.length === 0)
    throw new TrinephronError("E_COHORT", `${folder}: no case is left`, `${out}/left-out.csv says why`);
  await writeFlow(cohort.folder, imported.flow);
  await writeCohort(cohort);
  const classes = classCounts(cohort);
  const { flow, leftOut, warnings, doubts, reused } = imported;
  const json = { folder: cohort.folder, cases: cohort.cases.length, reused, flow, classes, leftOut };
  result(
    options,
    { ...json, columns: clinical?.columns, notUnderstood: clinical?.notUnderstood, warnings, doubts },
    [
      `${cohort.cases.length} cases in ${relative(".", cohort.folder) || "."}/cohort.csv${reused > 0 ? `, ${reused} of them read before` : ""}`,
      ...(clinical ? [columnText(clinical.columns)] : []),
      flowText(flow),
      classTable(classes),
      ...findings(imported, clinical?.notUnderstood ?? []),
      ...(keepNames
        ? []
        : [`Key and identities: ${relative(".", key)}, ${relative(".", identities)}. Do not share them.`]),
    ].join("\n\n"),
  );
}

type Clinical = NonNullable<ImportDicomOptions["table"]> & {
  readonly columns: Mapping["columns"];
  readonly notUnderstood: readonly Doubt[];
};

async function readTable({ table: path, sheet, mapping: file }: DicomOptions): Promise<Clinical | undefined> {
  if (path === undefined) {
    const stray = sheet !== undefined ? "--sheet" : file !== undefined ? "--mapping" : undefined;
    if (stray) throw new TrinephronError("E_USAGE", `${stray} without --table`);
    return undefined;
  }
  const mapping = file === undefined ? undefined : await readMapping(file);
  const table = await readSpreadsheet(path, sheet ?? mapping?.sheet);
  const columns = mapping ? mappedColumns(mapping, table.header, path) : usualColumns(table.header, path);
  return { path, columns, ...readClinical(table, columns, mapping) };
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
