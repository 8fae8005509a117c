import type { Body } from "./body.ts";
import type { Canvas } from "./canvas.ts";
import { diaphragm } from "./chest.ts";
import { draws } from "./draws.ts";
import { ellipsoid, type Shape, within, without } from "./shapes.ts";

/** Liver with its vessels and now and then lesions, gallbladder, spleen: what a kidney touches and looks like. */
export function paintLiverSpleen(canvas: Canvas, body: Body): void {
  paintLiver(canvas, body);
  paintSpleen(canvas, body);
}

/** What of a shape lies in the cavity and below the diaphragm. */
const belowDiaphragm = (shape: Shape, canvas: Canvas, body: Body): Shape =>
  within(shape, (x, y, z, n) => Math.max(canvas.cavity[n] + 2.5, 0.7 * (z + 2.5 - diaphragm(body, x, y))));

function paintLiver(canvas: Canvas, body: Body): void {
  const d = draws(body.seed, "liver");
  const { hu, dome } = body;
  const size = d.around(1.06, 0.07);
  const low = d.around(-42, 22);
  const lean = d.around(0.66, 0.1);
  const leftTip = d.between(25, 85);
  const waves = canvas.field(26);
  const grain = canvas.field(9);
  const right = ellipsoid([-74, 2, dome - 88], [90 * size, 92 * size, 112 * size]);
  const left = ellipsoid([-12, -58, dome - 64], [(leftTip + 26) * size, 44 * size, 50 * size], -0.1, -0.15);
  const liver = belowDiaphragm(
    {
      center: [-45, -20, dome - 85],
      half: [135, 115, 115],
      distance(x, y, z, n) {
        const p = right.distance(x, y, z, n);
        const q = left.distance(x, y, z, n);
        // Both lobes join smoothly.
        const h = Math.max(14 - Math.abs(p - q), 0) / 14;
        const lobes = Math.min(p, q) - 3.5 * h * h;
        const underside = 0.75 * (low + lean * Math.min(x + 118, 150) - 0.25 * (y + 30) - z);
        const spine = 37 - Math.hypot(x - 4, y - 12) + 2 * waves[n];
        return Math.max(lobes + 2 * waves[n], underside + 4 * waves[n], spine);
      },
    },
    canvas,
    body,
  );
  const [v1, v2] = [canvas.field(16), canvas.field(16, "second")];
  canvas.paint(liver, {
    organ: "liver",
    hu(n, _x, _y, _z, distance) {
      const own = hu.liver + 4 * grain[n];
      const away = Math.sqrt(v1[n] * v1[n] + v2[n] * v2[n]);
      // Thinner towards the surface.
      const vessel = Math.min(Math.max((Math.min(-distance / 130, 0.24) + 0.04 - away) / 0.1, 0), 1);
      return own + vessel * (0.92 * hu.portalVein + 0.08 * hu.liver - own);
    },
  });
  const lesions = d.chance(0.2) ? d.count(1, 5) : 0;
  for (let i = 0; i < lesions; i++) {
    const r = Math.exp(d.between(Math.log(4), Math.log(32)));
    const spot = ellipsoid(
      [d.between(-125, -10), d.between(-70, 50), d.between(20, dome - 25)],
      [r, r * d.between(0.8, 1.2), r * d.between(0.8, 1.2)],
    );
    const value = d.chance(0.5) ? d.between(0, 18) : hu.liver + d.between(-60, 50);
    canvas.paint(spot, { organ: "liver", hu: value, over: ["liver"] });
  }
  if (d.chance(0.85)) {
    const bile = d.chance(0.12) ? d.between(25, 70) : hu.bile;
    const wide = d.between(9, 20);
    const bladder = ellipsoid(
      [d.around(-56, 8), d.around(-64, 8), low + d.between(28, 52)],
      [wide, wide * 1.1, wide * d.between(1.5, 2.4)],
      0,
      0.35,
    );
    canvas.paint(bladder, { organ: "gallbladder", hu: hu.bowelWall, over: ["liver", "visceral fat"] });
    canvas.paint(
      { ...bladder, distance: (x, y, z, n) => bladder.distance(x, y, z, n) + 1.4 },
      { organ: "gallbladder", hu: bile, over: ["gallbladder"] },
    );
    for (let stones = d.chance(0.15) ? d.count(1, 4) : 0; stones > 0; stones--) {
      const r = d.between(2, 6);
      const [x, y, z] = bladder.center;
      canvas.paint(ellipsoid([x + d.between(-5, 5), y + 0.5 * wide, z - d.between(0, 12)], [r, r, r]), {
        organ: "gallbladder",
        hu: d.between(80, 500),
        over: ["gallbladder"],
      });
    }
  }
}

function paintSpleen(canvas: Canvas, body: Body): void {
  const d = draws(body.seed, "spleen");
  if (d.chance(0.04)) return;
  const { hu, dome, contrast } = body;
  const size = d.chance(0.1) ? d.between(1.2, 1.6) : d.around(1, 0.1);
  const waves = canvas.field(26);
  const grain = canvas.field(9);
  const g = body.girth(80);
  const z = d.around(dome - 82, 9) - 22 * (size - 1);
  const whole = ellipsoid([g.side - 30, 18, z], [34 * size, 52 * size, 60 * size], 0.35, 0.22);
  const hollow = ellipsoid([g.side - 80 * size, -2, z - 14], [46, 44, 70], 0.3);
  const spleen = belowDiaphragm(without(whole, hollow), canvas, body);
  const early = Math.max(1 - Math.abs(contrast.time - 1), 0) * 22;
  canvas.paint(
    { ...spleen, distance: (x, y, zz, n) => spleen.distance(x, y, zz, n) + 1.6 * waves[n] },
    { organ: "spleen", hu: (n) => hu.spleen + 3 * grain[n] + early * grain[n] },
  );
  for (let more = d.chance(0.15) ? d.count(1, 2) : 0; more > 0; more--) {
    const r = d.between(4, 9);
    canvas.paint(
      ellipsoid([g.side - d.between(45, 65), d.between(-20, 25), z - d.between(15, 50)], [r, r, r]),
      {
        organ: "spleen",
        hu: hu.spleen,
      },
    );
  }
}
