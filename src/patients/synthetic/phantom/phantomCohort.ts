import { extname, resolve } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { runPool } from "../../../base/threads.ts";
import type { Work } from "../../../base/work.ts";
import type { Case } from "../../cohort/case.ts";
import { paintedBefore, settingsHash, writePainted } from "../paint/files/paintedFiles.ts";
import type { Painted } from "../paint/paint.ts";
import { type PhantomSpec, phantomCase, phantomName } from "./phantomCase.ts";

/** How many patients are simulated, and how finely. */
export interface PhantomCohortOptions {
  /** Cases of each centre, by its name. */
  readonly centers: Readonly<Record<string, number>>;
  readonly seed: number;
  /** Voxel size, mm. Default 2. */
  readonly spacing?: number | undefined;
}

/** A simulated cohort, one case at a time, in memory. */
export function* phantomCohort(options: PhantomCohortOptions): Generator<{ row: Case; painted: Painted }> {
  for (const spec of specsOf(options)) yield phantomCase(spec);
}

const specsOf = ({ centers, seed, spacing = 2 }: PhantomCohortOptions): PhantomSpec[] =>
  Object.entries(centers).flatMap(([center, count]) =>
    Array.from({ length: count }, (_, n) => ({ center, n, seed, spacing })),
  );

/** Where a simulated cohort is written. */
export interface WritePhantomOptions extends PhantomCohortOptions, Work {
  /** Folder of the cohort. */
  readonly out: string;
}

interface PhantomJob extends PhantomSpec {
  readonly out: string;
}

/**
 * Writes a simulated cohort's images into `out/images` on threads and returns its rows, in order;
 * cases that are there already are kept. Writes no `cohort.csv`: that is the caller's last step.
 *
 * @throws E_INTERRUPTED, E_FILE_WRITE
 */
export async function writePhantomCohort(options: WritePhantomOptions): Promise<Case[]> {
  const { out, threads, signal, progress } = options;
  const jobs = specsOf(options).map((spec): PhantomJob => ({ ...spec, out: resolve(out) }));
  const rows: Case[] = [];
  let done = 0;
  await runPool<PhantomJob, Case>(jobs, {
    worker: new URL(`./phantom.worker${extname(import.meta.url)}`, import.meta.url),
    threads,
    signal,
    done: (index, outcome) => {
      if (outcome instanceof TrinephronError) throw outcome;
      rows[index] = outcome;
      progress?.("simulating", ++done, jobs.length, outcome.case);
    },
  });
  return rows;
}

/** A thread's work: one case made and written, or found there. */
export async function writePhantomCase({ out, ...spec }: PhantomJob): Promise<Case> {
  const settings = settingsHash({ phantom: 1, ...spec });
  const before = await paintedBefore(out, phantomName(spec), settings);
  if (before) return before;
  const { row, painted } = phantomCase(spec);
  await writePainted(out, row, painted, settings);
  return row;
}
