import { TrinephronError } from "../../../base/errors.ts";
import { cropInto } from "../../../numerics/volume/crop.ts";
import {
  type Box,
  type Geometry,
  lpsDirection,
  type Vec3,
  type Volume,
} from "../../../numerics/volume/index.ts";
import { drawBody } from "./body.ts";
import { paintBowel } from "./bowel.ts";
import { Canvas } from "./canvas.ts";
import { paintLungs, paintRibs } from "./chest.ts";
import { paintDevices } from "./devices.ts";
import { draws } from "./draws.ts";
import { paintAdrenals, paintBridge, paintRenalVessels } from "./kidneys/attachments.ts";
import { paintKidney } from "./kidneys/paintKidney.ts";
import { inBody } from "./kidneys/place.ts";
import { drawKidneys, type KidneySituation } from "./kidneys/situation.ts";
import { paintLiverSpleen } from "./liverSpleen.ts";
import type { AbdomenPhase } from "./materials.ts";
import { paintPelvicOrgans } from "./pelvicOrgans.ts";
import { drawScan, frameOf, scanImage } from "./scan.ts";
import { paintBones, paintDeepMuscles } from "./spine.ts";
import { addStreaks } from "./streaks.ts";
import { paintTrunk } from "./trunk.ts";
import { paintVessels } from "./vessels.ts";
import { toPatient } from "./warp.ts";

/** What is fixed of a simulated abdomen; all else follows from the seed. */
export interface AbdomenSettings {
  /** Default: any. */
  readonly phase?: AbdomenPhase;
  /** Default: both in four of five patients. */
  readonly kidneys?: KidneySituation;
  /** Whether tumours and cysts are drawn. Default true. */
  readonly lesions?: boolean;
  /** Share of patients whose tissues have HU of wide ranges instead of their own. Default 0.2. */
  readonly wide?: number;
  /**
   * Share of kidneys whose sinus is narrower than usual, down to none: with little fat there, and as people outline them,
   * they are solid throughout. Default 0.
   */
  readonly solid?: number;
}

/** A place of interest in a simulated patient. */
export interface AbdomenLandmark {
  readonly kind: "kidney" | "tumour" | "cyst";
  /** LPS mm, about. */
  readonly center: Vec3;
  /** Longest half axis, mm. */
  readonly radius: number;
}

/** A simulated patient who was not scanned yet. */
export interface AbdomenPlan {
  readonly phase: AbdomenPhase;
  readonly kidneys: KidneySituation;
  readonly landmarks: readonly AbdomenLandmark[];
  /** What the scan covers, LPS mm: in some patients it begins or ends within the kidneys. */
  readonly low: Vec3;
  readonly high: Vec3;
}

/** A simulated scan. */
export interface Abdomen {
  /** HU, −1024 to 3071. */
  readonly image: Volume<Int16Array>;
  /** 1 kidney (all within its outline but fat, as in KiTS), 2 tumour, 3 cyst. */
  readonly labels: Volume<Uint8Array>;
  /** Codes of `organs`, for debugging. */
  readonly organs: Volume<Uint8Array>;
}

function checkGrid({ size, spacing, origin, direction }: Geometry): void {
  if (![...size, ...spacing].every((n) => n > 0 && Number.isFinite(n)) || !size.every(Number.isInteger))
    throw new TrinephronError(
      "E_GEOMETRY",
      `grid of an abdomen: ${size.join(" × ")} voxels of ${spacing.join(" × ")} mm`,
    );
  if (
    !origin.every(Number.isFinite) ||
    direction.some((axis, a) => axis.some((v, b) => v !== lpsDirection[a][b]))
  )
    throw new TrinephronError(
      "E_GEOMETRY",
      "grid of an abdomen: its axes must run to the left, the back and the head",
    );
}

function planned(seed: number, settings: AbdomenSettings) {
  const body = drawBody(seed, settings.phase, settings.wide ?? 0.2);
  return {
    body,
    kidneys: drawKidneys(body, settings.kidneys, settings.lesions ?? true, settings.solid ?? 0),
  };
}

