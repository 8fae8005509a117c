import { access, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "../../../base/files.ts";
import { readNifti } from "../../../imaging/formats/nifti/index.ts";
import { reorient } from "../../../numerics/volume/index.ts";
import type { Phase } from "../../cohort/case.ts";
import { caseFolder } from "../../cohort/caseFolder.ts";
import { onGrid } from "../../study/align.ts";
import type { StudyOutline } from "../../study/assembled.ts";
import type { ImportChoices } from "../options.ts";
import { writeImage } from "../writeImage.ts";

/** How an outlined mask came to be; `outline.json` beside it, written last. */
interface OutlineRecord {
  /** Of the image's file and the program: the mask is not made again while they stay. */
  readonly settings: string;
  readonly outline: StudyOutline | undefined;
  readonly remarks: readonly string[];
}

/**
 * Outlines the kidneys and the tumour of a NIfTI image by a program and writes the mask beside the cohort, or takes the
 * one that the same program made of the same file before.
 * @param out folder of the cohort
 * @param image path of the image, and which of the case's images it is
 * @returns the mask's path within the cohort
 * @throws E_MASK where the program finds none or doubts it; as `readNifti`; E_FILE_WRITE
 */
export async function outlinedMask(
  out: string,
  name: string,
  image: { readonly path: string; readonly phase: Phase },
  { by, outline }: NonNullable<ImportChoices["outline"]>,
): Promise<{ readonly path: string; readonly remarks: readonly string[] }> {
  const path = `${caseFolder(name)}/mask.nii.gz`;
  const record = join(out, caseFolder(name), "outline.json");
  const { size, mtimeMs } = await stat(image.path);
  const settings = JSON.stringify([image.path, size, mtimeMs, by]);
  const before = await readRecord(record);
  const there = await access(join(out, path)).then(
    () => true,
    () => false,
  );
  if (there && before?.settings === settings) return { path, remarks: before.remarks };
  const said: string[] = [];
  const volume = reorient(await readNifti(image.path, { onRemark: (remark) => said.push(remark) }));
  const found = await outline(onGrid(volume, volume), image.phase);
  await writeImage(join(out, path), found.volume);
  const remarks = [...said, ...found.remarks.map(({ text }) => text)];
  const written: OutlineRecord = { settings, outline: found.outline, remarks };
  await writeWhole(record, `${JSON.stringify(written, null, 2)}\n`);
  return { path, remarks };
}

const readRecord = (path: string): Promise<OutlineRecord | undefined> =>
  readFile(path, "utf8").then(
    (text) => JSON.parse(text) as OutlineRecord,
    () => undefined,
  );
