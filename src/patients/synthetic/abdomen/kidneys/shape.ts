import type { Vec3 } from "../../../../numerics/volume/index.ts";
import type { KidneyShape } from "../../phantom/kidneyShape.ts";
import type { Draws } from "../draws.ts";
import { ellipsoidDistance } from "../shapes.ts";

/** What sets a kidney apart. */
export type KidneyKind =
  | "normal"
  | "lobulated"
  | "atrophic"
  | "hypertrophic"
  | "hydronephrotic"
  | "polycystic";

/** Hilum to the middle as usual; poles turned inwards as in a horseshoe; hilum forwards as in a kidney in the pelvis. */
export type Pose = "usual" | "horseshoe" | "anterior";

/** The phantom's kidney, of a wider range of sizes and shapes: normal ones 9–13 cm long, medians as in KiTS (190 mL). */
export function drawShape(kind: KidneyKind, pose: Pose, d: Draws, base: KidneyShape): KidneyShape {
  const size = {
    normal: d.around(1.11, 0.07),
    lobulated: d.around(1.12, 0.06),
    atrophic: d.between(0.55, 0.78),
    hypertrophic: d.between(1.19, 1.3),
    hydronephrotic: d.around(1.17, 0.07),
    polycystic: d.between(1.3, 1.75),
  }[kind];
  const half = base.half.map((h) => h * size * d.around(1, 0.035)) as unknown as Vec3;
  // The sinus: full of fat and wide in some, a slit in others.
  const open = d.between(0.68, 1.02) * (kind === "hydronephrotic" ? 1.12 : kind === "polycystic" ? 0.7 : 1);
  const at = base.sinusAt / base.half[0] + d.around(0, 0.06);
  return {
    half,
    bend: base.bend * d.between(0.6, 1.5) * size,
    sinus: [
      0.85 * half[0] * open,
      (base.sinus[1] / base.half[1]) * half[1] * open,
      (base.sinus[2] / base.half[2]) * half[2] * open,
    ],
    sinusAt: at * half[0],
    axes: turned(base.axes, pose, d),
  };
}

/** Turned about the body's axes: the frame of a usual kidney varies, others are turned far. */
function turned(axes: KidneyShape["axes"], pose: Pose, d: Draws): KidneyShape["axes"] {
  const forwards =
    pose === "usual" ? d.around(0, 0.2) : pose === "horseshoe" ? d.between(0.5, 0.9) : d.between(0.7, 1.4);
  // The phantom's upper pole leans inwards by about 0.26: a horseshoe's lower poles do.
  const outwards =
    pose === "horseshoe"
      ? d.between(0.5, 0.75)
      : pose === "anterior"
        ? d.around(0.2, 0.3)
        : d.around(0, 0.09);
  const [cf, sf, co, so] = [Math.cos(forwards), Math.sin(forwards), Math.cos(outwards), Math.sin(outwards)];
  return axes.map(([m, f, s]): Vec3 => {
    const [m1, f1] = [cf * m - sf * f, sf * m + cf * f];
    return [co * m1 - so * s, f1, so * m1 + co * s];
  }) as unknown as KidneyShape["axes"];
}

/** Distance from the outline of the bean, mm, in its own axes. */
export function outlineDistance({ half, bend }: KidneyShape, a: number, b: number, c: number): number {
  return ellipsoidDistance(a - bend * ((c / half[2]) ** 2 - 0.4), b, c, half);
}

/** Distance from the sinus, mm. */
export function sinusDistance(
  { half, bend, sinus, sinusAt }: KidneyShape,
  a: number,
  b: number,
  c: number,
): number {
  return ellipsoidDistance(a - bend * ((c / half[2]) ** 2 - 0.4) - sinusAt, b, c, sinus);
}
