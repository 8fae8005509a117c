import { extname, resolve } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { runPool } from "../../../base/threads.ts";
import type { Work } from "../../../base/work.ts";
import type { Case, Cohort } from "../../cohort/case.ts";
import type { PaintedFormat, PaintJob } from "./paintCase.ts";

/** Where and how a cohort is painted. */
export interface PaintCohortOptions extends Work {
  /** Folder of the painted cohort. */
  readonly out: string;
  /** Voxel size, mm. Default 1. */
  readonly spacing?: number | undefined;
  readonly seed: number;
  /** Default NIfTI, into `out/images`; DICOM goes to `out/studies`. */
  readonly format?: PaintedFormat | undefined;
}

/** The cases painted, and those that could not be. */
export interface PaintedCohort {
  /** In the order of the given cohort. */
  readonly cases: readonly Case[];
  readonly failed: readonly { readonly case: string; readonly error: TrinephronError }[];
}

/**
 * Paints every case of a cohort into `out`, case by case on threads; what is there already is kept.
 * Writes no `cohort.csv`: that is the caller's last step.
 *
 * @throws E_INTERRUPTED, E_COHORT where `out` is the cohort's own folder
 */
export async function paintCohort(cohort: Cohort, options: PaintCohortOptions): Promise<PaintedCohort> {
  const { out, spacing = 1, seed, format = "nifti", threads, signal, progress } = options;
  const to = resolve(out);
  if (to === resolve(cohort.folder))
    throw new TrinephronError("E_COHORT", `${to}: the cohort's own folder`, "paint into another one");
  const jobs = cohort.cases.map(
    (c): PaintJob => ({ case: c, from: cohort.folder, to, spacing, seed, format }),
  );
  const outcomes: (Case | TrinephronError)[] = [];
  let done = 0;
  await runPool<PaintJob, Case>(jobs, {
    worker: new URL(`./paint.worker${extname(import.meta.url)}`, import.meta.url),
    threads,
    signal,
    done: (index, outcome) => {
      outcomes[index] = outcome;
      progress?.("painting", ++done, jobs.length, jobs[index].case.case);
    },
  });
  return {
    cases: outcomes.filter((o): o is Case => !(o instanceof TrinephronError)),
    failed: outcomes.flatMap((o, n) =>
      o instanceof TrinephronError ? [{ case: jobs[n].case.case, error: o }] : [],
    ),
  };
}
