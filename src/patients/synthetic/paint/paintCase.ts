import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { readWhole } from "../../../base/files.ts";
import { derivedSeed } from "../../../base/random.ts";
import { parseNifti } from "../../../imaging/formats/nifti/index.ts";
import type { Case } from "../../cohort/case.ts";
import { labelsOf } from "../../cohort/labels.ts";
import { dicomStudyBefore, writeDicomStudy } from "./files/dicomFiles.ts";
import { paintedBefore, paintedPaths, settingsHash, writePainted } from "./files/paintedFiles.ts";
import { paint } from "./paint.ts";
import { centerStyle } from "./scanner/scanner.ts";

/** One case to paint: what crosses to a thread. */
export interface PaintJob {
  readonly case: Case;
  /** Folder the case's own paths are relative to. */
  readonly from: string;
  /** Folder of the painted cohort. */
  readonly to: string;
  /** Voxel size, mm. */
  readonly spacing: number;
  readonly seed: number;
  readonly format: PaintedFormat;
}

/** NIfTI images that `cohort.csv` names, or DICOM studies as a hospital has them. */
export const paintedFormats = ["nifti", "dicom"] as const;
/** How painted cases are written. */
export type PaintedFormat = (typeof paintedFormats)[number];

/**
 * Paints one case and writes it, unless it is there already with the same mask, labels that matter and settings.
 * The seed is the case's own: the same voxels in any order and on any number of threads.
 *
 * @returns its row in the painted cohort: all labels as they were, paths of the new files, none of DICOM
 */
export async function paintCase({ case: c, from, to, spacing, seed, format }: PaintJob): Promise<Case> {
  const { mask: maskPath, ...labels } = c;
  const { histology, necrosis = false } = labels;
  if (histology === undefined)
    throw new TrinephronError("E_LABEL", `${c.case}: no histology`, "painted enhancement follows from it");
  if (maskPath === undefined) throw new TrinephronError("E_MASK", `${c.case}: no mask`);
  const path = resolve(from, maskPath);
  const bytes = await readWhole(path);
  const row: Case = {
    ...labels,
    ...(format === "dicom" ? { images: {} } : paintedPaths(c.case)),
    source: c.source === "procedural" ? c.source : "painted",
  };
  const settings = settingsHash({
    case: c.case,
    center: c.center,
    histology,
    necrosis,
    spacing,
    seed,
    mask: createHash("sha256").update(bytes).digest("hex"),
  });
  const before = format === "dicom" ? dicomStudyBefore : paintedBefore;
  if (await before(to, c.case, settings)) return row;
  const { mask } = labelsOf(parseNifti(bytes, path), path);
  const painted = paint(
    mask,
    { histology, necrosis },
    centerStyle(c.center, seed),
    derivedSeed(seed, "case", c.case),
    { spacing },
  );
  const write = format === "dicom" ? writeDicomStudy : writePainted;
  await write(to, row, painted, settings);
  return row;
}
