import { derivedSeed, type Random, random } from "../../../base/random.ts";
import {
  connectedComponents,
  type Geometry,
  lpsDirection,
  type Vec3,
  voxelCount,
} from "../../../numerics/volume/index.ts";
import type { Region } from "../paint/tissue/region.ts";
import { smoothField } from "../paint/tissue/smoothField.ts";
import { drawKidney, type KidneyShape, kidneyRadius, sinusRadius, toBody, withSinus } from "./kidneyShape.ts";
import type { PhantomPatient } from "./patient.ts";
import { drawTumorShape, type TumorShape, tumorRadius } from "./tumorShape.ts";

/** The grid of a phantom. */
export interface PhantomOptions {
  /** Voxel size, mm. Default 1.5. */
  readonly spacing?: number;
  /** Tissue around kidney and tumour, mm. Default 16. */
  readonly margin?: number;
  /** How wide the sinus is: 1, the default, as usual, and near 0 where the kidney is solid. */
  readonly sinus?: number;
}

/**
 * The mask of one simulated kidney with its tumour (1 kidney, 2 tumour, 3 cyst) and the strands and veins around it:
 * shapes follow the patient's size, side and invasion, nothing else of the patient.
 */
export function phantom(
  { sizeMm, side, invasion }: Pick<PhantomPatient, "sizeMm" | "side" | "invasion">,
  seed: number,
  { spacing = 1.5, margin = 16, sinus = 1 }: PhantomOptions = {},
): Region & { readonly structures: Uint8Array } {
  const r = random(derivedSeed(seed, "shape"));
  const kidney = withSinus(drawKidney(r), sinus);
  const tumor = drawTumorShape(kidney, sizeMm, r);
  const thrombus = { length: 22 + 30 * r.uniform(), radius: 6.5 + 2.5 * r.uniform() };
  const cysts = drawCysts(kidney, r);
  const grid = gridOf(kidney, tumor, side, invasion.vein ? thrombus.length : 0, spacing, margin);
  const field = (cell: number) => smoothField(grid.size, grid.spacing, cell, r);
  const radius = sizeMm / 2;
  const waves = field(22);
  const sinusWaves = field(9);
  const lobes = field(Math.max(0.5 * radius, 6));
  const spicules = field(5);
  const strands = field(8);
  const hilum = sinusCenter(kidney);
  const veinStart = toBody(kidney, hilum);
  const [nx, ny, nz] = grid.size;
  const data = new Uint8Array(voxelCount(grid));
  const structures = new Uint8Array(data.length);
  const [ea, eb, ec] = kidney.axes;
  const medialSign = side === "left" ? -1 : 1;
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        const m = medialSign * (grid.origin[0] + i * spacing);
        const f = -(grid.origin[1] + j * spacing);
        const s = grid.origin[2] + k * spacing;
        const a = ea[0] * m + ea[1] * f + ea[2] * s;
        const b = eb[0] * m + eb[1] * f + eb[2] * s;
        const c = ec[0] * m + ec[1] * f + ec[2] * s;

        const inSinus = sinusRadius(kidney, a, b, c) < 1 + 0.12 * sinusWaves[n];
        const t = tumorRadius(tumor, a, b, c) - tumor.lobulation * lobes[n];
        // mm beyond the tumour's edge, about.
        const beyond = (t - 1) * radius;
        // Parenchyma is drawn out around a growing tumour as a beak.
        const beak = beyond < 5 ? tumor.splay * Math.min(1, radius / 20) : 0;
        const inKidney = kidneyRadius(kidney, a, b, c) < 1 + 0.025 * waves[n] + beak;
        let inTumor = t < 1;
        if (invasion.perirenal && !inKidney) {
          inTumor ||= beyond < 7 * (spicules[n] - 0.5);
          if (beyond < 20 && Math.abs(strands[n]) < 0.22 * (1 - beyond / 24)) structures[n] = 1;
        }
        if ((invasion.sinus || invasion.vein) && (inSinus || inKidney))
          inTumor ||= segmentDistance(tumor.center, hilum, a, b, c) < (inSinus ? 9 : 6) + 2 * spicules[n];
        if (invasion.vein) {
          const along = m - veinStart[0];
          const away = Math.hypot(f - veinStart[1] - 0.3 * along, s - veinStart[2] - 0.05 * along);
          if (along > -4 && along < thrombus.length + 40 && away < thrombus.radius + 1.5) structures[n] = 2;
          inTumor ||=
            along > -4 &&
            along < thrombus.length + 2 * spicules[n] &&
            away < thrombus.radius + 0.6 * lobes[n];
        }
        data[n] = inTumor
          ? 2
          : cysts.some((cyst) => inCyst(cyst, a, b, c))
            ? 3
            : inKidney && !inSinus
              ? 1
              : 0;
      }
  dropIslands(data, structures, grid.size);
  return { mask: { ...grid, data }, side, structures };
}

