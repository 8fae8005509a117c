import type { Volume } from "../../../numerics/volume/index.ts";
import { type AffectedKidney, affectedKidney } from "../kidney/affectedKidney.ts";
import { renalSinus, type Sinus } from "../kidney/sinus.ts";
import { defaultRules, type Rules } from "../rules.ts";
import { type Anterior, anterior } from "./anterior.ts";
import { type Exophytic, exophytic } from "./exophytic.ts";
import { type Location, location } from "./location.ts";
import { distanceFrom, type Nearness, nearness } from "./nearness.ts";
import type { Complexity } from "./points.ts";
import { type Radius, radius } from "./radius.ts";

/** R.E.N.A.L. nephrometry of one tumour. The suffix h (touches the main renal vessels) cannot be told from a mask. */
export interface RenalResult {
  readonly R: Radius;
  readonly E: Exophytic;
  readonly N: Nearness;
  readonly A: Anterior;
  readonly L: Location;
  /** Sum of the points of R, E, N and L, 4–12. */
  readonly total: number;
  /** 4–6 low, 7–9 moderate, 10–12 high. */
  readonly complexity: Complexity;
  readonly suffix: Anterior["suffix"];
}

/**
 * R.E.N.A.L. nephrometry (Kutikov & Uzzo, J Urol 2009;182:844) of the largest tumour of a mask.
 *
 * @param mask 1 kidney, 2 tumour, 3 cyst; any orientation
 * @throws E_MASK where the mask is empty, has no kidney or no tumour, or its tumours lie apart from any kidney
 */
export function renal(mask: Volume<Uint8Array>, rules: Rules = defaultRules): RenalResult {
  const affected = affectedKidney(mask);
  const all = () => affected.mask.data.map((v) => (v === 2 ? 1 : 0));
  const tumor = rules.tumors === "all" ? all() : affected.tumor;
  return renalOf(affected, tumor, renalSinus(affected, rules), rules);
}

/** {@link renal} of one tumour of a kidney whose sinus is known, and perhaps every voxel's distance to the tumour. */
export function renalOf(
  { mask }: AffectedKidney,
  tumor: Uint8Array,
  { outline, polarLines, ...inner }: Sinus,
  rules: Rules = defaultRules,
  fromTumor = distanceFrom({ ...mask, data: tumor }, rules.distance),
): RenalResult {
  const lesion = { ...mask, data: tumor };
  const spared = (region: Uint8Array) => region.map((v, n) => (mask.data[n] === 2 ? 0 : v));
  const target = nearnessTarget(mask.data, inner, rules);
  const R = radius(lesion, rules.diameter);
  const E = exophytic(lesion, spared(outline));
  const N = nearness(lesion, target, rules.distance, fromTumor);
  const A = anterior(lesion, outline);
  const L = location(lesion, polarLines);
  const total = R.points + E.points + N.points + L.points;
  const complexity = total >= 10 ? "high" : total >= 7 ? "moderate" : "low";
  return { R, E, N, A, L, total, complexity, suffix: A.suffix };
}

/** What N is measured to: sinus and collecting system that are not tumour. */
export function nearnessTarget(
  labels: Uint8Array,
  { sinus, collectingSystem }: Pick<Sinus, "sinus" | "collectingSystem">,
  { nearest }: Rules,
): Uint8Array {
  const spared = (region: Uint8Array) => region.map((v, n) => (labels[n] === 2 ? 0 : v));
  if (nearest === "either") return spared(sinus.map((v, n) => v | collectingSystem[n]));
  const collecting = spared(collectingSystem);
  return collecting.includes(1) ? collecting : spared(sinus);
}
