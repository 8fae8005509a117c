import type { Body } from "../body.ts";
import type { Canvas } from "../canvas.ts";
import { ellipsoidDistance, grown, type Shape } from "../shapes.ts";
import type { KidneyPlan } from "./kidneyPlan.ts";
import type { Cyst, Tumor } from "./lesions.ts";
import { placed } from "./place.ts";

/** A cyst where nothing but fat, kidney and soft organs were; cut by the wall of the cavity. */
export function paintCyst(canvas: Canvas, { hu }: Body, shape: Shape, cyst: Cyst): void {
  const cut: Shape = {
    ...shape,
    distance: (x, y, z, n) => Math.max(shape.distance(x, y, z, n), canvas.cavity[n] + 1),
  };
  if (cyst.wall > 0) {
    canvas.paint(cut, { organ: "cyst", hu: hu.bowelWall, label: 3 });
    canvas.paint(grown(cut, -cyst.wall), { organ: "cyst", hu: cyst.hu, label: 3 });
  } else canvas.paint(cut, { organ: "cyst", hu: cyst.hu, label: 3 });
}

/** Lattice distances of the fields that shape edges and insides, mm. */
const cells = [5, 9, 16, 26, 42];

/** A tumour of its build: viable tissue with its texture, and what is dead, fluid, fat, scar or calcium in it. */
export function paintTumor(canvas: Canvas, { hu }: Body, plan: KidneyPlan, tumor: Tumor): void {
  const { shape, build, share } = tumor;
  const r = Math.max(...shape.half);
  const cellNear = (mm: number) =>
    cells.reduce((best, cell) => (Math.abs(cell - mm) < Math.abs(best - mm) ? cell : best));
  const lobes = canvas.field(cellNear(0.55 * r));
  const coarse = canvas.field(cellNear(Math.min(0.3 * r, 16)));
  const fine = canvas.field(5);
  const core = canvas.field(cellNear(0.5 * r));
  const fuzz = canvas.field(5);
  const [a0, b0, c0] = shape.center;
  const own = placed(plan, {
    center: shape.center,
    half: shape.half.map((h) => 1.25 * h + 3) as unknown as Shape["half"],
    distance: (a, b, c, n) =>
      ellipsoidDistance(a - a0, b - b0, c - c0, shape.half) -
      Math.min(Math.max(shape.lobulation * lobes[n], -0.22), 0.22) * r -
      tumor.infiltration * fuzz[n] * 0.5,
  });
  const cut: Shape = {
    ...own,
    distance: (x, y, z, n) => Math.max(own.distance(x, y, z, n), canvas.cavity[n] + 1),
  };
  canvas.paint(cut, {
    organ: "tumour",
    label: 2,
    hu(n, _x, _y, _z, distance) {
      const viable = tumor.hu + tumor.texture * (0.8 * coarse[n] + 0.5 * fine[n]);
      const depth = Math.min(-distance / r, 1);
      if (tumor.calcified && fine[n] + 0.7 * core[n] > 2.1) return hu.calcium;
      if (build === "necrotic")
        return mix(viable, hu.necrosis + 4 * fine[n], (depth + 0.4 * core[n] - 0.75 + 0.6 * share) / 0.12);
      if (build === "cystic") {
        const septum = Math.abs(coarse[n]) < 0.12 || distance > -1.5 - 3 * (1 - share);
        return septum ? viable : 14 + 3 * fine[n];
      }
      if (build === "fatty")
        return mix(viable, hu.fat + 15, (coarse[n] + 0.5 * fine[n] - 1.2 + 2 * share) / 0.5);
      if (build === "scarred")
        return mix(viable, hu.necrosis + 15, (depth + 0.25 * Math.abs(coarse[n]) - 0.85) / 0.1);
      return viable;
    },
  });
}

/** From a to b as t goes from 0 to 1. */
const mix = (a: number, b: number, t: number): number => a + Math.min(Math.max(t, 0), 1) * (b - a);
