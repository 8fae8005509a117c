import { TrinephronError } from "../../../base/errors.ts";
import type { DicomFile } from "../../../imaging/formats/dicom/index.ts";
import type { Geometry } from "../../../numerics/volume/index.ts";
import type { StudyMask } from "../assembled.ts";
import { otherRemark } from "../remark.ts";
import { type DicomRegions, dicomRegions, holdsRegions } from "./dicomRegions.ts";
import { readLabelTable } from "./labels/labelTable.ts";
import { mergeLabels } from "./mergeLabels.ts";

export interface MaskOptions {
  /** A table of the user's own names, as `readLabelTable` reads it. */
  readonly labels?: string | undefined;
}

export interface MasksAmongOptions extends MaskOptions {
  /** Series Instance UID of the reference: where something was drawn on it, what was drawn on other series is left out. */
  readonly series?: string | undefined;
  /** Frame of Reference UID of the reference: what was drawn in another one is left out. */
  readonly frameOfReference?: string | undefined;
}

/**
 * The mask that DICOM Segmentations and RT Structure Sets among a study's files make; undefined where none of their
 * regions is a kidney, tumour or cyst within the images. Files that cannot be read are left out with a remark.
 *
 * @throws E_FILE_MISSING, E_FORMAT, E_LABEL as `readLabelTable`; E_FORMAT, E_FILE_TRUNCATED for broken pixels
 */
export async function masksAmong(
  files: readonly DicomFile[],
  reference: Geometry,
  { labels, series, frameOfReference }: MasksAmongOptions = {},
): Promise<StudyMask | undefined> {
  const table = labels === undefined ? undefined : await readLabelTable(labels);
  const leftOut: string[] = [];
  const read: (DicomRegions & { readonly file: string })[] = [];
  for (const file of files.filter(holdsRegions))
    try {
      read.push({ ...(await dicomRegions(file)), file: file.source.name });
    } catch (error) {
      if (!(error instanceof TrinephronError)) throw error;
      leftOut.push(`left out: ${error.message}`);
    }

  const onSeries = read.filter((object) => series !== undefined && object.referencedSeries === series);
  const used = onSeries.length > 0 ? onSeries : read.filter((object) => !elsewhere(object, frameOfReference));
  for (const object of read.filter((candidate) => !used.includes(candidate)))
    leftOut.push(
      `left out: ${object.file}: drawn ${elsewhere(object, frameOfReference) ? "in another frame of reference" : "on another series"}`,
    );

  const regions = used.flatMap((object) => object.regions);
  const { volume, source, remarks } = await mergeLabels(regions, reference, table);
  const seriesUid = used.find((object) => object.referencedSeries !== undefined)?.referencedSeries;
  return source && { volume, source, seriesUid, remarks: [...leftOut, ...remarks].map(otherRemark) };
}

const elsewhere = (object: DicomRegions, frame: string | undefined): boolean =>
  frame !== undefined && object.frameOfReference !== undefined && object.frameOfReference !== frame;
