import { gaussianBlur } from "../../../../numerics/volume/gaussianBlur.ts";
import { dilate, type Volume } from "../../../../numerics/volume/index.ts";

/** Air is −1000 HU; no scanner's air is darker than this. */
const outsideImages = -1020;

/** Values a tissue has, HU. */
export interface Tissue {
  readonly median: number;
  readonly tolerance: number;
}

/** A tissue by values of it: 2.2 standard deviations (1.4826 · MAD estimates a normal one), 25 to 50 HU. */
export function tissueOf(values: Float32Array): Tissue {
  const sorted = values.toSorted();
  const median = sorted[sorted.length >> 1];
  const deviations = sorted.map((hu) => Math.abs(hu - median)).sort();
  const spread = 2.2 * 1.4826 * deviations[deviations.length >> 1];
  return { median, tolerance: Math.min(Math.max(spread, 25), 50) };
}

/** A little, against noise. */
export function smoothed({ data, size }: Volume<Float32Array>): Float32Array {
  const smooth = data.slice();
  gaussianBlur(smooth, size, [1, 1, 1]);
  return smooth;
}

/**
 * The share of an object that is like a tissue, and the share of its surroundings, 1.5 to 4.5 mm off, that is; where
 * either is empty it is 0 and 1.
 */
export function likeness(
  mask: Uint8Array,
  image: Volume<Float32Array>,
  { median, tolerance }: Tissue,
): { inside: number; around: number } {
  const { size, spacing, data } = image;
  const smooth = smoothed(image);
  // The edge itself is a mixture.
  const [edge, shell] = [1.5, 4.5].map((mm) => dilate(mask, size, spacing, mm));
  let [inside, alike, around, alikeAround] = [0, 0, 0, 0];
  for (let v = 0; v < mask.length; v++) {
    // What lies outside the images says nothing of where an object ends.
    const like = Math.abs(smooth[v] - median) <= tolerance || data[v] < outsideImages;
    if (mask[v]) {
      inside++;
      if (like) alike++;
    } else if (shell[v] && !edge[v]) {
      around++;
      if (like) alikeAround++;
    }
  }
  return { inside: alike / Math.max(inside, 1), around: around > 0 ? alikeAround / around : 1 };
}
