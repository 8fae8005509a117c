import { derivedSeed } from "../../base/random.ts";
import { renal } from "../../imaging/nephrometry/renal/renal.ts";
import { boundingBox, resample } from "../../numerics/volume/index.ts";
import { phases } from "../../patients/cohort/case.ts";
import { randomPhantom } from "../../patients/synthetic/phantom/randomPhantom.ts";
import type { Crop, CropSettings, Cube } from "../crop/cropInput.ts";
import { cubesAround, middleOfBox, occupancies } from "../crop/cube.ts";

/** Which phantom: all of it follows from these. */
export interface SampleSpec {
  readonly seed: number;
  readonly index: number;
  readonly crop: CropSettings;
}

/** A simulated kidney tumour as a network reads it, and what is known of it. */
export interface Sample {
  readonly crop: Crop;
  /** By {@link knownTargets}; undefined where it cannot be measured. */
  readonly known: readonly (number | undefined)[];
}

/** What is known of a phantom besides what is measured on its crop: of its anatomy, not of any answer. */
export const knownTargets = [
  "ln diameter",
  "share within the kidney",
  "ln distance to the sinus",
  "share between the polar lines",
  "R points",
  "E points",
  "N points",
  "L points",
  "perirenal invasion",
  "sinus invasion",
  "venous invasion",
  "necrosis",
  "HU of the kidney, corticomedullary",
  "HU of the kidney, nephrographic",
  "HU of the kidney, excretory",
] as const;

/** A random phantom as a network reads it, with what is known of it. */
export function drawSample({ seed, index, crop }: SampleSpec): Sample {
  const {
    mask,
    phases: images,
    sizeMm,
    invasion,
    necrosis,
  } = randomPhantom(derivedSeed(seed, "pretraining", index));
  const tumor = mask.data.map((label) => (label === 2 ? 1 : 0));
  const middle = middleOfBox(boundingBox(tumor, mask.size)!, mask);
  const size = crop.voxels ** 3;
  const [cube, context] = cubesAround(middle, crop).map((grid): Cube => {
    const hu = new Int16Array(phases.length * size);
    phases.forEach((phase, p) => {
      const fill = crop.window[0];
      const image = resample(images[phase], grid, { antialias: true, fill });
      for (let n = 0; n < size; n++) hu[p * size + n] = Math.round(image.data[n]);
    });
    return { hu, mask: occupancies(mask, grid) };
  });
  const { R, E, N, L } = renal(mask);
  const known = [
    Math.log(sizeMm),
    E.endophyticFraction,
    Number.isFinite(N.mm) ? Math.log(N.mm + 2) : undefined,
    L.fractionBetweenPolarLines,
    R.points,
    E.points,
    N.points,
    L.points,
    ...[invasion.perirenal, invasion.sinus, invasion.vein, necrosis].map(Number),
    ...phases.map((phase) => meanWithin(images[phase].data, mask.data, 1)),
  ];
  return {
    crop: {
      case: `phantom-${index}`,
      present: phases.map(() => true),
      ...cube,
      ...(context && { context }),
    },
    known,
  };
}

function meanWithin(hu: Int16Array, labels: Uint8Array, label: number): number {
  let [sum, count] = [0, 0];
  for (let n = 0; n < hu.length; n++)
    if (labels[n] === label) {
      sum += hu[n];
      count++;
    }
  return sum / count;
}
