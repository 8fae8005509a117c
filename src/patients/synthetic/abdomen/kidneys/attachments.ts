import type { Vec3 } from "../../../../numerics/volume/index.ts";
import type { Body } from "../body.ts";
import type { Canvas, Organ } from "../canvas.ts";
import { draws } from "../draws.ts";
import { ellipsoid, type Shape, tube } from "../shapes.ts";
import type { KidneyPlan } from "./kidneyPlan.ts";
import { inBody, medialSign } from "./place.ts";
import type { KidneysPlan } from "./situation.ts";

const around: readonly Organ[] = [
  "visceral fat",
  "perirenal fat",
  "bowel",
  "pancreas",
  "lymph node",
  "adrenal",
];

/** Renal arteries, veins and ureters, painted before the kidneys so that these cover their ends. */
export function paintRenalVessels(canvas: Canvas, body: Body, { kidneys }: KidneysPlan): void {
  const { hu } = body;
  for (const plan of kidneys) {
    const d = draws(body.seed, "renal vessels", plan.name);
    const s = -medialSign(plan.side);
    const { sinusAt, sinus } = plan.shape;
    const hilum = inBody(plan, [sinusAt + 0.5 * sinus[0], 0, 0]);
    const low = plan.center[2] < -80;
    const root = (x: number, y: number, z: number): Vec3 =>
      low ? [s * 34, -24, plan.center[2] - 6] : [x, y, z];
    const between = (p: Vec3, q: Vec3, forward: number): Vec3 => [
      0.5 * (p[0] + q[0]),
      0.5 * (p[1] + q[1]) - forward,
      0.5 * (p[2] + q[2]),
    ];
    for (let artery = d.chance(0.25) ? 2 : 1; artery > 0; artery--) {
      const from = root(7 + 4 * s, -28, 6 + d.around(0, 8));
      const to: Vec3 = [hilum[0], hilum[1] + 3, hilum[2] + d.around(0, 8)];
      canvas.paint(tube([from, between(from, to, -4), to], [3.2, 2.8, 2.4]), {
        organ: "artery",
        hu: hu.arterialBlood,
        over: around,
      });
    }
    const end = root(-14, -32, 3);
    const to: Vec3 = [hilum[0], hilum[1] - 3, hilum[2] + 2];
    // The left vein crosses in front of the aorta.
    const path: Vec3[] =
      s > 0 && !low ? [end, [10, -46, 4], between([14, -42, 4], to, 4), to] : [end, between(end, to, 3), to];
    canvas.paint(tube(path, plan.kind === "atrophic" ? 3 : d.between(4.2, 6)), {
      organ: "vein",
      hu: hu.renalVein,
      over: around,
    });
    paintUreter(canvas, body, plan, hilum, s);
  }
}

function paintUreter(canvas: Canvas, body: Body, plan: KidneyPlan, hilum: Vec3, s: number): void {
  const d = draws(body.seed, "ureter", plan.name);
  const { hu, contrast } = body;
  const wide = d.between(1.3, 2.4) + 4 * plan.dilation;
  const start: Vec3 = [hilum[0] - s * 4, hilum[1] - 2, hilum[2] - 14];
  const ends: Vec3[] = [
    [s * 50, -26, -150],
    [s * 38, -8, -185],
    [s * 12, -14, -200],
  ];
  const path =
    plan.center[2] < -80
      ? [start, ends[2]]
      : ([start, [s * 40, -14, -42], [s * 42, -22, -95], ...ends] as Vec3[]);
  const pieces = tube(path, wide);
  const full = contrast.time > 3.4 && d.chance(0.8);
  canvas.paint(pieces, {
    organ: "ureter",
    hu: full ? hu.urine : plan.dilation > 0.2 ? 12 : hu.bowelWall - 15,
    over: around,
  });
  if (plan.stones.length > 0 && d.chance(0.4)) {
    const [x, y, z] = path[1];
    canvas.paint(ellipsoid([x, y, z], [2.5, 2.5, 4]), { organ: "ureter", hu: hu.calcium + 100 });
  }
  // A double-J stent.
  if (d.chance(plan.dilation > 0.2 ? 0.3 : 0.03))
    canvas.paint(tube([inBody(plan, [plan.shape.sinusAt, 0, 12]), ...path], 1.2), {
      organ: "device",
      hu: d.between(500, 2200),
    });
}

/** The bridge of a horseshoe kidney, in front of the great vessels. */
export function paintBridge(canvas: Canvas, body: Body, { situation, kidneys }: KidneysPlan): void {
  if (situation !== "horseshoe" || kidneys.length < 2) return;
  const d = draws(body.seed, "bridge");
  const { hu } = body;
  const poles = kidneys.map((plan) => inBody(plan, [0, 0, -0.68 * plan.shape.half[2]]));
  const middle: Vec3 = [d.around(2, 5), -50, Math.min(poles[0][2], poles[1][2]) - d.between(0, 8)];
  const thick = d.between(7, 12);
  const lobes = canvas.field(9);
  const value = (n: number) => hu.cortex + 0.3 * (hu.medulla - hu.cortex) + 3 * lobes[n];
  canvas.paint(tube([poles[0], middle, poles[1]], [1.4 * thick, thick, 1.4 * thick]), {
    organ: "kidney",
    hu: value,
    label: 1,
  });
}

/** Adrenals: two thin limbs behind an apex above each kidney's place, whether a kidney is there or not. */
export function paintAdrenals(canvas: Canvas, body: Body): void {
  const d = draws(body.seed, "adrenals");
  for (const s of [-1, 1]) {
    const [x, y, z] = [
      s * d.around(s > 0 ? 36 : 30, 4),
      d.around(s > 0 ? -8 : -2, 4),
      d.around(s > 0 ? 56 : 62, 6),
    ];
    const thick = d.between(1.8, 3.2);
    const long = d.between(15, 26);
    const limbs = [0.35 + d.around(0, 0.15), -0.25 + d.around(0, 0.15)].map((angle) => [
      s * Math.sin(angle) * long,
      Math.cos(angle) * long,
    ]);
    const shape: Shape = {
      center: [x, y + long / 2, z],
      half: [long, long, 20],
      distance(px, py, pz) {
        const nearest = limbs.reduce((least, [lx, ly]) => {
          const t = Math.min(Math.max(((px - x) * lx + (py - y) * ly) / (long * long), 0), 1);
          return Math.min(least, Math.hypot(px - x - t * lx, py - y - t * ly) - thick);
        }, 99);
        return Math.max(nearest, Math.abs(pz - z) - 15);
      },
    };
    const over = ["visceral fat", "perirenal fat"] as const;
    canvas.paint(shape, { organ: "adrenal", hu: body.hu.adrenal, over });
    if (d.chance(0.1)) {
      const r = d.between(5, 18);
      canvas.paint(ellipsoid([x, y + r / 2, z], [r, r, r]), {
        organ: "adrenal",
        hu: d.pick([d.between(-15, 20), body.hu.adrenal + 20]),
        over,
      });
    }
  }
}
