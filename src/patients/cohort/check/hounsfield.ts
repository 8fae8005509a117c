import { TrinephronError } from "../../../base/errors.ts";
import { gridDifference, sameGeometry, type Volume } from "../../../numerics/volume/index.ts";
import type { ImageKind } from "../case.ts";
import type { Enhancement } from "./phaseOrder.ts";

/** An image of a case, in HU (or the cohort's own intensities) throughout. */
export interface Hounsfield {
  readonly image: Volume;
  /** Voxels that were no number and count as outside the image. */
  readonly filled: number;
}

/**
 * An image on the grid of its mask, in HU. Voxels without a number (NaN where a registration reaches outside an image)
 * count as outside the image.
 *
 * @param mask undefined where the cohort has none
 * @param outside HU of what lies outside the image
 * @param intensities of the cohort, where they are no HU: the least and the greatest
 * @throws E_GEOMETRY where it lies elsewhere; E_VALUE where kidney or tumour have such voxels; where no voxel is
 * below 0, for air and fat always are, or one is outside the cohort's intensities
 */
export function hounsfield(
  image: Volume,
  mask: Volume<Uint8Array> | undefined,
  path: string,
  outside: number,
  intensities?: ImageKind["intensities"],
): Hounsfield {
  if (mask && !sameGeometry(image, mask))
    throw new TrinephronError(
      "E_GEOMETRY",
      `${path} and its mask do not cover the same grid: ${gridDifference(image, mask)}`,
      "register the phases and draw the mask on one grid",
    );
  let lowest = Infinity;
  let highest = -Infinity;
  let empty = 0;
  let emptyInside = 0;
  for (let v = 0; v < image.data.length; v++) {
    const hu = image.data[v];
    if (Number.isFinite(hu)) {
      if (hu < lowest) lowest = hu;
      if (hu > highest) highest = hu;
    } else {
      empty++;
      if (mask && mask.data[v] > 0) emptyInside++;
    }
  }
  if (emptyInside > 0)
    throw new TrinephronError(
      "E_VALUE",
      `${path}: ${emptyInside} voxels of the kidney or tumour are not a number`,
      "export or register the image again",
    );
  if (empty === image.data.length) throw new TrinephronError("E_VALUE", `${path}: no voxel is a number`);
  if (intensities) mustLieWithin(intensities, lowest, highest, path);
  else if (lowest >= 0)
    throw new TrinephronError(
      "E_VALUE",
      `${path}: no voxel is below 0, so these are no Hounsfield units`,
      notHu,
    );
  if (empty === 0) return { image, filled: 0 };
  return {
    image: { ...image, data: image.data.map((hu) => (Number.isFinite(hu) ? hu : outside)) },
    filled: empty,
  };
}

function mustLieWithin(
  [least, greatest]: readonly [number, number],
  lowest: number,
  highest: number,
  path: string,
): void {
  const stray = lowest < least ? lowest : highest > greatest ? highest : undefined;
  if (stray !== undefined)
    throw new TrinephronError(
      "E_VALUE",
      `${path}: a voxel is ${stray}, outside the intensities ${least} to ${greatest} of tasks.json`,
      "state the range that the images have, or mend the image",
    );
}

const notHu = "give CT numbers, not a picture's grey values, another modality or a normalised image";

/** @throws E_VALUE for a kidney far from any, with contrast medium (70–260 HU) or without (30–50 HU) */
export function plausible(measured: Enhancement, path: string): Enhancement {
  const { median } = measured;
  if (median > 10 && median < 600) return measured;
  const what = `the kidney's median is ${median.toPrecision(3)}, so these are no Hounsfield units`;
  throw new TrinephronError("E_VALUE", `${path}: ${what}`, notHu);
}
