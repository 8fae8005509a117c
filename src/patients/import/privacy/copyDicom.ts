import { rm } from "node:fs/promises";
import { join } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { writeWhole } from "../../../base/files.ts";
import { type DicomFile, deidentify } from "../../../imaging/formats/dicom/index.ts";
import { caseFolder } from "../../cohort/caseFolder.ts";
import { type AssembledStudy, phasesIn } from "../../study/assembled.ts";
import { isMask } from "../studies.ts";
import type { Pseudonyms } from "./pseudonyms.ts";

/**
 * Copies the files that a study's phases and mask were read from, de-identified, to `dicom/<case>/<phase>/0001.dcm`.
 * @returns why files were not copied, a line each
 */
export async function copyDicom(
  folder: string,
  name: string,
  study: AssembledStudy,
  files: readonly DicomFile[],
  pseudonyms: Pseudonyms,
): Promise<string[]> {
  const to = join(folder, caseFolder(name, "dicom"));
  await rm(to, { recursive: true, force: true });
  const groups: [string, DicomFile[]][] = phasesIn(study).map(({ phase, slices }) => [
    phase,
    // An enhanced image is one file of many slices.
    [...new Set(slices.map(({ file }) => file))],
  ]);
  if (study.mask?.source === "segmentation" || study.mask?.source === "structure set")
    groups.push(["mask", files.filter(isMask)]);
  const refused: string[] = [];
  for (const [group, members] of groups)
    for (const [n, { source }] of members.entries()) {
      try {
        const label = `${group}, file ${n + 1}`;
        const bytes = deidentify(await source.whole(), label, { pseudonym: name, uid: pseudonyms.uid });
        await writeWhole(join(to, group, `${String(n + 1).padStart(4, "0")}.dcm`), bytes);
      } catch (error) {
        if (!(error instanceof TrinephronError) || error.code === "E_FILE_WRITE") throw error;
        refused.push(`DICOM not copied: ${error.message}`);
      }
    }
  return refused;
}
