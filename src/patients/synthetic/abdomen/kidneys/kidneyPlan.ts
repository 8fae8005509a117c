import { derivedSeed, random } from "../../../../base/random.ts";
import type { Vec3 } from "../../../../numerics/volume/index.ts";
import type { Side } from "../../paint/tissue/region.ts";
import { drawKidney, type KidneyShape, withSinus } from "../../phantom/kidneyShape.ts";
import type { Body } from "../body.ts";
import { type Draws, draws } from "../draws.ts";
import type { Shape } from "../shapes.ts";
import { drawCalyces } from "./collecting.ts";
import { type Cyst, drawCysts, drawTumors, type Tumor } from "./lesions.ts";
import { inBody, type PlacedKidney } from "./place.ts";
import { drawShape, type KidneyKind, type Pose } from "./shape.ts";

/** One kidney before it is drawn. Lengths in mm, in the kidney's own axes (to hilum, across, along). */
export interface KidneyPlan extends PlacedKidney {
  readonly name: string;
  readonly kind: KidneyKind;
  readonly pose: Pose;
  /** How deep furrows are between its lobes, mm. */
  readonly furrows: number;
  /** How much of normal contrast medium it takes up. */
  readonly uptake: number;
  /** Thickness of its cortex. */
  readonly rim: number;
  /** Width of the urine-filled cavities: 0 usual, 1 widely dilated. */
  readonly dilation: number;
  readonly calyces: readonly Shape[];
  readonly sinusVessels: readonly Shape[];
  readonly stones: readonly Shape[];
  readonly cysts: readonly Cyst[];
  readonly tumors: readonly Tumor[];
  /** Missing pieces after surgery. */
  readonly bites: readonly Cyst[];
  /** Thickness of the fat around it. */
  readonly fat: number;
  /** Whether contrast medium is unevenly taken up, as in inflammation or infarction. */
  readonly patchy: boolean;
}

export interface KidneyOptions {
  readonly name: string;
  readonly center: Vec3;
  readonly pose: Pose;
  readonly kind: KidneyKind | undefined;
  readonly tumors: boolean;
  readonly cysts: boolean;
  /** Chance of a sinus narrower than usual, down to none. */
  readonly solid: number;
}

export function drawKidneyPlan(body: Body, side: Side, options: KidneyOptions): KidneyPlan {
  const { name, pose } = options;
  const d = draws(body.seed, "kidney", name);
  const r = random(derivedSeed(body.seed, "kidney shape", name));
  const kind = options.kind ?? drawKind(d);
  const own = drawShape(kind, pose, d, drawKidney(r));
  const sinus = draws(body.seed, "sinus", name);
  const shape = sinus.chance(options.solid) ? withSinus(own, sinus.between(0.1, 1)) : own;
  const dilation = kind === "hydronephrotic" ? d.between(0.25, 1) : d.chance(0.15) ? 0.12 : 0;
  const calyces = drawCalyces(shape, dilation, d);
  const tumors = options.tumors ? drawTumors(body, shape, d, r) : [];
  const plan = {
    name,
    side,
    kind,
    pose,
    center: options.center,
    shape,
    furrows:
      kind === "lobulated"
        ? d.between(1.5, 3.5)
        : kind === "atrophic"
          ? d.between(1, 3)
          : d.between(0.2, 1.2),
    uptake:
      kind === "atrophic"
        ? d.between(0.45, 0.9)
        : kind === "hydronephrotic"
          ? d.between(0.6, 1)
          : d.between(0.93, 1.05),
    rim: (kind === "atrophic" ? 0.7 : 1) * d.between(4.5, 7.5),
    dilation,
    ...calyces,
    cysts: options.cysts ? drawCysts(kind, shape, d) : [],
    tumors,
    bites: drawBites(options.cysts && d.chance(0.04), shape, d),
    fat: (2 + 17 * body.visceral) * d.between(0.7, 1.3) + (kind === "atrophic" ? 6 : 0),
    patchy: d.chance(0.07),
  };
  return { ...plan, center: withRoom(body, plan) };
}

function drawKind(d: Draws): KidneyKind {
  const u = d.uniform();
  return u < 0.12
    ? "lobulated"
    : u < 0.18
      ? "atrophic"
      : u < 0.29
        ? "hydronephrotic"
        : u < 0.33
          ? "hypertrophic"
          : "normal";
}

function drawBites(any: boolean, { half }: KidneyShape, d: Draws): Cyst[] {
  if (!any) return [];
  const r = d.between(9, 18);
  const angle = Math.PI + d.between(-1.5, 1.5);
  const t = d.between(-0.8, 0.8);
  const s = Math.sqrt(1 - t * t);
  return [
    {
      center: [half[0] * s * Math.cos(angle), half[1] * s * Math.sin(angle), half[2] * t],
      half: [r, r, r],
      hu: 0,
      wall: 0,
    },
  ];
}

/** A large tumour moves its kidney: off the spine, off the wall of flank and back. */
function withRoom(body: Body, plan: PlacedKidney & Pick<KidneyPlan, "tumors">): Vec3 {
  let [x, y, z] = plan.center;
  const out = Math.sign(x) || 1;
  for (const { shape } of plan.tumors) {
    const [tx, ty, tz] = inBody({ ...plan, center: [x, y, z] }, shape.center);
    const r = Math.max(...shape.half);
    const g = body.girth(tz);
    x += out * Math.max(28 + 0.75 * r - out * tx, 0) * 0.7;
    x -= out * Math.max(out * tx + 0.9 * r - g.side + 4, 0) * 0.8;
    y -= Math.max(ty + r - 0.85 * g.back, 0) * 0.8;
    z -= Math.max(tz + 0.8 * r - (body.dome - 40), 0);
  }
  return [x, y, z];
}
