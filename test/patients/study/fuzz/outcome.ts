import { TrinephronError } from "../../../../src/base/errors.ts";
import { readHeaders, type Source, studyContext } from "../../../../src/imaging/formats/dicom/index.ts";
import { keepable } from "../../../../src/imaging/formats/dicom/write/keepable.ts";
import { sourceImages } from "../../../../src/imaging/formats/dicom/write/sourceImages.ts";
import {
  connectedComponents,
  reorient,
  type Volume,
  voxelVolumeMl,
} from "../../../../src/numerics/volume/index.ts";
import { assembleStudy } from "../../../../src/patients/study/assemble.ts";
import type { AssembledStudy } from "../../../../src/patients/study/assembled.ts";
import { assembleNifti } from "../../../../src/patients/study/assembleNifti.ts";
import { readStudy } from "../../../../src/patients/study/readStudy.ts";
import { encoded } from "./encode.ts";
import { laid, maskFile, niftiFiles } from "./places.ts";
import type { Study, StudyFile } from "./study.ts";

/** What a study was read as. */
export interface Result {
  /** HU on the study's grid, axes turned to LPS, by phase. */
  readonly phases: Readonly<Record<string, Volume>>;
  readonly mask: Volume<Uint8Array> | undefined;
  /** By label: volume, mL, and number of pieces. */
  readonly parts: Readonly<Record<number, { readonly ml: number; readonly pieces: number }>>;
  /** What SR, SEG and FHIR would say: patient, study, series, and how many images they refer to. */
  readonly identity: Readonly<Record<string, unknown>>;
  readonly remarks: readonly string[];
}

/** @param name of a folder for what must lie on disk */
export async function outcomeOf(study: Study, name: string): Promise<Result | TrinephronError> {
  try {
    return resultOf(await assembled(study, name));
  } catch (error) {
    if (error instanceof TrinephronError) return error;
    throw error;
  }
}

async function assembled(study: Study, name: string): Promise<AssembledStudy> {
  const options = { name: "study", align: false, threads: 1, mask: maskFile(study, name) };
  if (study.images) return assembleNifti(niftiFiles(study.images, name), options);
  if (study.place) return readStudy(laid(study, name), options);
  return assembleStudy(await readHeaders(study.files.map(sourceOf)), options);
}

const kept = new WeakMap<object, Buffer>();

/** A file's bytes, kept for those that no mutation changes. */
export function bytesOf(file: StudyFile): Uint8Array {
  if (file.bytes) return file.bytes;
  const before = kept.get(file);
  if (before) return before;
  const bytes = encoded(file.dataSet, file.encoding);
  kept.set(file, bytes);
  return bytes;
}

function sourceOf(file: StudyFile): Source {
  const bytes = bytesOf(file);
  return { name: file.name, whole: async () => bytes, start: async (length) => bytes.subarray(0, length) };
}

function resultOf(study: AssembledStudy): Result {
  const { phases, reference, mask, warnings } = study;
  const found = Object.values(phases).flatMap((phase) => phase ?? []);
  const header = phases[reference]?.header;
  const identity = header && keepable(header);
  const context = header && studyContext(header);
  return {
    phases: Object.fromEntries(found.map(({ phase, volume }) => [phase, reorient(volume)])),
    mask: mask && reorient(mask.volume),
    parts: mask ? partsOf(mask.volume) : {},
    identity: {
      ...context,
      series: Object.fromEntries(found.map((each) => [each.phase, each.header?.series.uid])),
      images: Object.fromEntries(found.map((each) => [each.phase, sourceImages(each.slices).length])),
      source: mask?.source,
    },
    remarks: [...warnings.map(({ text }) => text), ...(identity?.remarks ?? [])],
  };
}

function partsOf(mask: Volume<Uint8Array>): Result["parts"] {
  const parts: Record<number, { ml: number; pieces: number }> = {};
  for (const label of [1, 2, 3]) {
    const own = mask.data.map((value) => (value === label ? 1 : 0));
    const voxels = own.reduce((sum, value) => sum + value, 0);
    const pieces = connectedComponents(own, mask.size).sizes.length;
    if (voxels > 0) parts[label] = { ml: voxels * voxelVolumeMl(mask), pieces };
  }
  return parts;
}
