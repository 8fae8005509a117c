import type { Random } from "../../../../base/random.ts";
import type { Vec3 } from "../../../../numerics/volume/index.ts";
import type { Histology } from "../../../cohort/case.ts";
import { drawTumor, unenhanced } from "../../paint/tissue/enhancement.ts";
import type { KidneyShape } from "../../phantom/kidneyShape.ts";
import { drawTumorShape, type TumorShape } from "../../phantom/tumorShape.ts";
import type { Body } from "../body.ts";
import type { Draws } from "../draws.ts";
import { enhanced } from "../materials.ts";
import type { KidneyKind } from "./shape.ts";

/** A round or oval cavity in the kidney's own axes, mm; `hu` of what fills it, `wall` its thickness (0: too thin to see). */
export interface Cyst {
  readonly center: Vec3;
  readonly half: Vec3;
  readonly hu: number;
  readonly wall: number;
}

/** How a tumour is built. */
type TumorBuild = "solid" | "necrotic" | "cystic" | "fatty" | "scarred";

export interface Tumor {
  readonly shape: TumorShape;
  readonly build: TumorBuild;
  /** HU of its viable tissue, and SD within it. */
  readonly hu: number;
  readonly texture: number;
  /** How much of it is dead, cystic or fatty, 0 to 1. */
  readonly share: number;
  readonly calcified: boolean;
  /** How far it draws the fat around into strands, 0 to 1. */
  readonly stranding: number;
  /** Radius of its edge's softness, mm: 0 sharp. */
  readonly infiltration: number;
}

const histologies: readonly Histology[] = [
  "clear_cell",
  "clear_cell",
  "clear_cell",
  "papillary",
  "chromophobe",
  "other",
];

/** One tumour, in one kidney of six several; 8 to 150 mm. */
export function drawTumors(body: Body, kidney: KidneyShape, d: Draws, r: Random): Tumor[] {
  const count = d.chance(0.16) ? d.count(2, 4) : 1;
  return Array.from({ length: count }, (_, i) => {
    // Half as the KiTS table has them (log-normal), half evenly in the logarithm.
    const drawn = d.chance(0.5)
      ? Math.exp(3.72 + 0.6 * d.normal())
      : Math.exp(d.between(Math.log(9), Math.log(130)));
    const sizeMm = Math.min(Math.max(i === 0 ? drawn : 0.5 * drawn, 8), 150);
    return drawOne(body, drawTumorShape(kidney, sizeMm, r), sizeMm, d, r);
  });
}

function drawOne({ contrast, hu }: Body, shape: TumorShape, sizeMm: number, d: Draws, r: Random): Tumor {
  const histology = d.pick(histologies);
  const draw = drawTumor({ histology }, r);
  const { corticomedullary: early, nephrographic: late, excretory } = draw.mean;
  const before = unenhanced + 7 * d.normal();
  const own = enhanced([before, early, 0.4 * early + 0.6 * late, late, excretory], contrast);
  // Drawn in any case, so that wide intensities leave the shapes as they are.
  const apart = (d.chance(0.65) ? -1 : 1) * d.between(20, 110);
  const level = contrast.wide ? hu.cortex + apart : own;
  const dead = 0.12 + 0.35 * Math.min(sizeMm / 80, 1);
  const u = d.uniform();
  const build =
    u < dead
      ? "necrotic"
      : u < dead + 0.08
        ? "cystic"
        : u < dead + 0.16
          ? "fatty"
          : u < dead + 0.2
            ? "scarred"
            : "solid";
  const fade = contrast.time < 0.5 ? 0.25 : 1;
  return {
    shape: { ...shape, lobulation: shape.lobulation * d.between(0.6, 1.8) },
    build,
    hu: level,
    texture: fade * draw.heterogeneity * Math.max(Math.abs(level - unenhanced), 20) + d.between(0, 5),
    share: build === "cystic" ? d.between(0.6, 0.95) : d.between(0.1, 0.75),
    calcified: draw.calcified,
    stranding: d.chance(0.3) ? d.between(0.3, 1) : 0,
    infiltration: d.chance(0.15) ? d.between(1, 4) : 0,
  };
}

/** Simple cysts: of no kidney in two, a few of most others, a great many of polycystic ones. Some lie in the sinus. */
export function drawCysts(kind: KidneyKind, { half, sinus, sinusAt }: KidneyShape, d: Draws): Cyst[] {
  const many =
    kind === "polycystic" ? d.count(25, 60) : d.chance(0.5) ? 0 : d.count(1, d.chance(0.25) ? 8 : 3);
  return Array.from({ length: many }, () => {
    const sinal = kind !== "polycystic" && d.chance(0.12);
    const angle = Math.PI + d.between(-2.4, 2.4);
    const t = d.between(-0.9, 0.9);
    const s = Math.sqrt(1 - t * t);
    const depth = kind === "polycystic" ? Math.cbrt(d.uniform()) : d.between(0.65, 1.25);
    const largest = kind === "polycystic" ? 24 : d.chance(0.12) ? 42 : 20;
    const r = sinal
      ? d.between(4, 13)
      : Math.exp(d.between(Math.log(kind === "polycystic" ? 5 : 3), Math.log(largest)));
    const hu = d.chance(0.1) ? d.between(45, 95) : 9 + 6 * d.normal();
    return {
      center: sinal
        ? [
            sinusAt + d.between(-0.5, 0.5) * sinus[0],
            d.between(-0.5, 0.5) * sinus[1],
            d.between(-0.7, 0.7) * sinus[2],
          ]
        : [
            half[0] * s * Math.cos(angle) * depth,
            half[1] * s * Math.sin(angle) * depth,
            half[2] * t * Math.max(depth, 0.8),
          ],
      half: [r, r * d.between(0.85, 1.1), r * d.between(0.85, 1.15)],
      hu,
      wall: d.chance(0.12) ? d.between(0.8, 1.8) : 0,
    } satisfies Cyst;
  });
}
