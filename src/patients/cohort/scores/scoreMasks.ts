import { readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { stringify } from "csv-stringify/sync";
import { TrinephronError } from "../../../base/errors.ts";
import { runPool } from "../../../base/threads.ts";
import type { Work } from "../../../base/work.ts";
import type { NephrometryJson } from "../../../imaging/nephrometry/schema.ts";
import { cohortFile, readCohort } from "../csv.ts";
import type { MaskJob, MaskSettings } from "./scoreMask.ts";

/** A mask to score. */
export interface BatchCase {
  readonly case: string;
  readonly mask: string;
}

export interface BatchRow extends BatchCase {
  /** Undefined for a case that an interruption left out. */
  readonly outcome?: NephrometryJson | TrinephronError;
}

const isNifti = (name: string) => /\.nii(\.gz)?$/i.test(name);
const withoutExtension = (name: string) => name.replace(/\.nii(\.gz)?$/i, "");

/** Whether a path means many masks: a folder, or a cohort's table. */
export async function isBatch(path: string): Promise<boolean> {
  if (/\.csv$/i.test(path)) return true;
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/**
 * The masks of a cohort (a folder with `cohort.csv`, or its table), else of a folder: every `segmentation.nii.gz` in it
 * or its folders, named by its folder, as in KiTS; else every NIfTI file right in it, named by the file.
 *
 * @throws E_COHORT where there is none, and as `readCohort`
 */
export async function batchCases(path: string): Promise<BatchCase[]> {
  const file = await cohortFile(path);
  const isCohort = await stat(file).then(
    () => true,
    () => /\.csv$/i.test(path),
  );
  if (isCohort) {
    const { cases, folder } = await readCohort(path);
    const masks = cases.flatMap((c) => (c.mask ? [{ case: c.case, mask: resolve(folder, c.mask) }] : []));
    if (masks.length > 0) return masks;
    throw new TrinephronError("E_COHORT", `${file}: no case has a mask`, "fill the column mask");
  }
  const files = (await readdir(path, { recursive: true })).filter(isNifti).sort();
  const named = files.filter((name) => withoutExtension(basename(name)) === "segmentation");
  const found = named.length > 0 ? named : files.filter((name) => dirname(name) === ".");
  if (found.length === 0)
    throw new TrinephronError(
      "E_COHORT",
      `${path}: no cohort.csv, no segmentation.nii.gz in its folders, no NIfTI file`,
      "give the folder of a cohort or of masks",
    );
  return found.map((name) => {
    const title =
      named.length > 0 ? relative(path, dirname(join(path, name))) || "." : withoutExtension(name);
    return { case: title, mask: join(path, name) };
  });
}

export interface BatchOptions extends MaskSettings, Work {
  /** A figure of each case here, as `case.svg`. */
  readonly figures?: string | undefined;
}

/** Scores every mask on threads; a case that fails does not stop the others. Rows in the order of the cases. */
export async function scoreBatch(cases: readonly BatchCase[], options: BatchOptions): Promise<BatchRow[]> {
  const { rules, diameter, tumors, uncertainty, threads, signal, progress, figures } = options;
  const rows: BatchRow[] = [...cases];
  let done = 0;
  const jobs = cases.map(
    (c): MaskJob => ({
      mask: c.mask,
      title: c.case,
      figure: figures && join(figures, `${c.case.replaceAll(/[\\/]/g, "_")}.svg`),
      rules,
      diameter,
      tumors,
      uncertainty,
    }),
  );
  await runPool<MaskJob, NephrometryJson>(jobs, {
    worker: new URL(`./scoreMask.worker${extname(import.meta.url)}`, import.meta.url),
    threads,
    signal,
    done: (index, outcome) => {
      rows[index] = { ...cases[index], outcome };
      progress?.("nephrometry", ++done, cases.length, cases[index].case);
    },
  });
  return rows;
}

type Tumor = NephrometryJson["tumors"][number];

/** Columns of the table: one row a tumour, largest first; a case that failed has one row with its error. */
const columns: readonly (readonly [string, (t: Tumor) => unknown])[] = [
  ["side", (t) => t.side],
  ["volume_ml", (t) => rounded(t.volume_ml)],
  ["maximal_diameter_mm", (t) => rounded(t.maximal_diameter_mm)],
  ["in_plane_diameter_mm", (t) => rounded(t.in_plane_diameter_mm)],
  ["contact_area_cm2", (t) => rounded(t.contact_area_cm2)],
  ["renal", (t) => t.renal.total],
  ["complexity", (t) => t.renal.complexity],
  ["suffix", (t) => t.renal.suffix],
  ["R", (t) => t.renal.R.points],
  ["E", (t) => t.renal.E.points],
  ["N", (t) => t.renal.N.points],
  ["L", (t) => t.renal.L.points],
  ["R_mm", (t) => rounded(t.renal.R.mm)],
  ["E_endophytic_fraction", (t) => rounded(t.renal.E.endophytic_fraction)],
  ["N_mm", (t) => rounded(t.renal.N.mm)],
  ["L_fraction_between_polar_lines", (t) => rounded(t.renal.L.fraction_between_polar_lines)],
  ["L_crosses_midline", (t) => t.renal.L.crosses_midline],
  [
    "borderline",
    ({ renal }) => (["R", "E", "N", "L"] as const).filter((k) => renal[k].margin?.borderline).join(" "),
  ],
  ["padua", (t) => t.padua.total],
  ["padua_location", (t) => t.padua.location.points],
  ["padua_exophytic", (t) => t.padua.exophytic.points],
  ["padua_rim", (t) => t.padua.rim.points],
  ["padua_sinus", (t) => t.padua.sinus.points],
  ["padua_collecting_system", (t) => t.padua.collecting_system.points],
  ["padua_size", (t) => t.padua.size.points],
  ["c_index", (t) => rounded(t.c_index)],
  ["renal_low", (t) => t.uncertainty?.total[0]],
  ["renal_high", (t) => t.uncertainty?.total[1]],
  ["probability_high", (t) => rounded(t.uncertainty?.probability.high ?? null)],
  ["sinus_source", (t) => t.sinus_source],
  ["caveats", (t) => t.caveats.join("; ")],
];

const rounded = (value: number | null) => (value === null ? "" : Math.round(value * 1000) / 1000);

/** The rows as CSV, LF. */
export function batchCsv(rows: readonly BatchRow[]): string {
  const header = ["case", "tumor", ...columns.map(([name]) => name), "error"];
  const lines = rows.flatMap(({ case: name, outcome }) => {
    if (!outcome) return [];
    if (outcome instanceof TrinephronError) return [[name, "", ...columns.map(() => ""), outcome.line]];
    return outcome.tumors.map((t, n) => [
      name,
      n + 1,
      ...columns.map(([, of]) => (typeof of(t) === "boolean" ? String(of(t)) : (of(t) ?? ""))),
      "",
    ]);
  });
  return stringify([header, ...lines]);
}
