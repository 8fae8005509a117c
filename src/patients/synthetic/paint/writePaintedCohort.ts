import { join, resolve } from "node:path";
import { codes } from "../../../base/errors.ts";
import { writeWhole } from "../../../base/files.ts";
import type { Cohort } from "../../cohort/case.ts";
import { writeCohort } from "../../cohort/csv.ts";
import { flowOf, readFlow, writeFlow } from "../../cohort/flow.ts";
import { claimFolder } from "./files/claim.ts";
import { clinicalTable } from "./files/dicomFiles.ts";
import { type PaintCohortOptions, type PaintedCohort, paintCohort } from "./paintCohort.ts";

/** Where and how a cohort is painted and written. */
export interface WritePaintedOptions extends PaintCohortOptions {
  /** Replace a cohort of other settings that is there. */
  readonly force?: boolean | undefined;
}

/**
 * Paints a cohort's phases onto its masks, into `out`, and writes the table last: `cohort.csv` with its flow, or for
 * DICOM a `clinical.csv`. Cases that could not be painted are left out of it and returned.
 * @throws E_FILE_EXISTS where `out` holds another cohort; E_COHORT where it is the cohort's own
 * folder; E_INTERRUPTED
 */
export async function writePaintedCohort(
  cohort: Cohort,
  options: WritePaintedOptions,
): Promise<PaintedCohort> {
  const { spacing = 1, seed, format = "nifti", force } = options;
  const out = resolve(options.out);
  const settings = { cohort: cohort.folder, spacing, seed, ...(format === "dicom" && { format }) };
  await claimFolder(options.out, "painted", settings, force);
  const painted = await paintCohort(cohort, options);
  const { cases, failed } = painted;
  if (cases.length === 0) return painted;
  if (format === "dicom") await writeWhole(join(out, "clinical.csv"), clinicalTable(cases));
  else {
    const reasons = new Map(failed.map((f) => [f.case, codes[f.error.code]]));
    const { step } = flowOf("Phases painted", cohort.cases, (c) => reasons.get(c.case));
    await writeFlow(out, [...(await readFlow(cohort.folder)), step]);
    // The images are the contrast phases, whatever the cohort had.
    await writeCohort({ folder: out, cases, tasks: cohort.tasks });
  }
  return painted;
}