/** What noise has cut off the tumour becomes soft tissue in the fat. */
function dropIslands(data: Uint8Array, structures: Uint8Array, size: Vec3): void {
  const { labels } = connectedComponents(
    data.map((v) => (v === 2 ? 1 : 0)),
    size,
  );
  for (let n = 0; n < data.length; n++)
    if (labels[n] > 1) {
      data[n] = 0;
      structures[n] = 1;
    }
}

interface Cyst {
  readonly center: Vec3;
  readonly radius: number;
}

/** Simple cysts, which come with age and mean nothing: none in most kidneys. */
function drawCysts({ half }: KidneyShape, r: Random): Cyst[] {
  const count = r.uniform() < 0.25 ? 1 + r.integer(2) : 0;
  return Array.from({ length: count }, () => {
    const angle = Math.PI + (r.uniform() - 0.5) * 4;
    const t = -0.8 + 1.6 * r.uniform();
    const s = Math.sqrt(1 - t * t);
    return {
      center: [0.9 * half[0] * s * Math.cos(angle), 0.9 * half[1] * s * Math.sin(angle), 0.95 * half[2] * t],
      radius: 4 + 8 * r.uniform(),
    };
  });
}

const inCyst = ({ center, radius }: Cyst, a: number, b: number, c: number): boolean =>
  (a - center[0]) ** 2 + (b - center[1]) ** 2 + (c - center[2]) ** 2 < radius * radius;

const sinusCenter = ({ sinusAt, bend }: KidneyShape): Vec3 => [sinusAt - 0.4 * bend, 0, 0];

/** Distance of a point from the segment p–q, mm. */
function segmentDistance(p: Vec3, q: Vec3, a: number, b: number, c: number): number {
  const [x, y, z] = [q[0] - p[0], q[1] - p[1], q[2] - p[2]];
  const u = ((a - p[0]) * x + (b - p[1]) * y + (c - p[2]) * z) / Math.max(x * x + y * y + z * z, 1e-9);
  const t = Math.min(Math.max(u, 0), 1);
  return Math.hypot(a - p[0] - t * x, b - p[1] - t * y, c - p[2] - t * z);
}

/** A grid around kidney and tumour, and the vein as far as its thrombus; the kidney's centre is LPS (0, 0, 0). */
function gridOf(
  kidney: KidneyShape,
  tumor: TumorShape,
  side: Region["side"],
  thrombus: number,
  spacing: number,
  margin: number,
): Geometry {
  const reach = (half: Vec3, axis: number) => Math.hypot(...kidney.axes.map((e, n) => e[axis] * half[n]));
  const center = toBody(kidney, tumor.center);
  const hilum = toBody(kidney, sinusCenter(kidney));
  const low = [0, 1, 2].map(
    (x) => Math.min(-reach(kidney.half, x) - 3, center[x] - 1.1 * reach(tumor.half, x)) - margin,
  );
  const high = [0, 1, 2].map(
    (x) => Math.max(reach(kidney.half, x) + 3, center[x] + 1.1 * reach(tumor.half, x)) + margin,
  );
  if (thrombus > 0) high[0] = Math.max(high[0], hilum[0] + thrombus + 8);
  const size = low.map((l, x) => Math.ceil((high[x] - l) / spacing)) as unknown as Vec3;
  const first = (sign: number, x: number) => (sign > 0 ? low[x] : -high[x]);
  return {
    size,
    spacing: [spacing, spacing, spacing],
    origin: [first(side === "left" ? -1 : 1, 0), first(-1, 1), low[2]],
    direction: lpsDirection,
  };
}
