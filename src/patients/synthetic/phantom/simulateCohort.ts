import { resolve } from "node:path";
import type { Cohort } from "../../cohort/case.ts";
import { writeCohort } from "../../cohort/csv.ts";
import { claimFolder } from "../paint/files/claim.ts";
import { type WritePhantomOptions, writePhantomCohort } from "./phantomCohort.ts";

/** What is simulated, and where it is written. */
export interface SimulateOptions extends WritePhantomOptions {
  /** Replace a cohort of other settings that is there. */
  readonly force?: boolean | undefined;
}

/**
 * Simulates a cohort whole, kidneys, tumours, labels and three painted phases, into `out`; `cohort.csv` comes last.
 * Stopped, the same call goes on with the cases it lacks.
 * @throws E_FILE_EXISTS where `out` holds another cohort, E_INTERRUPTED, E_FILE_WRITE
 */
export async function simulateCohort(options: SimulateOptions): Promise<Cohort> {
  const { out, centers, spacing = 2, seed, force } = options;
  await claimFolder(out, "procedural", { centers, spacing, seed }, force);
  const cohort = { folder: resolve(out), cases: await writePhantomCohort(options) };
  await writeCohort(cohort);
  return cohort;
}
