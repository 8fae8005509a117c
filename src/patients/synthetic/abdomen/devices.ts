import type { Vec3 } from "../../../numerics/volume/index.ts";
import type { Body } from "./body.ts";
import { type Canvas, organCode } from "./canvas.ts";
import { type Draws, draws } from "./draws.ts";
import { ellipsoid, grown, segment, tube } from "./shapes.ts";
import type { Metal } from "./streaks.ts";

/** What lies outside and inside that is no organ: table, arms, tubes, clips, screws. Returns the metal that makes streaks. */
export function paintDevices(canvas: Canvas, body: Body): Metal[] {
  const d = draws(body.seed, "devices");
  paintTable(canvas, body, d);
  if (d.chance(0.12)) paintArms(canvas, body, d);
  const metals: Metal[] = [];
  const metal = (at: Vec3, strength: number) => metals.push({ at, strength });
  const { hu } = body;
  if (d.chance(0.07))
    for (let clips = d.count(2, 7); clips > 0; clips--) {
      const at: Vec3 = [d.between(-75, 75), d.between(-60, 25), d.between(-60, 70)];
      canvas.paint(segment(at, [at[0] + d.between(-4, 4), at[1], at[2] + d.between(-4, 4)], 1.1), {
        organ: "device",
        hu: hu.metal,
        over: ["visceral fat", "perirenal fat", "bowel", "liver"],
      });
      metal(at, d.between(20, 90));
    }
  if (d.chance(0.03))
    for (const level of [-36, 0])
      for (const s of [-1, 1]) {
        const shaft: [Vec3, Vec3] = [
          [s * 24, 34, level + 4],
          [s * 9, -6, level + 2],
        ];
        canvas.paint(segment(shaft[0], shaft[1], 2.8), { organ: "device", hu: hu.metal });
        canvas.paint(segment([s * 24, 38, level - 14], [s * 24, 38, level + 22], 3), {
          organ: "device",
          hu: hu.metal,
        });
        metal([s * 20, 26, level + 4], d.between(90, 260));
      }
  if (d.chance(0.03)) {
    const s = d.pick([-1, 1]);
    canvas.paint(
      [ellipsoid([s * 92, 2, -207], [25, 25, 25]), segment([s * 112, 14, -215], [s * 138, 20, -260], 9)],
      { organ: "device", hu: hu.metal },
    );
    metal([s * 92, 2, -207], d.between(200, 450));
  }
  if (d.chance(0.08)) {
    // A drain or nephrostomy, from the flank inwards.
    const s = d.pick([-1, 1]);
    const z = d.between(-40, 40);
    const path: Vec3[] = [
      [s * 175, 75, z - 20],
      [s * 105, 52, z - 6],
      [s * d.between(50, 75), 16, z],
    ];
    const pieces = tube(path, 2.2);
    canvas.paint(pieces, { organ: "device", hu: d.between(150, 900) });
    canvas.paint(grown(pieces[1], -1.2), { organ: "device", hu: d.pick([-300, 10]), over: ["device"] });
  }
  if (d.chance(0.05))
    canvas.paint(
      tube(
        [
          [14, -30, 150],
          [60, -30, 90],
          [30, -70, 50],
        ],
        2.4,
      ),
      { organ: "device", hu: d.between(100, 600), over: ["stomach"] },
    );
  if (d.chance(0.1))
    for (let leads = d.count(1, 3); leads > 0; leads--) {
      const z = d.between(60, 170);
      const x = d.between(-0.6, 0.6);
      const g = body.girth(z);
      const y = -g.outerFront * Math.sqrt(1 - x * x) - 2;
      canvas.paint(
        tube(
          [
            [x * g.outerSide, y, z],
            [x * g.outerSide + 30, y - 5, z - 50],
          ],
          [2.5, 1.2],
        ),
        { organ: "device", hu: d.between(400, 2500) },
      );
    }
  return metals;
}

/** The table under the back: a shell, flat or curved, with foam or air in it, now and then a mattress on it. */
function paintTable(canvas: Canvas, body: Body, d: Draws): void {
  if (d.chance(0.06)) return;
  const top = 108 + 0.8 * body.subcutaneous + d.between(2, 16);
  const curve = d.chance(0.7) ? d.between(0.0006, 0.0016) : 0;
  const wide = d.between(195, 250);
  const thick = d.between(18, 45);
  const shell = d.between(1, 2.6);
  const foam = d.between(-990, -850);
  const mattress = d.chance(0.5) ? d.between(5, 18) : 0;
  const { origin, spacing, size } = canvas.grid;
  for (let j = 0; j < size[1]; j++)
    for (let i = 0; i < size[0]; i++) {
      const x = origin[0] + i * spacing[0];
      const y = origin[1] + j * spacing[1] + curve * x * x - top;
      if (y < -mattress - 2 || y > thick + 4 || Math.abs(x) > wide + 3) continue;
      const away = Math.max(Math.abs(y - thick / 2) - thick / 2, Math.abs(x) - wide);
      for (let k = 0; k < size[2]; k++) {
        const n = i + size[0] * (j + size[1] * k);
        if (canvas.organ[n] !== 0) continue;
        if (y < 0 && y > -mattress) canvas.hu[n] = Math.max(canvas.hu[n], -960 + 30 * shell);
        const share = canvas.share(away);
        if (share > 0) {
          const inner = canvas.share(away + shell);
          canvas.cover(n, share, body.hu.table + inner * (foam - body.hu.table), organCode.table);
        }
      }
    }
}

/** Arms along the body: muscle, fat and bone in air. */
function paintArms(canvas: Canvas, body: Body, d: Draws): void {
  const { hu } = body;
  for (const s of d.chance(0.7) ? [-1, 1] : [d.pick([-1, 1])]) {
    const g = body.girth(0);
    const x = s * (g.outerSide + d.between(38, 55));
    const y = d.between(-30, 40);
    const r = d.between(30, 42);
    const arm = segment([x, y, 260], [x + s * d.between(-8, 14), y - 20, -300], r, 0.7 * r);
    const over = ["outside", "table", "arm"] as const;
    canvas.paint(arm, { organ: "arm", hu: hu.fat, over });
    canvas.paint(grown(arm, -0.22 * r), { organ: "arm", hu: hu.muscle, over });
    canvas.paint(segment([x, y, 260], [x, y - 10, -300], 11, 8), {
      organ: "arm",
      hu: hu.compactBone + 250,
      over,
    });
    canvas.paint(segment([x, y, 260], [x, y - 10, -300], 6, 4), { organ: "arm", hu: hu.fat + 60, over });
  }
}
