import { derivedSeed, type Random, random } from "../../../base/random.ts";
import type { Case, Histology } from "../../cohort/case.ts";
import { stageGroup } from "../../cohort/stageGroup.ts";
import type { Side } from "../paint/tissue/region.ts";

/** How a T3 tumour shows, or seems to show, that it has left the kidney. */
export interface Invasion {
  /** Spicules and strands in the perirenal fat. */
  readonly perirenal: boolean;
  /** Growth into the sinus fat. */
  readonly sinus: boolean;
  /** Thrombus in the renal vein. */
  readonly vein: boolean;
}

/** A simulated patient before any shape is drawn. */
export interface PhantomPatient
  extends Required<Pick<Case, "age" | "sex" | "histology" | "necrosis" | "stage">> {
  readonly side: Side;
  /** Largest diameter of the tumour, mm, as pathology would give it. */
  readonly sizeMm: number;
  readonly invasion: Invasion;
}

/** Shares as in the study (74.8 % ccRCC); the rest split as in the public KiTS table. */
const histologyShares: readonly (readonly [Histology, number])[] = [
  ["clear_cell", 0.748],
  ["papillary", 0.1],
  ["chromophobe", 0.085],
  ["other", 0.067],
];

/** ln cm, mean and SD, fitted to the public KiTS table; `other` is given the overall shape. */
const logSize: Readonly<Record<Histology, readonly [mean: number, sd: number]>> = {
  clear_cell: [1.452, 0.596],
  papillary: [1.235, 0.551],
  chromophobe: [1.597, 0.678],
  other: [1.45, 0.6],
};

/** Odds of necrosis relative to ccRCC at the same size, from 74/306, 14/45 and 7/38. */
const necrosisOdds: Readonly<Record<Histology, number>> = {
  clear_cell: 1,
  papillary: 1.6,
  chromophobe: 0.6,
  other: 1,
};

/** Necrosis by size, KiTS: 9/142, 9/68, 30/117, 32/50, 29/49. */
const necrosisBySize = (cm: number): number =>
  cm <= 3 ? 0.063 : cm <= 4 ? 0.132 : cm <= 7 ? 0.256 : cm <= 10 ? 0.62 : 0.6;

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** T3 by size: set so that T3 makes about 16 % and size alone tells III/IV with an AUC near 0.80. */
const t3BySize = (cm: number): number => logistic(-5.65 + 2.4 * Math.log(cm));
/** Nodes or metastases without T3: outside any kidney crop, so a label no crop model can learn. */
const spreadBySize = (cm: number): number => (cm <= 4 ? 0.01 : cm <= 7 ? 0.03 : 0.07);
/** Share of T3 tumours whose invasion is microscopic: nothing to see. */
const microscopic = 0.17;
/** Share of T1–T2 tumours with strands and an irregular edge all the same: inflammation, old haemorrhage. */
const mimicry = 0.05;

/** The n-th patient of a centre; the same for the same seed whatever else is drawn. */
export function drawPatient(center: string, n: number, seed: number): PhantomPatient {
  const r = random(derivedSeed(seed, "phantom patient", center, n));
  const histology = pick(histologyShares, r);
  const [mean, sd] = logSize[histology];
  const cm = Math.min(Math.max(Math.exp(mean + sd * r.normal()), 1), 15);
  const odds = necrosisOdds[histology] * (necrosisBySize(cm) / (1 - necrosisBySize(cm)));
  const necrosis = r.uniform() < odds / (1 + odds);
  const t3 = r.uniform() < t3BySize(cm);
  const spread = r.uniform() < (t3 ? 0.2 : spreadBySize(cm));
  const distant = r.uniform() < 0.6 && spread;
  const nodes = spread && !distant;
  return {
    age: Math.round(Math.min(Math.max(54 + 12 * r.normal(), 18), 89)),
    sex: r.uniform() < 0.35 ? "female" : "male",
    side: r.uniform() < 0.5 ? "left" : "right",
    histology,
    necrosis,
    sizeMm: Math.round(100 * cm) / 10,
    stage: stageGroup(t3 ? "3" : cm > 7 ? "2" : "1", nodes ? "1" : "0", distant ? "1" : "0")!,
    invasion: drawInvasion(t3, r),
  };
}

function drawInvasion(t3: boolean, r: Random): Invasion {
  if (!t3) return { perirenal: r.uniform() < mimicry, sinus: false, vein: false };
  if (r.uniform() < microscopic) return { perirenal: false, sinus: false, vein: false };
  const vein = r.uniform() < 0.4;
  const sinus = r.uniform() < 0.4;
  return { vein, sinus, perirenal: (!vein && !sinus) || r.uniform() < 0.5 };
}

function pick<T>(shares: readonly (readonly [T, number])[], r: Random): T {
  let left = r.uniform();
  for (const [value, share] of shares) if ((left -= share) < 0) return value;
  return shares[shares.length - 1][0];
}
