import type { Phase } from "../../patients/cohort/case.ts";

export interface CropSettings {
  /** Edge of the cube, mm. */
  readonly fieldOfViewMm: number;
  /** Voxels along an edge. */
  readonly voxels: number;
  /** HU mapped to −1 … 1; beyond it clamped. */
  readonly window: readonly [number, number];
  /** Channels, in order. */
  readonly phases: readonly Phase[];
  /** Adds two channels: occupancy by the kidney (with tumour and cysts) and by the tumour. */
  readonly maskChannels: boolean;
}

/** The cube around one affected kidney, axes along L, P, S (`[D, H, W]` is S, P, L). */
export interface Crop {
  readonly case: string;
  /** `[P, D, H, W]`, HU; the window's lower end where the cube reaches outside the image. */
  readonly hu: Int16Array;
  /** Whether each phase is there; an absent one is all zero in `hu` and never read. */
  readonly present: readonly boolean[];
  /** `[2, D, H, W]`, occupancy 0 … 255 by the kidney (with tumour and cysts) and by the tumour. */
  readonly mask: Uint8Array;
}

export const channels = ({ phases, maskChannels }: CropSettings): number =>
  phases.length + (maskChannels ? 2 : 0);

/**
 * A crop as the network reads it: HU to −1 … 1 over the window, an absent phase 0 throughout, occupancies 0 … 1.
 * @returns `[C, D, H, W]`
 */
export function cropInput(crop: Crop, settings: CropSettings): Float32Array {
  const size = settings.voxels ** 3;
  const out = new Float32Array(channels(settings) * size);
  const phases = settings.phases.length;
  const normalize = huToUnit(settings);
  for (let p = 0; p < phases; p++)
    if (crop.present[p]) for (let i = p * size; i < (p + 1) * size; i++) out[i] = normalize(crop.hu[i]);
  if (settings.maskChannels) for (let i = 0; i < 2 * size; i++) out[phases * size + i] = crop.mask[i] / 255;
  return out;
}

/** The window's lower end to −1, its upper end to 1, clamped. */
export function huToUnit({ window: [low, high] }: CropSettings): (hu: number) => number {
  const scale = 2 / (high - low);
  return (hu) => Math.min(1, Math.max(-1, (hu - low) * scale - 1));
}
