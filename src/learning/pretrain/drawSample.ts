import { derivedSeed, type Random, random } from "../../base/random.ts";
import { renal } from "../../imaging/nephrometry/renal/renal.ts";
import { boundingBox, resample } from "../../numerics/volume/index.ts";
import { phases } from "../../patients/cohort/case.ts";
import { paintRegion } from "../../patients/synthetic/paint/paint.ts";
import type { ScannerStyle } from "../../patients/synthetic/paint/scanner/scanner.ts";
import { phantom } from "../../patients/synthetic/phantom/phantom.ts";
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

/**
 * One phantom of a domain wider than any cohort's: sizes, invasion, scanner, timing, voxel size and surroundings are
 * drawn far beyond a centre's own. Histology is drawn to vary enhancement and is told to nobody.
 */
export function drawSample({ seed, index, crop }: SampleSpec): Sample {
  const own = derivedSeed(seed, "pretraining", index);
  const r = random(own);
  const between = (low: number, high: number) => low + (high - low) * r.uniform();
  const sizeMm = Math.exp(between(Math.log(10), Math.log(130)));
  const side = r.uniform() < 0.5 ? "left" : "right";
  const invasion = {
    perirenal: r.uniform() < 0.35,
    sinus: r.uniform() < 0.25,
    vein: r.uniform() < 0.25,
  };
  const necrosis = r.uniform() < 0.35;
  const histology = r.uniform() < 0.5 ? "clear_cell" : others[r.integer(others.length)];
  const grid = { spacing: between(1.6, 2.8), margin: between(12, 26) };
  const region = phantom({ sizeMm, side, invasion }, derivedSeed(own, "anatomy"), grid);
  const painted = paintRegion(region, { histology, necrosis }, drawScanner(r), derivedSeed(own, "paint"));
  const tumor = region.mask.data.map((label) => (label === 2 ? 1 : 0));
  const middle = middleOfBox(boundingBox(tumor, region.mask.size)!, region.mask);
  const size = crop.voxels ** 3;
  const [cube, context] = cubesAround(middle, crop).map((grid): Cube => {
    const hu = new Int16Array(phases.length * size);
    phases.forEach((phase, p) => {
      const fill = crop.window[0];
      const image = resample(painted.phases[phase], grid, { antialias: true, fill });
      for (let n = 0; n < size; n++) hu[p * size + n] = Math.round(image.data[n]);
    });
    return { hu, mask: occupancies(region.mask, grid) };
  });
  const { R, E, N, L } = renal(region.mask);
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
    ...phases.map((phase) => meanWithin(painted.phases[phase].data, region.mask.data, 1)),
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

const others = ["papillary", "chromophobe", "other"] as const;

/** A scanner and protocol beyond what any one centre has. */
function drawScanner(r: Random): ScannerStyle {
  const between = (low: number, high: number) => low + (high - low) * r.uniform();
  return {
    noiseSd: between(6, 20),
    noiseGrain: between(0.4, 1.3),
    blur: [between(0.4, 1.1), between(0.5, 2)],
    sharpen: between(0, 0.6),
    delay: between(-5, 7),
    enhancement: between(0.85, 1.15),
    offset: between(-6, 6),
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
