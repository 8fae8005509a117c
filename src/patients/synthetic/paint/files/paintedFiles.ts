import { createHash } from "node:crypto";
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { writeWhole } from "../../../../base/files.ts";
import { encodeNifti } from "../../../../imaging/formats/nifti/index.ts";
import type { Volume } from "../../../../numerics/volume/index.ts";
import { type Case, phases, type StudyPhase } from "../../../cohort/case.ts";
import { caseFolder } from "../../../cohort/caseFolder.ts";
import type { Painted } from "../paint.ts";

/** Written into every image's header. */
export const description = "painted, not a real CT";

/** Beside each case's images, written last: what they were made from, and the case's row. */
interface Receipt {
  readonly settings: string;
  readonly row: Case;
}

/** Bumped when the same settings give other voxels, so that old images are not taken for new ones. */
const paintingVersion = 1;

/** A hash of all that decides a case's voxels. */
export const settingsHash = (settings: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify([paintingVersion, settings]))
    .digest("hex");

/** The paths, relative to the cohort, of a painted case. */
export function paintedPaths(name: string): { images: Record<StudyPhase, string>; mask: string } {
  const folder = caseFolder(name);
  const images = phases.map((phase) => [phase, `${folder}/${phase}.nii.gz`] as const);
  return { images: Object.fromEntries(images) as Record<StudyPhase, string>, mask: `${folder}/mask.nii.gz` };
}

/** Writes the three phases and the mask, each whole or not at all, and then the receipt. */
export async function writePainted(
  folder: string,
  row: Case,
  painted: Painted,
  settings: string,
): Promise<void> {
  const { images, mask } = paintedPaths(row.case);
  const files: [string, Volume][] = phases.map((phase) => [images[phase], painted.phases[phase]]);
  files.push([mask, painted.mask]);
  for (const [path, volume] of files)
    await writeWhole(join(folder, path), await compressed(encodeNifti(volume, { description }, path)));
  const receipt: Receipt = { settings, row };
  await writeWhole(
    join(folder, caseFolder(row.case), "painted.json"),
    `${JSON.stringify(receipt, null, 2)}\n`,
  );
}

/** The row of a case painted before with the same settings and all files there; else undefined. */
export async function paintedBefore(
  folder: string,
  name: string,
  settings: string,
): Promise<Case | undefined> {
  const { images, mask } = paintedPaths(name);
  try {
    const text = await readFile(join(folder, caseFolder(name), "painted.json"), "utf8");
    const receipt = JSON.parse(text) as Receipt;
    if (receipt.settings !== settings) return undefined;
    for (const path of [...Object.values(images), mask]) await access(join(folder, path));
    return receipt.row;
  } catch {
    return undefined;
  }
}

// Noise hardly compresses: level 1 takes a fifth of the time of level 6 for a few per cent more bytes.
const compressed = (bytes: Uint8Array) => promisify(gzip)(bytes, { level: 1 });
