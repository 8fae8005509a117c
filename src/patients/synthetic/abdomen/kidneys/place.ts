import type { Vec3 } from "../../../../numerics/volume/index.ts";
import type { Side } from "../../paint/tissue/region.ts";
import { type KidneyShape, toBody } from "../../phantom/kidneyShape.ts";
import type { Shape } from "../shapes.ts";

/** A kidney and where it lies. */
export interface PlacedKidney {
  readonly side: Side;
  /** In the body, mm. */
  readonly center: Vec3;
  readonly shape: KidneyShape;
}

/** +1 where medial is towards +x. */
export const medialSign = (side: Side): number => (side === "left" ? -1 : 1);

/** A place of a kidney's own axes, in the body. */
export function inBody({ center, shape, side }: PlacedKidney, own: Vec3): Vec3 {
  const [m, f, s] = toBody(shape, own);
  return [center[0] + medialSign(side) * m, center[1] - f, center[2] + s];
}

/** A shape of the kidney's own axes, in the body. */
export function placed(plan: PlacedKidney, own: Shape): Shape {
  const [ea, eb, ec] = plan.shape.axes;
  const [cx, cy, cz] = plan.center;
  const sign = medialSign(plan.side);
  const along = (x: number) => Math.hypot(ea[x] * own.half[0], eb[x] * own.half[1], ec[x] * own.half[2]);
  return {
    center: inBody(plan, own.center),
    half: [along(0), along(1), along(2)],
    distance(x, y, z, n) {
      const m = sign * (x - cx);
      const f = cy - y;
      const s = z - cz;
      return own.distance(
        ea[0] * m + ea[1] * f + ea[2] * s,
        eb[0] * m + eb[1] * f + eb[2] * s,
        ec[0] * m + ec[1] * f + ec[2] * s,
        n,
      );
    },
  };
}

/** How far a kidney reaches from its centre along x, y, z, mm. */
export const reach = ({ shape }: PlacedKidney): Vec3 =>
  [0, 1, 2].map(
    (x) => Math.hypot(...shape.axes.map((e, n) => e[x] * shape.half[n])) + Math.abs(shape.bend) + 4,
  ) as unknown as Vec3;
