import type { Normalization } from "./normalization.ts";

/** Writes normalised values over an image's own. @param moments of the whole image, where they are asked for */
export function normalize(
  values: Float32Array,
  how: Normalization,
  moments: { readonly mean: number; readonly deviation: number },
): void {
  const { mean, deviation } = how.kind === "image" ? moments : how;
  const [low, high] = how.kind === "image" ? [-Infinity, Infinity] : [how.low, how.high];
  const gain = 1 / Math.max(deviation, 1e-6);
  for (let n = 0; n < values.length; n++)
    values[n] = (Math.min(Math.max(values[n], low), high) - mean) * gain;
}
