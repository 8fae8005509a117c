import type { Vec3 } from "../../../../numerics/volume/index.ts";
import type { Body } from "../body.ts";
import { type Canvas, type Organ, organCode } from "../canvas.ts";
import { grown, type Shape } from "../shapes.ts";
import type { KidneyPlan } from "./kidneyPlan.ts";
import { paintCyst, paintTumor } from "./paintLesions.ts";
import { placed, reach } from "./place.ts";
import { outlineDistance, sinusDistance } from "./shape.ts";

/** What the fat around a kidney may take the place of: not the wall, not the spine. */
const soft: readonly Organ[] = [
  "visceral fat",
  "bowel",
  "stomach",
  "liver",
  "gallbladder",
  "spleen",
  "pancreas",
  "lymph node",
  "lung",
];

/** One kidney in its fat, with its sinus, cysts and tumours. Labels as KiTS: 1 is all within the outline but fat. */
export function paintKidney(canvas: Canvas, body: Body, plan: KidneyPlan): void {
  const { shape } = plan;
  const waves = canvas.field(26);
  const lobes = canvas.field(16);
  const bean: Shape = {
    center: [0, 0, 0],
    half: shape.half.map((h) => h + Math.abs(shape.bend) + plan.furrows) as unknown as Vec3,
    distance: (a, b, c, n) =>
      outlineDistance(shape, a, b, c) +
      0.5 * waves[n] +
      plan.furrows * (Math.abs(lobes[n]) < 0.35 ? 0.7 : -0.3 * lobes[n] ** 2),
  };
  const outline = placed(plan, bean);
  paintFat(canvas, body, plan, outline);
  paintParenchyma(canvas, body, plan, outline);
  paintSinus(canvas, body, plan, outline);
  for (const bite of plan.bites)
    canvas.paint(placed(plan, cystShape(bite)), {
      organ: "perirenal fat",
      hu: body.hu.fat,
      over: ["kidney", "renal sinus"],
    });
  for (const cyst of plan.cysts) paintCyst(canvas, body, placed(plan, cystShape(cyst)), cyst);
  for (const tumor of plan.tumors) paintTumor(canvas, body, plan, tumor);
}

const cystShape = ({ center, half }: KidneyPlan["cysts"][number]): Shape => ({
  center,
  half,
  distance(a, b, c) {
    const [u, v, w] = [(a - center[0]) / half[0], (b - center[1]) / half[1], (c - center[2]) / half[2]];
    return (Math.sqrt(u * u + v * v + w * w) - 1) * Math.min(...half);
  },
});

/** Perirenal fat, thicker behind and below than in front, with Gerota's fascia around and strands across it. */
function paintFat(canvas: Canvas, { hu }: Body, plan: KidneyPlan, outline: Shape): void {
  const waves = canvas.field(26);
  const grain = canvas.field(9);
  const most = 1.3 * plan.fat + 5;
  const [, cy, cz] = plan.center;
  const thickness = (n: number) => {
    const behind = 1 / (1 + Math.exp((cy - 4 - canvas.y[n]) / 8));
    const below = 1 / (1 + Math.exp((canvas.z[n] - cz + 20) / 15));
    return plan.fat * (0.25 + 0.7 * behind + 0.35 * below) + 1.5 + 1.2 * waves[n];
  };
  const strandy = plan.tumors.reduce(
    (most, t) => Math.max(most, t.stranding),
    plan.dilation > 0.2 ? 0.4 : 0.12,
  );
  const lump = (s: Shape) => grown(s, (n) => 0.7 * thickness(n), most);
  const bag = grown(outline, thickness, most);
  for (const shape of [
    bag,
    ...plan.tumors.map((t) => lump(placed(plan, cystShape({ ...t.shape, hu: 0, wall: 0 })))),
  ])
    canvas.paint(inCavity(canvas, shape), {
      organ: "perirenal fat",
      hu(n, _x, _y, _z, distance) {
        const bridge =
          Math.abs(grain[n]) < 0.1 + 0.25 * strandy && Math.abs(waves[n]) < 0.9 ? 0.25 + 0.4 * strandy : 0;
        const fascia = plan.fat > 6 && distance > -1.3 ? 0.45 : 0;
        return hu.fat + Math.max(bridge, fascia) * (hu.strand - hu.fat);
      },
      over: [...soft, "perirenal fat"],
    });
}

