import type { Vec3 } from "../../../../numerics/volume/index.ts";
import type { KidneyShape } from "../../phantom/kidneyShape.ts";
import type { Draws } from "../draws.ts";
import { ellipsoid, type Shape, segment } from "../shapes.ts";

/** Pelvis and calyces, vessels beside them and stones within, in the kidney's own axes. */
export function drawCalyces(
  { half, sinus, sinusAt }: KidneyShape,
  dilation: number,
  d: Draws,
): { calyces: Shape[]; sinusVessels: Shape[]; stones: Shape[] } {
  const pelvis: Vec3 = [sinusAt + d.between(0, 0.25) * sinus[0], d.between(-2, 2), d.between(-4, 2)];
  const wide = d.between(3, 5.5) + 13 * dilation;
  const calyces: Shape[] = [
    ellipsoid(pelvis, [wide * 1.4, wide, wide * 1.6]),
    // The part that leaves the kidney, on its way to the ureter.
    segment(
      pelvis,
      [pelvis[0] + 0.5 * sinus[0] + 6, pelvis[1], pelvis[2] - 10],
      0.8 * wide,
      2 + 4 * dilation,
    ),
  ];
  const sinusVessels: Shape[] = [];
  const stones: Shape[] = [];
  const stony = d.chance(0.1);
  const count = d.count(5, 9);
  for (let i = 0; i < count; i++) {
    const t = -0.92 + (1.84 * (i + d.between(0.2, 0.8))) / count;
    const s = Math.sqrt(1 - 0.9 * t * t);
    const back = (i % 2 === 0 ? 1 : -1) * d.between(0.2, 0.85);
    const tip: Vec3 = [
      sinusAt - sinus[0] * s * d.between(0.75, 1) * Math.cos(back),
      sinus[1] * s * Math.sin(back) * 1.1,
      t * (sinus[2] + 0.1 * half[2] * dilation),
    ];
    const neck = d.between(0.9, 1.8) + 3.5 * dilation;
    const cup = d.between(1.6, 3.2) + 9 * dilation * d.between(0.7, 1.1);
    calyces.push(segment(pelvis, tip, neck, 0.5 * (neck + cup)), ellipsoid(tip, [cup, cup, cup]));
    const beside: Vec3 = [tip[0] + 3, tip[1] + d.between(3, 6), tip[2] + d.between(-7, 7)];
    sinusVessels.push(
      segment(
        [sinusAt + 0.7 * sinus[0], pelvis[1] + 4, pelvis[2] + 4],
        beside,
        d.between(2.4, 3.8),
        d.between(1.4, 2.6),
      ),
    );
    if (stony && d.chance(0.35)) {
      const r = d.between(1, 5.5);
      stones.push(ellipsoid(tip, [r, r * d.between(0.7, 1), r]));
    }
  }
  if (stony && d.chance(0.2)) stones.push(ellipsoid(pelvis, [0.9 * wide, 0.7 * wide, 1.2 * wide]));
  return { calyces, sinusVessels, stones };
}
