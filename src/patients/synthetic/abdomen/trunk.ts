import type { Body } from "./body.ts";
import { type Canvas, organCode } from "./canvas.ts";
import { draws } from "./draws.ts";

/** Distance from a rounded box with half axes of its own to the front and back, mm: below 0 inside. */
function roundedDistance(
  x: number,
  y: number,
  side: number,
  front: number,
  back: number,
  square: number,
): number {
  const u = (x / side) ** 2;
  const v = (y / (y < 0 ? front : back)) ** 2;
  const round = Math.sqrt(u + v);
  const f = round + square * (Math.sqrt(Math.sqrt(u * u + v * v)) - round);
  return f < 1e-3 ? -Math.min(side, front, back) : Math.sqrt(x * x + y * y) * (1 - 1 / f);
}

/**
 * The trunk without organs: skin, fat under it, the muscles of wall, back and buttocks, and a cavity filled with fat.
 * Everything else is painted into it.
 */
export function paintTrunk(canvas: Canvas, body: Body): void {
  const d = draws(body.seed, "trunk");
  const { hu, subcutaneous, wall, visceral } = body;
  const skin = d.between(1.2, 2.6);
  const square = { inner: d.between(0.35, 0.6), outer: d.between(0.3, 0.55) };
  const groove = d.between(3, 12);
  const marbling = d.chance(0.3) ? d.between(0.3, 1) : 0;
  const rectus = d.between(6, 13);
  const waves = canvas.field(26);
  const grain = canvas.field(9);
  const fine = canvas.field(5);
  const muscleHu = hu.muscle;
  const strandiness = 0.6 * (1 - visceral) + 0.25;
  for (let n = 0; n < canvas.count; n++) {
    const x = canvas.x[n];
    const y = canvas.y[n];
    const z = canvas.z[n];
    const g = body.girth(z);
    const notch = y > 40 ? groove * Math.exp(-((x / 13) ** 2)) : 0;
    const outer = roundedDistance(x, y, g.outerSide, g.outerFront, g.outerBack, square.outer) + notch;
    canvas.hu[n] = hu.air;
    canvas.cavity[n] = 99;
    if (outer > canvas.soft) continue;
    canvas.cover(n, canvas.share(outer), hu.skin, organCode.skin);
    canvas.cover(n, canvas.share(outer + skin), hu.fat + 4 * grain[n], organCode.fat);
    const ax = Math.abs(x);
    const high = Math.min(Math.max((z + 20) / 70, 0), 1);
    // Two bulges beside the spines, flatter in the chest, and what joins them to the flank.
    const back = Math.min(
      roundedDistance(ax - 31, y - 51, 36, 27 - 12 * high, 30, 0.4),
      roundedDistance(ax - 60, y - 48, 26, 12 - 8 * high, 15, 0.3),
    );
    const cavity = Math.max(
      roundedDistance(x, y, g.side, g.front, g.back, square.inner) + 1.2 * waves[n],
      0.5 - back,
    );
    canvas.cavity[n] = cavity;

    // Deeper, the fat of the cavity covers all.
    if (cavity > -canvas.soft) {
      // Flat muscles at the side, the straight one in front, parted by tendons.
      const front = y < -0.35 * g.front ? 1 : 0;
      const straight = rectus * (1 - Math.exp(-((ax / 5) ** 2))) * (ax < 74 ? 1 : 0);
      const flat = wall * (1 - 0.75 * front * Math.exp(-(((ax - 76) / 14) ** 2)));
      const thickness = front && ax < 76 ? Math.max(straight, 2) : flat;
      const abdominal = Math.min(cavity - thickness, back);
      const deep =
        outer + skin + 1 + subcutaneous * (0.75 + 0.35 * Math.min(Math.abs(y) / 90, 1)) + (z < -90 ? 6 : 0);
      const below = Math.min(Math.max((-85 - z) / 45, 0), 1);
      const above = Math.min(Math.max((z - 60) / 60, 0), 1);
      const chest = Math.min(cavity - 13, back);
      let muscle =
        below > 0 ? abdominal + below * (deep - abdominal) : abdominal + above * (chest - abdominal);
      muscle = Math.max(muscle, outer + skin + 1.5);
      const inMuscle = canvas.share(muscle);
      if (inMuscle > 0) {
        // Fat between the layers and bundles, more of it in wasted muscle.
        const cleft =
          Math.abs(grain[n] + 0.6 * waves[n]) < 0.06 + 0.07 * marbling ? 0.25 + 0.25 * marbling : 0;
        const streak = marbling * Math.max(fine[n] - 0.4, 0) * 0.4;
        const fatShare = Math.min(cleft + streak, 0.85);
        canvas.cover(n, inMuscle, muscleHu + fatShare * (hu.fat - muscleHu), organCode.muscle);
      }
    }
    const inside = canvas.share(cavity);
    if (inside <= 0) continue;
    // Mesentery and its small vessels are strands where two fields meet.
    const strand = Math.abs(grain[n]) < 0.16 && Math.abs(waves[n] + 0.5 * fine[n]) < strandiness ? 0.3 : 0;
    canvas.cover(n, inside, hu.fat + 5 * waves[n] + strand * (hu.strand - hu.fat), organCode["visceral fat"]);
  }
}
