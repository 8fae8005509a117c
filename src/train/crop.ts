import { join } from "node:path";
import type { Case } from "../cohort/case.ts";
import { TrinephronError } from "../errors.ts";
import { readNifti } from "../formats/nifti/index.ts";
import { affectedKidney } from "../nephrometry/index.ts";
import {
  gridAround,
  indexToPoint,
  reorient,
  resample,
  sameGeometry,
  type Vec3,
  type Volume,
} from "../volume/index.ts";
import type { Crop, CropSettings } from "./cropInput.ts";

/**
 * Reads one case and cuts the cube centred on the box around its affected kidney and that kidney's tumours.
 * @param folder that the case's paths are relative to
 * @throws E_MASK without a mask, or where it has no tumour; E_PHASE without any phase;
 * E_GEOMETRY where a phase does not lie where the mask does; and as `readNifti`
 */
export async function cropCase(folder: string, c: Case, settings: CropSettings): Promise<Crop> {
  if (c.mask === undefined)
    throw new TrinephronError("E_MASK", `case ${c.case}: no mask`, "a crop is centred on it");
  if (!settings.phases.some((phase) => c.images[phase] !== undefined))
    throw new TrinephronError("E_PHASE", `case ${c.case}: none of the phases ${settings.phases.join(", ")}`);
  const maskPath = join(folder, c.mask);
  const labels = reorient(await readNifti(maskPath));
  const mask = { ...labels, data: Uint8Array.from(labels.data) };
  const { voxels, fieldOfViewMm } = settings;
  const edge: Vec3 = [voxels, voxels, voxels];
  const spacing = fieldOfViewMm / voxels;
  const grid = gridAround(kidneyCenter(mask, maskPath), edge, [spacing, spacing, spacing]);
  const size = voxels ** 3;

  const hu = new Int16Array(settings.phases.length * size);
  for (const [p, phase] of settings.phases.entries()) {
    const path = c.images[phase];
    if (path === undefined) continue;
    const volume = reorient(await readNifti(join(folder, path)));
    if (!sameGeometry(volume, mask))
      throw new TrinephronError(
        "E_GEOMETRY",
        `case ${c.case}: ${path} and ${c.mask} do not cover the same grid (${volume.size.join("×")} and ${mask.size.join("×")} voxels)`,
        "register the phases and draw the mask on one grid",
      );
    hu.set(
      resample(volume, grid, { antialias: true, fill: settings.window[0] }).data.map(Math.round),
      p * size,
    );
  }
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
  return {
    case: c.case,
    hu,
    present: settings.phases.map((phase) => c.images[phase] !== undefined),
    mask: both,
  };
}

/** Centre of the box around the affected kidney and its tumours, LPS mm. */
function kidneyCenter(mask: Volume<Uint8Array>, path: string): Vec3 {
  try {
    const { box } = affectedKidney(mask);
    const middle = (axis: 0 | 1 | 2) => (box.start[axis] + box.end[axis] - 1) / 2;
    return indexToPoint(mask, [middle(0), middle(1), middle(2)]);
  } catch (error) {
    if (!(error instanceof TrinephronError)) throw error;
    throw new TrinephronError(error.code, `${path}: ${error.message}`, error.hint, { cause: error });
  }
}
