import { encode } from "fast-png";
import type { Crop, CropSettings } from "./cropInput.ts";

/** Pixels of the picture along a voxel. */
const zoom = 4;
/** Tumour and the rest of the kidney: RGB, and how much of it. */
const tints = { tumor: [230, 159, 0, 0.35], kidney: [0, 114, 178, 0.25] } as const;

/**
 * What a network saw of one case: the axial slice of largest tumour area, its phases side by side over the settings'
 * window and once more under the masks (kidney blue, tumour orange). First row front, first column the patient's
 * right. An absent phase is black.
 * @returns PNG
 */
export function cropPicture(crop: Crop, settings: CropSettings): Uint8Array {
  const { voxels: n, phases } = settings;
  const size = n ** 3;
  const range = (volume: number, k: number) => [volume * size + k * n * n, volume * size + (k + 1) * n * n];
  const occupancy = (mask: number, k: number) => crop.mask.subarray(...range(mask, k));
  const areas = Array.from({ length: n }, (_, k) => occupancy(1, k).reduce((sum, o) => sum + o, 0));
  // Without a mask the middle.
  const k = crop.mask.length === 0 ? n >> 1 : areas.indexOf(Math.max(...areas));
  const [kidney, tumor] = [occupancy(0, k), occupancy(1, k)];
  const tiles = phases.flatMap((_, p) => [
    { p, masks: false },
    { p, masks: true },
  ]);
  const [width, height] = [phases.length * n * zoom, 2 * n * zoom];
  const data = new Uint8Array(3 * width * height);
  for (const { p, masks } of tiles) {
    const hu = crop.hu.subarray(...range(p, k));
    for (let y = 0; y < n * zoom; y++)
      for (let x = 0; x < n * zoom; x++) {
        const v = Math.floor(x / zoom) + n * Math.floor(y / zoom);
        const at = 3 * (p * n * zoom + x + width * ((masks ? n * zoom : 0) + y));
        const level = crop.present[p] ? gray(hu[v], settings.window) : 0;
        const parts = masks
          ? [
              { tint: tints.tumor, share: (tumor[v] ?? 0) / 255 },
              { tint: tints.kidney, share: Math.max(kidney[v] - tumor[v], 0) / 255 || 0 },
            ]
          : [];
        for (let c = 0; c < 3; c++)
          data[at + c] = Math.round(
            parts.reduce((sum, { tint, share }) => sum + share * tint[3] * (tint[c] - level), level),
          );
      }
  }
  return encode({ width, height, data, channels: 3 });
}

const gray = (hu: number, [low, high]: readonly [number, number]): number =>
  (255 * Math.min(Math.max(hu - low, 0), high - low)) / (high - low);
