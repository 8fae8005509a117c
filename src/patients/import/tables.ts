import { join } from "node:path";
import { stringify } from "csv-stringify/sync";
import { writeWhole } from "../../base/files.ts";
import type { Identity, ImportedDicom } from "./importDicom.ts";

/** Writes `left-out.csv` into the cohort: what became no case, and why; patients under their pseudonyms. */
export const writeLeftOut = (folder: string, { leftOut }: Pick<ImportedDicom, "leftOut">): Promise<void> =>
  writeWhole(
    join(folder, "left-out.csv"),
    stringify([
      ["line", "patient", "reason", "detail"],
      ...leftOut.map(({ line, patient, reason, detail }) => [line, patient, reason, detail]),
    ]),
  );

/** Writes the table that leads from cases back to patients, for its owner's eyes. */
export const writeIdentities = (path: string, identities: readonly Identity[]): Promise<void> =>
  writeWhole(
    path,
    stringify([
      ["case", "patient_id", "study_uid", "line"],
      ...identities.map(({ case: name, patient, study, line }) => [name, patient, study, line]),
    ]),
    0o600,
  );
