import { join } from "node:path";
import { TrinephronError } from "../../base/errors.ts";
import { readNifti } from "../../imaging/formats/nifti/index.ts";
import {
  boundingBox,
  type Geometry,
  reorient,
  resample,
  type Vec3,
  type Volume,
} from "../../numerics/volume/index.ts";
import {
  type Case,
  type ImageKind,
  masksOf,
  type Phase,
  studyPhasesAmong,
} from "../../patients/cohort/case.ts";
import { type CaseMask, caseMask } from "../../patients/cohort/caseMask.ts";
import { hounsfield, plausible } from "../../patients/cohort/check/hounsfield.ts";
import { type Enhancement, enhancement, phaseFault } from "../../patients/cohort/check/phaseOrder.ts";
import { type Crop, type CropSettings, edgesMm } from "./cropInput.ts";
import { cubesAround, middleOfBox, occupancies } from "./cube.ts";

/** An image of a case. */
interface CaseImage {
  /** Named in errors. */
  readonly path: string;
  /** HU, or labels. */
  read(): Promise<Volume> | Volume;
}

/** A case's images, wherever they come from. */
export interface CaseImages {
  readonly case: string;
  readonly images: Readonly<Partial<Record<Phase, CaseImage>>>;
  /** 1 kidney, 2 tumour, 3 cyst; undefined where the cohort has no masks. */
  readonly mask?: CaseImage;
}

/** Reads one case of a cohort and cuts its cube, as {@link cropImages}. @param folder that the case's paths are relative to */
export async function cropCase(
  folder: string,
  c: Case,
  settings: CropSettings,
  kind: ImageKind = {},
): Promise<Crop> {
  const masked = masksOf(kind) !== "none";
  if (masked && c.mask === undefined)
    throw new TrinephronError("E_MASK", `case ${c.case}: no mask`, "a crop is centred on it");
  const image = (path: string): CaseImage => {
    const file = join(folder, path);
    return { path: file, read: () => readNifti(file) };
  };
  const images = Object.fromEntries(
    Object.entries(c.images).flatMap(([phase, path]) => (path === undefined ? [] : [[phase, image(path)]])),
  );
  const mask = masked && c.mask !== undefined ? { mask: image(c.mask) } : {};
  return cropImages({ case: c.case, images, ...mask }, settings, kind);
}

/**
 * Cuts the cube centred on the affected kidney with its tumours, on its largest tumour, or on the image.
 * @param kind of the cohort's images; settings suit it, as `mustSuit` has it
 * @throws E_MASK where there is no tumour; E_PHASE without any phase, or where phases are plainly swapped; E_GEOMETRY
 * where a phase does not lie where the mask does; E_VALUE where voxels are no HU
 */
export async function cropImages(c: CaseImages, settings: CropSettings, kind: ImageKind = {}): Promise<Crop> {
  const present = settings.phases.map((phase) => c.images[phase] !== undefined);
  if (!present.includes(true))
    throw new TrinephronError("E_PHASE", `case ${c.case}: none of the phases ${settings.phases.join(", ")}`);
  const masks = masksOf(kind);
  const own = masks !== "none" && c.mask ? caseMask(await c.mask.read(), c.mask.path, masks) : undefined;
  const { voxels, window } = settings;
  const size = voxels ** 3;
  let grids = own && cubesAround(middleOf(settings.center, own), settings);

  const hus = edgesMm(settings).map(() => new Int16Array(settings.phases.length * size));
  const found: Partial<Record<Phase, Enhancement>> = {};
  for (const [p, phase] of settings.phases.entries()) {
    const { path, read } = c.images[phase] ?? {};
    if (path === undefined || !read) continue;
    const { image } = hounsfield(reorient(await read()), own?.mask, path, window[0], kind.intensities);
    // Without masks the first image says where the cube lies.
    grids ??= cubesAround(middleOfGrid(image), settings);
    // Only of CT numbers is it known what a kidney shows.
    const measured = !kind.intensities && own?.kidney && enhancement(own.kidney.mask, image);
    if (measured) found[phase] = plausible(measured, path);
    for (const [n, grid] of grids.entries())
      hus[n].set(resample(image, grid, { antialias: true, fill: window[0] }).data.map(toInt16), p * size);
  }
  mustBeInOrder(c, hus[0], size, found, settings);
  const [cube, context] = hus.map((hu, n) => ({
    hu,
    mask: own ? occupancies(own.mask, grids![n]) : new Uint8Array(),
  }));
  return { case: c.case, present, ...cube, ...(context && { context }) };
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

/** Where the cube's centre lies, LPS mm. */
function middleOf(center: CropSettings["center"], { mask, kidney, tumor }: CaseMask): Vec3 {
  if (center === "image") return middleOfGrid(mask);
  if (center === "kidney" && kidney) return middleOfBox(kidney.box, mask);
  return middleOfBox(boundingBox(tumor.data, tumor.size)!, tumor);
}

const middleOfGrid = (on: Geometry): Vec3 => middleOfBox({ start: [0, 0, 0], end: on.size }, on);
