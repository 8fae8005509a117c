import { access, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "../../base/files.ts";
import type { Volume } from "../../numerics/volume/index.ts";
import { type Case, type Phase, phases } from "../cohort/case.ts";
import { caseFolder } from "../cohort/caseFolder.ts";
import { type AssembledStudy, phasesIn } from "../study/assembled.ts";
import type { Provenance } from "./provenance.ts";
import { writeImage } from "./writeImage.ts";

/** What a case's folder holds, and how it came to be; `study.json`, written last. */
export interface CaseRecord extends Pick<Case, "images" | "mask"> {
  /** Hash of the files read and of the settings: the case is not read again while it stays. */
  readonly settings: string;
  readonly provenance: Provenance;
}

const recordPath = (folder: string, name: string) => join(folder, caseFolder(name), "study.json");

/** Writes phases and mask as NIfTI-1, HU as 16-bit whole numbers, each whole or not at all, and then the record. */
export async function writeCase(
  folder: string,
  name: string,
  study: AssembledStudy,
  settings: string,
  provenance: Provenance,
): Promise<CaseRecord> {
  const own = caseFolder(name);
  const path = (file: string) => `${own}/${file}.nii.gz`;
  await clear(folder, name);
  const images: Partial<Record<Phase, string>> = {};
  for (const { phase, volume } of phasesIn(study)) {
    const file = path(phase);
    images[phase] = file;
    await writeImage(join(folder, file), wholeHu(volume));
  }
  const mask = study.mask && path("mask");
  if (study.mask && mask) await writeImage(join(folder, mask), study.mask.volume);
  const record: CaseRecord = { settings, images, ...(mask && { mask }), provenance };
  await writeWhole(recordPath(folder, name), `${JSON.stringify(record, null, 2)}\n`);
  return record;
}

/** The record of a case imported before of the same files with the same settings, all files there; else undefined. */
export async function importedBefore(
  folder: string,
  name: string,
  settings: string,
): Promise<CaseRecord | undefined> {
  try {
    const record = JSON.parse(await readFile(recordPath(folder, name), "utf8")) as CaseRecord;
    if (record.settings !== settings) return undefined;
    for (const path of [...Object.values(record.images), record.mask].filter((path) => path !== undefined))
      await access(join(folder, path));
    return record;
  } catch {
    return undefined;
  }
}

/** Files of an earlier import, which may have had other phases. The record goes first: it vouches for the others. */
async function clear(folder: string, name: string): Promise<void> {
  await rm(recordPath(folder, name), { force: true });
  for (const file of [...phases, "mask"])
    await rm(join(folder, caseFolder(name), `${file}.nii.gz`), { force: true });
}

function wholeHu(volume: Volume<Int16Array | Float32Array>): Volume<Int16Array> {
  const { data } = volume;
  if (data instanceof Int16Array) return { ...volume, data };
  const whole = Int16Array.from(data, (hu) => Math.round(Math.min(Math.max(hu, -32768), 32767)));
  return { ...volume, data: whole };
}