/** What a seed's patient is like, without drawing: a millisecond. LPS (0, 0, 0) lies in the second lumbar vertebra. */
export function planAbdomen(seed: number, settings: AbdomenSettings = {}): AbdomenPlan {
  const { body, kidneys } = planned(seed, settings);
  const landmarks = kidneys.kidneys.flatMap((plan): AbdomenLandmark[] => {
    const place = (kind: AbdomenLandmark["kind"], center: Vec3, half: Vec3) => ({
      kind,
      center: toPatient(seed, inBody(plan, center)),
      radius: Math.max(...half),
    });
    return [
      place("kidney", [0, 0, 0], plan.shape.half),
      ...plan.tumors.map(({ shape }) => place("tumour", shape.center, shape.half)),
      ...plan.cysts.map(({ center, half }) => place("cyst", center, half)),
    ];
  });
  const d = draws(seed, "range");
  const widest = Math.max(body.girth(-200).outerSide, body.girth(0).outerSide) + d.between(8, 30);
  const cut = d.chance(0.15);
  const above = cut ? d.between(-10, 60) : d.between(95, 215);
  const below = d.chance(0.15) ? d.between(-60, -20) : d.between(-245, -95);
  return {
    phase: body.contrast.phase,
    kidneys: kidneys.situation,
    landmarks,
    low: [-widest, -body.girth(0).outerFront - d.between(10, 40), below],
    high: [widest, body.girth(0).outerBack + d.between(25, 60), Math.max(above, below + 60)],
  };
}

/**
 * Draws a simulated CT of an abdomen, or any part of one: geometric shapes moved by smooth random fields, no patient's
 * image. The same seed and settings are the same patient on every grid; two grids whose voxels coincide have the same
 * voxels.
 *
 * @param grid axes along L, P, S; LPS (0, 0, 0) is the middle of the second lumbar vertebra
 * @throws E_GEOMETRY where the grid is empty or its axes are turned
 */
export function drawAbdomen(seed: number, grid: Geometry, settings: AbdomenSettings = {}): Abdomen {
  checkGrid(grid);
  const { body, kidneys } = planned(seed, settings);
  const scan = drawScan(seed);
  const frame = frameOf(grid, scan);
  const framed: Geometry = {
    ...grid,
    size: grid.size.map((s, a) => s + 2 * frame[a]) as unknown as Vec3,
    origin: grid.origin.map((o, a) => o - frame[a] * grid.spacing[a]) as unknown as Vec3,
    direction: lpsDirection,
  };
  const canvas = new Canvas(framed, seed);
  paintTrunk(canvas, body);
  paintLungs(canvas, body);
  paintLiverSpleen(canvas, body);
  paintBowel(canvas, body, kidneys.vacant);
  paintPelvicOrgans(canvas, body);
  paintRenalVessels(canvas, body, kidneys);
  for (const kidney of kidneys.kidneys) paintKidney(canvas, body, kidney);
  paintBridge(canvas, body, kidneys);
  paintAdrenals(canvas, body);
  paintDeepMuscles(canvas, body);
  paintVessels(canvas, body);
  paintRibs(canvas, body);
  paintBones(canvas, body);
  const metals = paintDevices(canvas, body);
  addStreaks(canvas, seed, metals);
  scanImage(canvas.hu, framed, scan, seed);
  const box: Box = { start: frame, end: frame.map((f, a) => f + grid.size[a]) as unknown as Vec3 };
  const count = grid.size[0] * grid.size[1] * grid.size[2];
  const cut = <T extends Int16Array | Uint8Array>(out: T, data: Float32Array | Uint8Array): Volume<T> => {
    cropInto(out, data, framed.size, box);
    return { ...grid, data: out };
  };
  return {
    image: cut(new Int16Array(count), canvas.hu),
    labels: cut(new Uint8Array(count), canvas.label),
    organs: cut(new Uint8Array(count), canvas.organ),
  };
}
