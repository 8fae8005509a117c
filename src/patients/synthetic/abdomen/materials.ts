import { tissueHu } from "../paint/tissue/tissues.ts";
import type { Draws } from "./draws.ts";

/** Contrast phases a single scan can have, in their order after the injection. */
export const abdomenPhases = [
  "unenhanced",
  "corticomedullary",
  "portal",
  "nephrographic",
  "excretory",
] as const;
/** One of {@link abdomenPhases}. */
export type AbdomenPhase = (typeof abdomenPhases)[number];

/** HU by {@link abdomenPhases}, and the SD between patients. */
type Row = readonly [hu: readonly [number, number, number, number, number], sd: number];

const renal = (tissue: "cortex" | "medulla", portal: number): Row => {
  const { unenhanced, corticomedullary, nephrographic, excretory, sd } = tissueHu[tissue];
  return [[unenhanced, corticomedullary, portal, nephrographic, excretory], sd];
};
const same = (hu: number, sd: number): Row => [[hu, hu, hu, hu, hu], sd];

/**
 * Mean HU of what a scan is made of. Cortex and medulla are those of the painted phases (time–density curves, PMID
 * 17367973), their portal values between them; liver, muscle and aorta as there. The rest are textbook values, not
 * measurements, and their SD is wide for that reason.
 */
const table = {
  air: same(-1000, 0),
  lung: same(-840, 35),
  gas: same(-980, 15),
  fat: same(-103, 6),
  skin: [[10, 20, 30, 30, 25], 15],
  muscle: [[55, 60, 65, 65, 60], 6],
  strand: [[10, 25, 35, 35, 30], 10],
  compactBone: same(430, 90),
  spongyBone: [[180, 190, 200, 195, 190], 50],
  cartilage: same(110, 30),
  disc: same(80, 12),
  canal: same(32, 8),
  liver: [[57, 74, 110, 104, 95], 10],
  spleen: [[48, 120, 120, 110, 95], 10],
  pancreas: [[42, 100, 95, 85, 75], 10],
  adrenal: [[22, 65, 70, 65, 55], 12],
  bile: same(8, 6),
  bowelWall: [[35, 75, 95, 85, 75], 15],
  fluid: same(15, 12),
  food: same(30, 30),
  stool: same(20, 40),
  arterialBlood: [[42, 300, 165, 150, 115], 25],
  cavalBlood: [[42, 70, 140, 140, 115], 18],
  renalVein: [[42, 165, 170, 160, 120], 15],
  portalVein: [[42, 110, 170, 150, 118], 15],
  node: [[35, 65, 85, 80, 70], 10],
  uterus: [[45, 80, 100, 98, 90], 14],
  urine: [[6, 8, 9, 16, 460], 5],
  cortex: renal("cortex", 212),
  medulla: renal("medulla", 152),
  cyst: same(9, 5),
  necrosis: same(23, 6),
  calcium: same(480, 150),
  metal: same(3000, 0),
  table: same(-350, 180),
} as const satisfies Record<string, Row>;

type Material = keyof typeof table;
export type Palette = Readonly<Record<Material, number>>;

/** What contrast medium never changes, and no randomisation should: a CT scale has its fixed points. */
const fixed: readonly Material[] = ["air", "gas", "lung", "metal", "table", "fat"];
const bones: readonly Material[] = ["compactBone", "calcium"];

/** How one scan turns materials into HU. */
export interface Contrast {
  readonly phase: AbdomenPhase;
  /** Position among the phases: a scan may be up to a third of the way to its neighbour. */
  readonly time: number;
  /** Factor on all enhancement: contrast dose, tube voltage, weight. */
  readonly dose: number;
  /** Whether tissues were given HU of wide ranges instead of their own, so that a network learns shapes. */
  readonly wide: boolean;
}

export function drawContrast(phase: AbdomenPhase | undefined, wideShare: number, d: Draws): Contrast {
  const own = phase ?? d.pick(abdomenPhases);
  const last = abdomenPhases.length - 1;
  // Without contrast medium there is no time after it.
  const late = own === "unenhanced" ? 0 : d.between(-0.3, 0.3);
  const time = Math.min(Math.max(abdomenPhases.indexOf(own) + late, own === "unenhanced" ? 0 : 0.7), last);
  return { phase: own, time, dose: Math.exp(0.13 * d.normal()), wide: d.chance(wideShare) };
}

/** HU at a time between the phases; enhancement above the first value scales with the dose. */
export function enhanced(hu: readonly number[], { time, dose }: Contrast): number {
  const p = Math.min(Math.floor(time), hu.length - 2);
  const nominal = hu[p] + (time - p) * (hu[p + 1] - hu[p]);
  return hu[0] + dose * (nominal - hu[0]);
}

export function drawPalette(contrast: Contrast, d: Draws): Palette {
  const hu = Object.fromEntries(
    Object.entries(table).map(([material, [row, sd]]) => [
      material,
      enhanced(row, contrast) + sd * Math.min(Math.max(d.normal(), -2), 2),
    ]),
  ) as Record<Material, number>;
  // A fatty liver, and iron or iodine in one.
  if (d.chance(0.2)) hu.liver -= d.between(15, 60);
  if (!contrast.wide) return hu;
  for (const material of Object.keys(hu) as Material[])
    if (!fixed.includes(material))
      hu[material] = bones.includes(material) ? d.between(250, 900) : d.between(-20, 230);
  // Renal tissue keeps together, or a kidney would be a ring around something else.
  hu.medulla = hu.cortex + d.between(-90, 30);
  return hu;
}
