import type { Vec3 } from "../../../../numerics/volume/index.ts";
import type { Side } from "../../paint/tissue/region.ts";
import type { Body } from "../body.ts";
import { type Draws, draws } from "../draws.ts";
import { drawKidneyPlan, type KidneyPlan } from "./kidneyPlan.ts";

/** Which kidneys a patient has, and where. */
export const kidneySituations = [
  "both",
  "left missing",
  "right missing",
  "none",
  "horseshoe",
  "pelvic",
  "transplant",
] as const;
/** One of {@link kidneySituations}. */
export type KidneySituation = (typeof kidneySituations)[number];

/** All kidneys of a patient. */
export interface KidneysPlan {
  readonly situation: KidneySituation;
  readonly kidneys: readonly KidneyPlan[];
  /** Places without a kidney, where bowel lies instead in some. */
  readonly vacant: readonly Vec3[];
}

/** Share of patients by situation: rare ones far more often than in life, so that a network meets them. */
const shares: Readonly<Record<KidneySituation, number>> = {
  both: 0.8,
  "left missing": 0.055,
  "right missing": 0.055,
  none: 0.015,
  horseshoe: 0.03,
  pelvic: 0.02,
  transplant: 0.025,
};

/**
 * @param lesions whether tumours and cysts are drawn
 * @param solid share of kidneys whose sinus is narrower than usual
 */
export function drawKidneys(
  body: Body,
  asked: KidneySituation | undefined,
  lesions: boolean,
  solid: number,
): KidneysPlan {
  const d = draws(body.seed, "situation");
  const drawn = d.uniform();
  const situation = asked ?? weighted(shares, drawn);
  const sides = (["left", "right"] as const).filter(
    (side) => situation !== "none" && situation !== `${side} missing`,
  );
  const polycystic = d.chance(0.025);
  const ectopic = d.pick(["left", "right"] as const);
  const bothTumors = d.chance(0.08);
  const affected = d.pick(["left", "right"] as const);
  const tumors = lesions && d.chance(0.68);
  const plan = (side: Side, options: Partial<Parameters<typeof drawKidneyPlan>[2]> = {}) =>
    drawKidneyPlan(body, side, {
      name: side,
      center: usualPlace(body, side, d),
      pose: "usual",
      kind: polycystic ? "polycystic" : undefined,
      tumors: tumors && (bothTumors || affected === side || sides.length === 1),
      cysts: lesions,
      solid,
      ...options,
    });
  const kidneys = sides.map((side) => {
    if (situation === "horseshoe") {
      const x = d.between(42, 52);
      return plan(side, {
        pose: "horseshoe",
        center: [side === "left" ? x : -x, d.between(-30, -20), d.between(-32, -20)],
      });
    }
    if (situation === "pelvic" && side === ectopic)
      return plan(side, {
        pose: "anterior",
        center: [(side === "left" ? 1 : -1) * d.between(8, 40), d.between(-24, -10), d.between(-140, -110)],
      });
    if (situation === "transplant") return plan(side, { kind: "atrophic", tumors: tumors && d.chance(0.3) });
    return plan(side, sides.length === 1 ? { kind: d.chance(0.6) ? "hypertrophic" : undefined } : {});
  });
  if (situation === "transplant") {
    const side = d.pick(["left", "right"] as const);
    const place: Vec3 = [
      (side === "left" ? 1 : -1) * d.between(54, 66),
      d.between(-42, -28),
      d.between(-125, -105),
    ];
    kidneys.push(plan(side, { name: "transplant", pose: "anterior", center: place, kind: "normal" }));
  }
  const vacant = (["left", "right"] as const)
    .filter((side) => !kidneys.some((kidney) => kidney.side === side && kidney.pose !== "anterior"))
    .filter(() => d.chance(0.65))
    .map((side) => usualPlace(body, side, d));
  return { situation, kidneys, vacant };
}

/** Beside the psoas at the first and second lumbar vertebrae, the right one somewhat lower; forward of the back's wall. */
function usualPlace(body: Body, side: Side, d: Draws): Vec3 {
  const x = d.around(60 + 7 * body.visceral, 4.5);
  const z = d.around(side === "left" ? 12 : 0, 11);
  return [side === "left" ? x : -x, d.around(11 - 3 * body.visceral, 4), z];
}

function weighted<K extends string>(weights: Readonly<Record<K, number>>, drawn: number): K {
  const entries = Object.entries(weights) as [K, number][];
  let sum = 0;
  for (const [key, weight] of entries) {
    sum += weight;
    if (drawn < sum) return key;
  }
  return entries[0][0];
}
