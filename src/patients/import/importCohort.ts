import { resolve } from "node:path";
import { TrinephronError } from "../../base/errors.ts";
import type { Cohort } from "../cohort/case.ts";
import { writeCohort } from "../cohort/csv.ts";
import { writeFlow } from "../cohort/flow.ts";
import { type Doubt, readClinical } from "./clinical/clinical.ts";
import { type Mapping, mappedColumns, readMapping, usualColumns } from "./clinical/mapping.ts";
import { readOverrides } from "./clinical/overrides.ts";
import { readSpreadsheet } from "./clinical/spreadsheet.ts";
import { type ImportedDicom, importDicom } from "./importDicom.ts";
import type { ImportChoices, ImportDicomOptions } from "./options.ts";
import { keyIsOpen, keyPaths, openPseudonyms } from "./privacy/pseudonyms.ts";
import { writeIdentities, writeLeftOut } from "./tables.ts";

/** Where a hospital's data lie and what is taken of them. */
export interface ImportCohortOptions extends ImportChoices {
  /** Folder of the cohort. */
  readonly out: string;
  /** Path of the clinical table, CSV or XLSX; without it each patient is a case without labels. */
  readonly table?: string | undefined;
  /** Sheet of the XLSX. */
  readonly sheet?: string | undefined;
  /** Path of a `mapping.json`: which column is what; else by the columns' usual names. */
  readonly mapping?: string | undefined;
  /** Path of a table of the columns case, phase and series, which wins over what the pictures and texts say. */
  readonly phases?: string | undefined;
  /** Path of the key that pseudonyms are made with; default the path of the cohort with `.key`. */
  readonly key?: string | undefined;
  /** Path of a list of pseudonyms to use instead. */
  readonly pseudonyms?: string | undefined;
  /** True leaves patient IDs as they are. */
  readonly keepNames?: boolean | undefined;
  readonly onWarning?: ((line: string) => void) | undefined;
}

/** A cohort made of a hospital's data, and what became of them. */
export interface ImportedCohort extends ImportedDicom {
  readonly cohort: Cohort;
  /** Column of the table that each field was read from; absent without a table. */
  readonly columns?: Mapping["columns"];
  /** Cells of the table taken as unknown. */
  readonly notUnderstood: readonly Doubt[];
  /** Paths of the key and of the table that leads back to the patients; absent with `keepNames`. */
  readonly secrets?: { readonly key: string; readonly identities: string };
}

/**
 * Makes a cohort of a hospital's DICOM studies and clinical table and writes all of it; `cohort.csv` comes last.
 * Stopped, the same call goes on with the cases it lacks.
 * @param root folder, ZIP archive or DICOMDIR
 * @throws E_USAGE for options that contradict one another, or where a centre is missing;
 * E_COHORT where no CT study is there, or no case is left; E_FILE_MISSING, E_FORMAT, E_FILE_WRITE,
 * E_INTERRUPTED
 */
export async function importCohort(root: string, options: ImportCohortOptions): Promise<ImportedCohort> {
  const { out, keepNames, onWarning, signal, threads, progress } = options;
  const { center, labels, outline, align, copyDicom, withoutMask } = options;
  const table = await readTable(options);
  const phases = options.phases === undefined ? undefined : await readOverrides(options.phases);
  if (keepNames)
    onWarning?.("--keep-names: patient IDs and dates of the series' descriptions go into the cohort");
  const named = { out, key: options.key, list: options.pseudonyms, keepNames };
  const pseudonyms = await openPseudonyms(named);
  const { key, identities } = keyPaths(named);
  if (await keyIsOpen(key)) onWarning?.(`${key}: others can read the key; chmod 600 keeps it to yourself`);

  const imported = await importDicom(root, {
    ...{ out, pseudonyms, table, center, phases, labels, outline, align, withoutMask, copyDicom },
    ...{ threads, signal, progress },
  });
  await writeLeftOut(out, imported);
  if (!keepNames) await writeIdentities(identities, imported.identities);
  const cohort = { folder: resolve(out), cases: imported.cases };
  if (cohort.cases.length === 0)
    throw new TrinephronError("E_COHORT", `${root}: no case is left`, `${out}/left-out.csv says why`);
  await writeFlow(cohort.folder, imported.flow);
  await writeCohort(cohort);
  return {
    ...imported,
    cohort,
    ...(table && { columns: table.columns }),
    notUnderstood: table?.notUnderstood ?? [],
    ...(!keepNames && { secrets: { key, identities } }),
  };
}

type Clinical = NonNullable<ImportDicomOptions["table"]> & {
  readonly columns: Mapping["columns"];
  readonly notUnderstood: readonly Doubt[];
};

async function readTable({
  table: path,
  sheet,
  mapping: file,
}: ImportCohortOptions): Promise<Clinical | undefined> {
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
