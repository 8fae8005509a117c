import { TrinephronError } from "../../base/errors.ts";
import type { Work } from "../../base/work.ts";
import {
  type DicomHeader,
  readHeaders,
  readVolume,
  type Slice,
  sourcesOf,
} from "../../imaging/formats/dicom/index.ts";
import { readNifti } from "../../imaging/formats/nifti/index.ts";
import type { Volume } from "../../numerics/volume/index.ts";
import { candidatesOf } from "./candidates.ts";
import { isNifti } from "./mask/isNifti.ts";
import { onePatient } from "./onePatient.ts";
import { seriesNamed } from "./seriesNamed.ts";

/** One image, as its file or series has it. */
export interface StudyImage {
  readonly volume: Volume;
  /** Of an image read from DICOM. */
  readonly header?: DicomHeader;
  /** Likewise: its slices; empty where its grid is not theirs. */
  readonly slices: readonly Slice[];
  /** What had to be corrected, a line each. */
  readonly remarks: readonly string[];
}

/**
 * One image: a NIfTI file, or a CT series among DICOM files.
 *
 * @param path of the file, or of a folder or ZIP archive of DICOM files
 * @param series its UID, number, description or name, where there are several
 * @throws E_FILE_MISSING, E_FORMAT; E_PHASE where the series is not there or not told; E_COHORT for several patients; as
 * `readNifti` and `readVolume` of `trinephron/dicom`
 */
export async function readImage(
  path: string,
  { series, ...work }: Pick<Work, "signal" | "progress"> & { readonly series?: string | undefined } = {},
): Promise<StudyImage> {
  const remarks: string[] = [];
  const sources = await sourcesOf(path);
  const isOne = sources.length === 1;
  if (isOne && (/\.(hdr|img)(\.gz)?$/i.test(path) || (await isNifti(sources[0])))) {
    const volume = await readNifti(path, { onRemark: (remark) => remarks.push(remark) });
    return { volume, slices: [], remarks };
  }
  const files = await readHeaders(sources, work);
  onePatient(files, path);
  const { candidates, leftOut } = await candidatesOf(files);
  if (candidates.length === 0)
    throw new TrinephronError(
      "E_PHASE",
      `${path}: no CT series that is a volume${leftOut.length > 0 ? ` (${leftOut[0].series}: ${leftOut[0].reason})` : ""}`,
      "give a NIfTI file or a folder of DICOM files",
    );
  if (series === undefined && candidates.length > 1)
    throw new TrinephronError(
      "E_PHASE",
      `${path}: ${candidates.length} series: ${candidates.map(({ name }) => name).join("; ")}`,
      "name one by --series",
    );
  const found = series === undefined ? candidates[0] : seriesNamed(series, candidates, path);
  const { volume, stack, remarks: mended } = await readVolume(found.stack, found.name);
  return {
    volume,
    header: found.header,
    slices: stack.resampled ? [] : stack.slices,
    remarks: [...found.slicesAside, ...mended].map((line) => `${found.name}: ${line}`),
  };
}
