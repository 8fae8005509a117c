import type { Phase } from "../../patients/cohort/case.ts";

/** How a crop is cut, and how the network reads it. */
export interface CropSettings {
  /**
   * What the cube is centred on: the box around the affected kidney and its tumours, the one around its largest tumour, or
   * the image itself, which needs no mask.
   */
  readonly center: "kidney" | "tumor" | "image";
  /** Edge of the cube, mm. */
  readonly fieldOfViewMm: number;
  /** Edge of a second, wider cube around the same centre, in as many voxels, mm: surroundings, coarsely. */
  readonly contextMm?: number | undefined;
  /** Voxels along an edge. */
  readonly voxels: number;
  /** HU mapped to −1 … 1; beyond it clamped. */
  readonly window: readonly [number, number];
  /** Channels, in order. */
  readonly phases: readonly Phase[];
  /**
   * Adds two channels: occupancy by the kidney (with tumour and cysts) and by the tumour. The network pools what it
   * learns within them; without them around the cube's centre.
   */
  readonly maskChannels: boolean;
}

/** A cube's voxels, axes along L, P, S (`[D, H, W]` is S, P, L). */
export interface Cube {
  /** `[P, D, H, W]`, HU; the window's lower end where the cube reaches outside the image. */
  readonly hu: Int16Array;
  /**
   * `[2, D, H, W]`, occupancy 0 … 255 by the kidney (with tumour and cysts) and by the tumour, which are the same where
   * masks outline tumours alone; empty where the cohort has no masks.
   */
  readonly mask: Uint8Array;
}

/** The cube around one affected kidney, tumour or image centre, and the wider one where settings have it. */
export interface Crop extends Cube {
  readonly case: string;
  /** Whether each phase is there; an absent one is all zero in `hu` and never read. */
  readonly present: readonly boolean[];
  readonly context?: Cube;
}

/** Edges of a crop's cubes, mm: its own, then the wider one. */
export const edgesMm = ({ fieldOfViewMm, contextMm }: CropSettings): number[] =>
  contextMm === undefined ? [fieldOfViewMm] : [fieldOfViewMm, contextMm];

/** The cubes of {@link edgesMm}. */
export const cubesOf = (crop: Crop): Cube[] => (crop.context ? [crop, crop.context] : [crop]);

/** Of one cube. */
export const channelsOfCube = ({ phases, maskChannels }: CropSettings): number =>
  phases.length + (maskChannels ? 2 : 0);

export const channels = (settings: CropSettings): number =>
  channelsOfCube(settings) * edgesMm(settings).length;

/**
 * A crop as the network reads it: HU to −1 … 1 over the window, an absent phase 0 throughout, occupancies 0 … 1. The
 * wider cube's channels follow the cube's own.
 * @returns `[C, D, H, W]`
 */
export function cropInput(crop: Crop, settings: CropSettings): Float32Array {
  const size = settings.voxels ** 3;
  const out = new Float32Array(channels(settings) * size);
  const phases = settings.phases.length;
  const units = unitsOf(settings.window);
  for (const [c, { hu, mask }] of cubesOf(crop).entries()) {
    const at = c * channelsOfCube(settings) * size;
    for (let p = 0; p < phases; p++)
      if (crop.present[p])
        for (let i = p * size; i < (p + 1) * size; i++) out[at + i] = units[hu[i] - lowestHu];
    const masks = at + phases * size;
    if (settings.maskChannels) for (let i = 0; i < 2 * size; i++) out[masks + i] = shares[mask[i]];
  }
  return out;
}

const lowestHu = -(2 ** 15);

/** Every HU of 16 bits over one window: looked up, for a division and two comparisons a voxel take longer. */
let lookup: { readonly window: readonly [number, number]; readonly units: Float32Array } | undefined;

function unitsOf(window: CropSettings["window"]): Float32Array {
  if (lookup?.window[0] !== window[0] || lookup.window[1] !== window[1]) {
    const unit = huToUnit({ window });
    lookup = { window, units: Float32Array.from({ length: 2 ** 16 }, (_, i) => unit(i + lowestHu)) };
  }
  return lookup.units;
}

/** Occupancies 0 … 255 as shares. */
const shares = Float32Array.from({ length: 256 }, (_, i) => i / 255);

/** The window's lower end to −1, its upper end to 1, clamped. */
function huToUnit({ window: [low, high] }: Pick<CropSettings, "window">): (hu: number) => number {
  const scale = 2 / (high - low);
  return (hu) => Math.min(1, Math.max(-1, (hu - low) * scale - 1));
}
