import { TrinephronError } from "../../../base/errors.ts";
import { type DicomFile, readHeaders, type Source, sourcesOf } from "../../../imaging/formats/dicom/index.ts";
import type { Geometry } from "../../../numerics/volume/index.ts";
import type { StudyMask } from "../assembled.ts";
import { otherRemark } from "../remark.ts";
import { type DicomRegions, dicomRegions, holdsRegions, imagesMissing } from "./dicomRegions.ts";
import { imageRegions } from "./imageRegions.ts";
import { isNifti } from "./isNifti.ts";
import type { LabelTable } from "./labels/labelTable.ts";
import { readLabelTable } from "./labels/readLabelTable.ts";
import { type MaskOptions, otherFrame } from "./masksAmong.ts";
import { mergeLabels } from "./mergeLabels.ts";
import { niftiLabels, niftiStructure } from "./niftiRegions.ts";
import type { Region } from "./region.ts";

interface ReadMaskOptions extends MaskOptions {
  /** Path of a table of the user's own names. */
  readonly labels?: string | undefined;
  /** Frame of Reference UID and Patient ID of the images; a mask of others is used, with a remark. */
  readonly frameOfReference?: string | undefined;
  readonly patient?: string | undefined;
}

/**
 * A mask on the reference's grid, by what the file holds: a NIfTI file of labels (1 kidney, 2 tumour, 3 cyst, or those
 * that the table has); a DICOM Segmentation; an RT Structure Set; or a folder or ZIP archive of these, of NIfTI files
 * named by structure, or of a folder of DICOM mask images a structure.
 *
 * @throws E_MASK where no region is a tumour within the images
 * @throws E_FILE_MISSING, E_FORMAT, E_FILE_TRUNCATED, E_UNSUPPORTED, E_GEOMETRY, E_LABEL as the formats' readers do
 */
export async function readMask(
  path: string,
  reference: Geometry,
  { labels, stacks, instances, frameOfReference, patient }: ReadMaskOptions = {},
): Promise<StudyMask> {
  const table = labels === undefined ? undefined : await readLabelTable(labels);
  const missing: string[] = [];
  const regions = await regionsOf(await sourcesOf(path), path, table, (file, object) =>
    missing.push(...imagesMissing(object, file, instances)),
  );
  const { volume, source, counts, remarks } = await mergeLabels(regions, reference, table, stacks);
  if (source === undefined || counts[2] === 0) {
    const listed = regions.slice(0, 20).map(({ name }) => name);
    const names = [...listed, ...(regions.length > 20 ? [`${regions.length - 20} more`] : [])].join(", ");
    throw new TrinephronError(
      "E_MASK",
      `${path}: no ${source === undefined ? "kidney, tumour or cyst" : "tumour"} within the images among ${names}${remarks.length > 0 ? ` (${remarks.join("; ")})` : ""}`,
      "a table of labels (columns name, label) says what other names mean",
    );
  }
  const without = counts[1] === 0 ? ["no kidney in the mask"] : [];
  const frames = regions.flatMap((region) => region.frameOfReference ?? []);
  const elsewhere = frameOfReference !== undefined && frames.some((frame) => frame !== frameOfReference);
  const patients = regions.flatMap((region) => region.patient ?? []);
  const others = patient !== undefined && patients.some((id) => id !== patient);
  const unsure = [
    ...(others ? ["its file names another patient than the images: check that it is theirs"] : []),
    ...(elsewhere ? [otherFrame] : []),
  ];
  const seriesUid = regions.find((region) => region.referencedSeries !== undefined)?.referencedSeries;
  return {
    volume,
    source,
    seriesUid,
    remarks: [...unsure, ...missing, ...remarks, ...without].map(otherRemark),
  };
}

async function regionsOf(
  sources: readonly Source[],
  path: string,
  table: LabelTable | undefined,
  read: (file: string, object: DicomRegions) => void,
): Promise<Region[]> {
  const nifti: Source[] = [];
  const others: Source[] = [];
  for (const source of sources) {
    // An .img holds the voxels of the .hdr beside it.
    if (/\.img(\.gz)?$/i.test(source.name) && sources.length > 1) continue;
    if (source.setAside !== undefined) continue;
    ((await isNifti(source)) ? nifti : others).push(source);
  }
  const files = await readHeaders(others);
  const objects: Region[] = [];
  for (const file of files.filter(holdsRegions)) {
    const object = await dicomRegions(file);
    read(file.source.name, object);
    objects.push(...object.regions);
  }
  const regions = [
    ...(nifti.length === 1 ? await niftiLabels(nifti[0], table) : nifti.map(niftiStructure)),
    ...objects,
    ...imageRegions(files.filter((file) => !holdsRegions(file))),
  ];
  if (regions.length === 0) throw noRegions(files, path);
  return regions;
}

function noRegions(files: readonly DicomFile[], path: string): TrinephronError {
  const [unread] = files.flatMap(({ error }) => error ?? []);
  if (files.length === 1 && unread) return unread;
  return new TrinephronError(
    "E_FORMAT",
    `${path}: no mask in it`,
    "give NIfTI labels, a DICOM Segmentation, an RT Structure Set or a folder of mask images",
  );
}
