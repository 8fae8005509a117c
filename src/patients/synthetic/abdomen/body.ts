import { type Draws, draws } from "./draws.ts";
import type { AbdomenPhase, Contrast, Palette } from "./materials.ts";
import { drawContrast, drawPalette } from "./materials.ts";

/** Half widths of the trunk at a height, mm: of its cavity and of its outline, to the side, the front and the back. */
interface Girth {
  readonly side: number;
  readonly front: number;
  readonly back: number;
  readonly outerSide: number;
  readonly outerFront: number;
  readonly outerBack: number;
}

/** One patient without organs: what all that is painted depends on. */
export interface Body {
  readonly seed: number;
  readonly contrast: Contrast;
  readonly hu: Palette;
  /** Fat within the cavity: 0 wasted, 1 obese. */
  readonly visceral: number;
  /** Thickness of the fat under the skin at the side, mm. */
  readonly subcutaneous: number;
  /** Thickness of the muscles at the flank, mm. */
  readonly wall: number;
  /** HU of oral contrast medium in the bowel, where the patient drank any. */
  readonly oral: number | undefined;
  /** Height of the diaphragm's right dome above the body's centre, mm. */
  readonly dome: number;
  girth(z: number): Girth;
}

export function drawBody(seed: number, phase: AbdomenPhase | undefined, wideShare: number): Body {
  const d = draws(seed, "body");
  const contrast = drawContrast(phase, wideShare, d);
  const hu = drawPalette(contrast, draws(seed, "palette"));
  // A third of patients have little fat, as many have much.
  const visceral = d.uniform() ** 1.2;
  const subcutaneous = Math.min(
    Math.max(6 + 26 * (0.55 * visceral + 0.45 * d.uniform()) * Math.exp(0.4 * d.normal()), 3),
    60,
  );
  const wall = d.between(8, 18);
  return {
    seed,
    contrast,
    hu,
    visceral,
    subcutaneous,
    wall,
    oral: d.chance(0.22) ? d.between(100, 420) : undefined,
    dome: d.between(135, 185),
    girth: drawGirth(visceral, subcutaneous, wall, d),
  };
}

const heights = { low: -330, high: 330 };

function drawGirth(visceral: number, fat: number, wall: number, d: Draws): Body["girth"] {
  const build = d.around(1, 0.06);
  const side = build * (d.around(119, 7) + 17 * visceral);
  const front = build * (d.around(66, 7) + 52 * visceral);
  const hips = build * d.between(150, 172);
  const belly = d.between(0.5, 1.3);
  const along = (points: readonly (readonly [z: number, value: number])[]) => (z: number) => {
    const at = points.findIndex(([height]) => height >= z);
    if (at <= 0) return points.at(at === 0 ? 0 : -1)![1];
    const [[z0, v0], [z1, v1]] = [points[at - 1], points[at]];
    const t = (z - z0) / (z1 - z0);
    return v0 + t * t * (3 - 2 * t) * (v1 - v0);
  };
  const inner = {
    side: along([
      [-260, 52],
      [-215, 66],
      [-150, 0.72 * side],
      [-95, 0.89 * side],
      [-20, 0.97 * side],
      [70, side],
      [170, 0.98 * side],
      [240, 0.86 * side],
    ]),
    front: along([
      [-260, 40],
      [-215, 62],
      [-165, 0.82 * front],
      [-90, 0.98 * front],
      [0, front],
      [90, 0.98 * front],
      [180, 0.92 * front],
      [250, 0.85 * front],
    ]),
    back: along([
      [-240, 50],
      [-170, 62],
      [-120, 40],
      [-80, 43],
      [0, 49],
      [60, 58],
      [120, 68],
      [200, 74],
    ]),
  };
  const outer = {
    side: along([
      [-260, hips],
      [-200, hips],
      [-130, 0.5 * (hips + side + wall)],
      [-80, 0.95 * side + wall],
      [0, 0.97 * side + wall],
      [80, side + 15],
      [250, 0.95 * side + 22],
    ]),
    back: along([
      [-230, 108],
      [-165, 106],
      [-90, 88],
      [0, 87],
      [80, 88],
      [200, 94],
    ]),
    fatFront: along([
      [-250, 14 + 0.8 * fat],
      [-120, 8 + belly * fat],
      [-40, 5 + 0.95 * belly * fat],
      [100, 5 + 0.6 * fat],
      [250, 8 + 0.5 * fat],
    ]),
    fatSide: along([
      [-250, 1.3 * fat],
      [-110, 1.25 * fat],
      [-30, fat],
      [100, 0.7 * fat],
      [250, 0.7 * fat],
    ]),
    fatBack: along([
      [-200, 1.3 * fat],
      [-100, 6 + 1.1 * fat],
      [0, 4 + 0.7 * fat],
      [200, 4 + 0.5 * fat],
    ]),
  };
  const table = Array.from({ length: heights.high - heights.low + 1 }, (_, n): Girth => {
    const z = heights.low + n;
    return {
      side: inner.side(z),
      front: inner.front(z),
      back: inner.back(z),
      outerSide: outer.side(z) + outer.fatSide(z),
      outerFront: inner.front(z) + 9 + outer.fatFront(z),
      outerBack: outer.back(z) + outer.fatBack(z),
    };
  });
  return (z) => table[Math.round(Math.min(Math.max(z, heights.low), heights.high)) - heights.low];
}
