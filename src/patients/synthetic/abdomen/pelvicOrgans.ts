import type { Body } from "./body.ts";
import type { Canvas } from "./canvas.ts";
import { draws } from "./draws.ts";
import { ellipsoid, grown } from "./shapes.ts";

/** Bladder, and womb or prostate behind and below it. */
export function paintPelvicOrgans(canvas: Canvas, body: Body): void {
  const d = draws(body.seed, "pelvic organs");
  const { hu, contrast } = body;
  const full = d.between(0.45, 1.25);
  const z = -212 + 22 * full;
  const over = ["visceral fat", "bowel"] as const;
  if (d.chance(0.5))
    canvas.paint(
      ellipsoid(
        [d.around(0, 8), 2, -178 + 8 * full],
        [27 * d.between(0.6, 1.4), 22, 34 * d.between(0.6, 1.3)],
        0,
        0.2,
      ),
      { organ: "pelvic organ", hu: hu.uterus, over },
    );
  canvas.paint(ellipsoid([0, -12, -228], [24, 20, 18]), { organ: "pelvic organ", hu: hu.uterus - 8, over });
  const bladder = ellipsoid([d.around(0, 5), -34, z], [44 * full, 34 * full, 33 * full]);
  canvas.paint(bladder, { organ: "bladder", hu: hu.bowelWall, over: [...over, "pelvic organ"] });
  // Contrast medium is heavier than urine and lies at the back.
  const late = contrast.time > 3.4 && d.chance(0.8) ? d.between(80, 600) : 0;
  const level = -34 + 20 * full * d.between(-0.8, 0.8);
  canvas.paint(grown(bladder, -d.between(1.5, 4)), {
    organ: "bladder",
    hu: (_n, _x, y) => 6 + late / (1 + Math.exp((level - y) / 3)),
    over: ["bladder"],
  });
}
