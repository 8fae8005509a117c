import { derivedSeed, type Random, random } from "../../../base/random.ts";
import { type Painted, paintRegion } from "../paint/paint.ts";
import type { ScannerStyle } from "../paint/scanner/scanner.ts";
import type { Invasion } from "./patient.ts";
import { type PhantomOptions, phantom } from "./phantom.ts";

/** A painted phantom that belongs to no centre, and what was drawn of it. */
export interface RandomPhantom {
  /** 1 kidney, 2 tumour, 3 cyst. */
  readonly mask: Painted["mask"];
  readonly phases: Painted["phases"];
  readonly sizeMm: number;
  readonly invasion: Invasion;
  readonly necrosis: boolean;
}

/**
 * One phantom of a domain wider than any cohort's: sizes, invasion, scanner, timing, voxel size and surroundings are
 * drawn far beyond a centre's own. Histology is drawn to vary enhancement and is told to nobody.
 * @param spacing mm between voxels; by default 1.6 to 2.8, by the seed
 * @param sinus how wide the kidney's sinus is, as `phantom` takes it
 */
export function randomPhantom(
  seed: number,
  { spacing, sinus = 1 }: Pick<PhantomOptions, "spacing" | "sinus"> = {},
): RandomPhantom {
  const r = random(seed);
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
  const drawn = { spacing: between(1.6, 2.8), margin: between(12, 26), sinus };
  const grid = spacing === undefined ? drawn : { ...drawn, spacing };
  const region = phantom({ sizeMm, side, invasion }, derivedSeed(seed, "anatomy"), grid);
  const { phases } = paintRegion(region, { histology, necrosis }, drawScanner(r), derivedSeed(seed, "paint"));
  return { mask: region.mask, phases, sizeMm, invasion, necrosis };
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
