import { TrinephronError } from "../../base/errors.ts";
import { readHeaders, sourcesOf } from "../../imaging/formats/dicom/index.ts";
import { type AssembleOptions, assembleStudy } from "./assemble.ts";
import type { AssembledStudy } from "./assembled.ts";

/**
 * One patient's DICOM study, read and made ready: its phases found, aligned and put on one grid with the mask.
 * @param path a folder, a ZIP archive, a DICOMDIR or one file
 * @throws E_FILE_MISSING; E_FORMAT where no file is DICOM; E_PHASE where no series can serve, or one the user named is
 * not there; E_COHORT for several patients; E_MASK, E_LABEL where the mask does not serve; and as `readVolume` of
 * `trinephron/dicom`
 */
export async function readStudy(path: string, options: AssembleOptions = {}): Promise<AssembledStudy> {
  const sources = await sourcesOf(path);
  const files = await readHeaders(sources, options);
  if (!files.some(({ header }) => header))
    throw new TrinephronError("E_FORMAT", `${path}: no DICOM file among ${files.length}`);
  return assembleStudy(files, { ...options, name: options.name ?? path });
}
