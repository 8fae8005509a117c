import { join } from "node:path";
import { TrinephronError } from "../../base/errors.ts";
import { readNifti } from "../../imaging/formats/nifti/index.ts";
import type { AffectedKidney } from "../../imaging/nephrometry/index.ts";
import {
  type Box,
  boundingBox,
  type Geometry,
  gridAround,
  indexToPoint,
  reorient,
  resample,
  type Vec3,
  type Volume,
} from "../../numerics/volume/index.ts";
import { type Case, type Phase, studyPhasesAmong } from "../../patients/cohort/case.ts";
import { caseMask } from "../../patients/cohort/caseMask.ts";
import { hounsfield, plausible } from "../../patients/cohort/check/hounsfield.ts";
import { type Enhancement, enhancement, phaseFault } from "../../patients/cohort/check/phaseOrder.ts";
import type { Crop, CropSettings } from "./cropInput.ts";

/** An image of a case. */
interface CaseImage {
  /** Named in errors. */
  readonly path: string;
  /** HU. */
  read(): Promise<Volume> | Volume;
}

/** A case's images, wherever they come from. */
export interface CaseImages {
  readonly case: string;
  readonly images: Readonly<Partial<Record<Phase, CaseImage>>>;
  /** 1 kidney, 2 tumour, 3 cyst. */
  readonly mask: CaseImage;
}

/** Reads one case of a cohort and cuts its cube, as {@link cropImages}. @param folder that the case's paths are relative to */
export async function cropCase(folder: string, c: Case, settings: CropSettings): Promise<Crop> {
  if (c.mask === undefined)
    throw new TrinephronError("E_MASK", `case ${c.case}: no mask`, "a crop is centred on it");
  const image = (path: string): CaseImage => {
    const file = join(folder, path);
    return { path: file, read: () => readNifti(file) };
  };
  const images = Object.fromEntries(
    Object.entries(c.images).flatMap(([phase, path]) => (path === undefined ? [] : [[phase, image(path)]])),
  );
  return cropImages({ case: c.case, images, mask: image(c.mask) }, settings);
}

/**
 * Cuts the cube centred on the affected kidney with its tumours, or on its largest tumour.
 * @throws E_MASK where there is no tumour; E_PHASE without any phase, or where phases are plainly swapped; E_GEOMETRY
 * where a phase does not lie where the mask does; E_VALUE where voxels are no HU
 */
export async function cropImages(c: CaseImages, settings: CropSettings): Promise<Crop> {
  const present = settings.phases.map((phase) => c.images[phase] !== undefined);
  if (!present.includes(true))
    throw new TrinephronError("E_PHASE", `case ${c.case}: none of the phases ${settings.phases.join(", ")}`);
  const { mask, kidney } = caseMask(await c.mask.read(), c.mask.path);
  const { center, voxels, fieldOfViewMm, window } = settings;
  const edge: Vec3 = [voxels, voxels, voxels];
  const spacing = fieldOfViewMm / voxels;
  const middle = center === "kidney" ? middleOf(kidney.box, mask) : tumorMiddle(kidney);
  const grid = gridAround(middle, edge, [spacing, spacing, spacing]);
  const size = voxels ** 3;

  const hu = new Int16Array(settings.phases.length * size);
  const found: Partial<Record<Phase, Enhancement>> = {};
  for (const [p, phase] of settings.phases.entries()) {
    const { path, read } = c.images[phase] ?? {};
    if (path === undefined || !read) continue;
    const { image } = hounsfield(reorient(await read()), mask, path, window[0]);
    const measured = enhancement(kidney.mask, image);
    if (measured) found[phase] = plausible(measured, path);
    hu.set(resample(image, grid, { antialias: true, fill: window[0] }).data.map(toInt16), p * size);
  }
  mustBeInOrder(c, hu, size, found, settings);
  const occupancy = (inside: (label: number) => boolean) => {
    const binary = { ...mask, data: mask.data.map((label) => (inside(label) ? 255 : 0)) };
    return resample(binary, grid, { antialias: true }).data.map(Math.round);
  };
  const both = new Uint8Array(2 * size);
  both.set(occupancy((label) => label > 0));
  both.set(
    occupancy((label) => label === 2),
    size,
  );
  return { case: c.case, hu, present, mask: both };
}

const toInt16 = (hu: number): number => Math.round(Math.min(Math.max(hu, -32768), 32767));

/** @throws E_PHASE where two phases are the same image, or cannot be what they are called */
function mustBeInOrder(
  c: CaseImages,
  hu: Int16Array,
  size: number,
  found: Readonly<Partial<Record<Phase, Enhancement>>>,
  { phases }: CropSettings,
): void {
  const refuse = (what: string) =>
    new TrinephronError(
      "E_PHASE",
      `case ${c.case}: ${what}`,
      "mend its row, or leave a doubtful phase empty",
    );
  const there = phases.flatMap((phase, p) => (c.images[phase] === undefined ? [] : [[phase, p] as const]));
  for (const [phase, p] of there)
    for (const [other, q] of there)
      if (p < q && hu.subarray(p * size, (p + 1) * size).every((value, v) => value === hu[q * size + v]))
        throw refuse(`its ${phase} and ${other} images are the same`);
  const fault = phaseFault(studyPhasesAmong(found));
  if (fault) throw refuse(fault);
}

const tumorMiddle = ({ tumor, mask }: AffectedKidney): Vec3 => middleOf(boundingBox(tumor, mask.size)!, mask);

/** The middle of a box of voxels, LPS mm. */
const middleOf = ({ start, end }: Box, on: Geometry): Vec3 => {
  const middle = (axis: 0 | 1 | 2) => (start[axis] + end[axis] - 1) / 2;
  return indexToPoint(on, [middle(0), middle(1), middle(2)]);
};
