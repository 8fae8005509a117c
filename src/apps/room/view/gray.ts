import { type Geometry, resample, type Volume } from "../../../numerics/volume/index.ts";

/** Window centre and width, HU. */
export interface Window {
  readonly center: number;
  readonly width: number;
}

/** Windows by name: those of the keys 1 to 4. */
export const presets = {
  "soft tissue": { center: 40, width: 400 },
  kidney: { center: 100, width: 400 },
  bone: { center: 400, width: 1800 },
  lung: { center: -600, width: 1500 },
} as const satisfies Record<string, Window>;

/** Stands where the scan does not reach; no HU is as low. */
export const nowhere = -32768;

/** What a picture shows there: red, green, blue. */
export const nowhereColor = [19, 22, 28] as const;

/** The HU of a picture, row by row. @param smooth linear interpolation; else the nearest voxel */
export const huOn = (
  volume: Volume<Int16Array | Float32Array>,
  grid: Geometry,
  smooth: boolean,
): Int16Array | Float32Array =>
  smooth
    ? resample(volume, grid, { fill: nowhere }).data
    : resample(volume, grid, { fill: nowhere, interpolation: "nearest" }).data;

/** Grey of an HU, 0 … 255: black up to the window's lower end, white from its upper end on. */
export const grayOf = (hu: number, { center, width }: Window): number =>
  Math.round(Math.min(Math.max((hu - center) / Math.max(width, 1) + 0.5, 0), 1) * 255);

/** HU through a window into the pixels of a canvas. @param rgba four bytes a pixel */
export function paint(rgba: Uint8ClampedArray, hu: Int16Array | Float32Array, window: Window): void {
  const scale = 255 / Math.max(window.width, 1);
  const low = window.center - window.width / 2;
  for (let n = 0, at = 0; n < hu.length; n++, at += 4) {
    const value = hu[n];
    if (value === nowhere) {
      rgba[at] = nowhereColor[0];
      rgba[at + 1] = nowhereColor[1];
      rgba[at + 2] = nowhereColor[2];
    } else {
      // A clamped array rounds, and keeps to 0 … 255.
      const gray = (value - low) * scale;
      rgba[at] = gray;
      rgba[at + 1] = gray;
      rgba[at + 2] = gray;
    }
    rgba[at + 3] = 255;
  }
}
