import { TrinephronError } from "../../base/errors.ts";
import type { Volume } from "../../numerics/volume/index.ts";

/** A mask's voxels as bytes, and what had to be done to them. */
export interface Labels {
  readonly mask: Volume<Uint8Array>;
  /** A sentence where values were rounded. */
  readonly remarks: readonly string[];
}

export interface LabelOptions {
  /** The greatest label. Default 3; to nephrometry 4 and 5 mean something, too, and up to 255 nothing. */
  readonly most?: 3 | 255;
}

/**
 * A mask's voxels as bytes, without a copy where they are bytes already, values near whole numbers rounded
 * ({@link wholeValues}).
 *
 * @param path named in errors
 * @throws E_MASK where a voxel is none of 0 (empty), 1 (kidney), 2 (tumour), 3 (cyst), or beyond `most`
 */
export function labelsOf(volume: Volume, path: string, { most = 3 }: LabelOptions = {}): Labels {
  const whole = wholeValues(volume);
  const { data } = whole.volume;
  const labels = data instanceof Uint8Array ? data : new Uint8Array(data.length);
  for (let n = 0; n < data.length; n++) {
    const label = data[n];
    if (!(label >= 0 && label <= most && Number.isInteger(label)))
      throw most === 3
        ? new TrinephronError(
            "E_MASK",
            `${path}: label ${label} is none of 0 (empty), 1 (kidney), 2 (tumour), 3 (cyst)`,
            "relabel the mask",
          )
        : new TrinephronError("E_MASK", `${path}: holds the value ${label}`, "a mask holds labels 0 to 5");
    labels[n] = label;
  }
  return { mask: { ...volume, data: labels }, remarks: whole.remarks };
}

/** Programs that scale labels to bytes leave them a step of this part of the greatest label off, or less. */
const byteSteps = 255;
/** Whatever the greatest label: what is further off is a fraction. */
const farthest = 0.05;

/**
 * A label image's values, those near whole numbers rounded. Labels leave whole numbers where a program stored them
 * scaled (scl_slope, scl_inter), as a share of 255, or computed with them in floating point: by a step of the coarsest
 * such scale at most, which is that of bytes from 0 to the greatest label. So 0.99607849 (254 of 255) is 1 in an image of
 * labels 0 to 2, where the step is 2/255; 0.5 and 1.2 are no label in any. What lies further off stays as it is.
 */
export function wholeValues(volume: Volume): {
  readonly volume: Volume;
  readonly remarks: readonly string[];
} {
  const { data } = volume;
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return { volume, remarks: [] };
  let greatest = 1;
  for (let n = 0; n < data.length; n++) {
    const label = Math.round(Math.abs(data[n]));
    if (label > greatest && label < Infinity) greatest = label;
  }
  // A little more, for the step itself is rounded, too.
  const step = Math.min((greatest / byteSteps) * (1 + 1e-4), farthest);
  let count = 0;
  let off = 0;
  let example = 0;
  const rounded = new (data.constructor as Float32ArrayConstructor)(data.length);
  for (let n = 0; n < data.length; n++) {
    const label = Math.round(data[n]) + 0;
    const apart = Math.abs(data[n] - label);
    rounded[n] = apart <= step ? label : data[n];
    if (!(apart > 0 && apart <= step)) continue;
    count++;
    if (apart > off) [off, example] = [apart, data[n]];
  }
  if (count === 0) return { volume, remarks: [] };
  return {
    volume: { ...volume, data: rounded },
    remarks: [
      `${count} ${count === 1 ? "voxel holds a label" : "voxels hold labels"} near a whole number, such as ${+example.toPrecision(8)} (a scaled or floating-point image): rounded`,
    ],
  };
}
