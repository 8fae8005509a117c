import type { StudyPhase } from "../../../cohort/case.ts";

/** What a painted voxel is made of; the index is its code in a tissue map. */
export const tissues = [
  "fat",
  "muscle",
  "organ",
  "bone",
  "bowel",
  "vein",
  "artery",
  "strand",
  "cortex",
  "medulla",
  "collecting",
  "tumor",
  "necrosis",
  "cyst",
  "calcification",
] as const;
export type Tissue = (typeof tissues)[number];

/** The code of each tissue in a tissue map. */
export const tissueCode = Object.fromEntries(tissues.map((t, code) => [t, code])) as Readonly<
  Record<Tissue, number>
>;

/** Mean HU of a tissue in each phase, and its between-patient SD (one draw moves all phases alike). */
export interface TissueHu extends Readonly<Record<StudyPhase, number>> {
  readonly sd: number;
  /** Without contrast medium, HU: what the contrast dose does not change. */
  readonly unenhanced: number;
}

/**
 * HU of everything but the tumour, whose enhancement is drawn from its histology.
 * Cortex and medulla follow time–density curves (PMID 17367973), ranges 230–250/180–210/150–180 and
 * 110–135/~180/150–180; the rest are textbook values, not measurements.
 */
export const tissueHu: Readonly<Record<Exclude<Tissue, "tumor">, TissueHu>> = {
  fat: { corticomedullary: -102, nephrographic: -101, excretory: -101, sd: 4, unenhanced: -102 },
  muscle: { corticomedullary: 60, nephrographic: 65, excretory: 60, sd: 4, unenhanced: 55 },
  /** Liver on the right; the spleen on the left is painted alike. */
  organ: { corticomedullary: 75, nephrographic: 110, excretory: 95, sd: 8, unenhanced: 57 },
  bone: { corticomedullary: 210, nephrographic: 215, excretory: 210, sd: 30, unenhanced: 210 },
  bowel: { corticomedullary: 45, nephrographic: 60, excretory: 55, sd: 8, unenhanced: 35 },
  vein: { corticomedullary: 165, nephrographic: 165, excretory: 120, sd: 10, unenhanced: 40 },
  artery: { corticomedullary: 285, nephrographic: 150, excretory: 110, sd: 15, unenhanced: 40 },
  strand: { corticomedullary: 25, nephrographic: 35, excretory: 30, sd: 5, unenhanced: 15 },
  cortex: { corticomedullary: 238, nephrographic: 194, excretory: 166, sd: 12, unenhanced: 38 },
  medulla: { corticomedullary: 122, nephrographic: 184, excretory: 164, sd: 8, unenhanced: 36 },
  collecting: { corticomedullary: 8, nephrographic: 12, excretory: 420, sd: 4, unenhanced: 8 },
  necrosis: { corticomedullary: 22, nephrographic: 24, excretory: 24, sd: 4, unenhanced: 22 },
  cyst: { corticomedullary: 9, nephrographic: 10, excretory: 10, sd: 4, unenhanced: 9 },
  calcification: { corticomedullary: 420, nephrographic: 420, excretory: 420, sd: 60, unenhanced: 420 },
};

/** What lies where, before any phase: shared by the three phases, which are registered thereby. */
export interface TissueMap {
  /** Codes of {@link tissueCode}. */
  readonly tissue: Uint8Array;
  /** Kidney: share of cortex, 0 to 1. Tumour: texture, mean 0 and SD 1 within it. Elsewhere 0. */
  readonly detail: Float32Array;
}