const inCavity = (canvas: Canvas, shape: Shape): Shape => ({
  ...shape,
  distance: (x, y, z, n) => Math.max(shape.distance(x, y, z, n), canvas.cavity[n] + 1),
});

/** Cortex as a rim and as columns between pyramids, medulla within, fat in the sinus. */
function paintParenchyma(canvas: Canvas, { hu }: Body, plan: KidneyPlan, outline: Shape): void {
  const { shape, uptake, rim } = plan;
  const pyramids = canvas.field(9);
  const sinusWaves = canvas.field(9);
  const fine = canvas.field(5);
  const patches = canvas.field(16, "second");
  const blood = (value: number, unenhanced: number) => unenhanced + uptake * (value - unenhanced);
  const cortex = blood(hu.cortex, 36);
  const medulla = blood(hu.medulla, 35);
  const sinus = placed(plan, {
    center: [0, 0, 0],
    half: shape.half,
    distance: (a, b, c) => sinusDistance(shape, a, b, c),
  });
  const half = reach(plan);
  canvas.visit(plan.center, half, (n, x, y, z) => {
    const outside = Math.max(outline.distance(x, y, z, n), canvas.cavity[n] + 1);
    const share = canvas.share(outside);
    if (share <= 0) return;
    const fat = sinus.distance(x, y, z, n) - 1.8 * sinusWaves[n] - 0.8 * fine[n];
    const edge = (rim + 0.8 * pyramids[n] + Math.min(outside, 0)) / 1.5;
    const column = (pyramids[n] - 0.5) / 0.5;
    const bright = Math.min(Math.max(edge, column, 0), 1);
    const patch = plan.patchy && patches[n] > 0.7 ? 0.35 : 0;
    const tissue = (medulla + bright * (cortex - medulla)) * (1 - patch) + patch * 40;
    const fatShare = canvas.share(fat);
    canvas.cover(
      n,
      share,
      tissue + fatShare * (hu.fat - tissue),
      fatShare > 0.5 ? organCode["renal sinus"] : organCode.kidney,
      fatShare > 0.5 ? 0 : 1,
    );
  });
}

/** Vessels, then the urine's cavities with their thin wall: kidney where they lie within its outline. */
function paintSinus(canvas: Canvas, { hu, contrast }: Body, plan: KidneyPlan, outline: Shape): void {
  // Urine fills with contrast medium over minutes, and layers where it is held up.
  const filled = contrast.time > 3.4 ? 1 : 0.3;
  const held = plan.dilation > 0.3 ? 0.35 : 1;
  const urine = 8 + filled * held * (hu.urine - 8);
  const inside = (n: number, x: number, y: number, z: number) =>
    outline.distance(x, y, z, n) < 0 && canvas.cavity[n] < -1 ? 1 : 0;
  const paint = (shape: Shape, value: number, organ: number) =>
    canvas.visit(shape.center, shape.half, (n, x, y, z) => {
      const share = canvas.share(shape.distance(x, y, z, n));
      if (share <= 0 || canvas.cavity[n] > -1) return;
      // Within parenchyma a calyx ends; only a dilated one bulges into it.
      if (canvas.organ[n] === organCode.kidney && plan.dilation < 0.2 && value !== urine) return;
      canvas.cover(n, share, value, organ, share > 0.5 ? inside(n, x, y, z) : 0);
    });
  plan.sinusVessels.forEach((vessel, i) =>
    paint(placed(plan, vessel), i % 3 === 0 ? hu.arterialBlood : hu.renalVein, organCode["renal sinus"]),
  );
  const own = plan.calyces.map((calyx) => placed(plan, calyx));
  for (const calyx of own) paint(grown(calyx, 0.6), hu.bowelWall, organCode["renal sinus"]);
  for (const calyx of own) paint(calyx, urine, organCode["renal sinus"]);
  for (const stone of plan.stones) paint(placed(plan, stone), hu.calcium + 150, organCode["renal sinus"]);
}
