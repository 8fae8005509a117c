import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "csv-stringify/sync";
import { writeWhole } from "../../../../base/files.ts";
import { type Case, phases } from "../../../cohort/case.ts";
import { caseFolder } from "../../../cohort/caseFolder.ts";
import { columns } from "../../../cohort/columns.ts";
import type { Painted } from "../paint.ts";
import { dicomStudy, paintedPatientId } from "./dicomStudy.ts";

/** Where a case's study lies in the painted cohort. */
const studyFolder = (name: string): string => caseFolder(name, "studies");

/** Written last: what the study was made from. Hidden, so that who reads DICOM folders passes it by. */
const receipt = ".painted.json";

/** Writes a painted case's DICOM study, a file whole or not at all, and then the receipt. */
export async function writeDicomStudy(
  folder: string,
  row: Case,
  painted: Painted,
  settings: string,
): Promise<void> {
  const to = join(folder, studyFolder(row.case));
  // Slices of an earlier, longer painting would stay among the new ones.
  await rm(to, { recursive: true, force: true });
  for (const { path, object } of dicomStudy(row, painted, settings))
    await writeWhole(join(to, path), object.bytes);
  await writeWhole(join(to, receipt), `${JSON.stringify({ settings }, null, 2)}\n`);
}

/** Whether a case's study was written before with the same settings. */
export async function dicomStudyBefore(folder: string, name: string, settings: string): Promise<boolean> {
  const text = await readFile(join(folder, studyFolder(name), receipt), "utf8").catch(() => "{}");
  return (JSON.parse(text) as { settings?: string }).settings === settings;
}

/** What a hospital's spreadsheet would hold: a row a patient, its labels, and that the images are painted. */
export function clinicalTable(cases: readonly Case[]): string {
  // Nor what a researcher adds: which cases validate.
  const others = new Set<string>(["case", "patient", "mask", "mask_origin", "part", ...phases]);
  const labels = columns.filter(({ name }) => !others.has(name));
  return stringify([
    ["patient_id", ...labels.map(({ name }) => name)],
    ...cases.map((c) => [paintedPatientId(c.case), ...labels.map(({ write }) => write(c))]),
  ]);
}
