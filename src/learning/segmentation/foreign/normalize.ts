import { TrinephronError } from "../../../base/errors.ts";

/** nnU-Net's ways to normalise a channel. */
export const schemes = [
  "CTNormalization",
  "ZScoreNormalization",
  "NoNormalization",
  "RescaleTo01Normalization",
  "RGBTo01Normalization",
] as const;
export type Scheme = (typeof schemes)[number];

/** Of the foreground of the training images. */
export interface IntensityProperties {
  readonly mean: number;
  readonly std: number;
  readonly percentile_00_5: number;
  readonly percentile_99_5: number;
}

/** One channel's voxels; with a mask those where it is not 0 count. */
export interface Voxels {
  readonly data: Float32Array;
  readonly mask?: Uint8Array | undefined;
}

/**
 * Normalises a channel in place, as nnU-Net's scheme of that name.
 *
 * @param part what is normalised; voxels outside its mask stay as they are
 * @param whole what statistics are taken of: the whole image, where `part` is one of its regions
 * @throws E_MODEL for CT without intensity properties, E_VALUE for RGB outside of 0 … 255
 */
export function normalize(
  part: Voxels,
  scheme: Scheme,
  properties: IntensityProperties | undefined,
  whole: Voxels = part,
): void {
  const { shift, divisor, low = -Infinity, high = Infinity } = scaling(scheme, properties, whole);
  const { data, mask } = part;
  for (let n = 0; n < data.length; n++)
    if (mask?.[n] !== 0) data[n] = (Math.min(Math.max(data[n], low), high) - shift) / divisor;
}

interface Scaling {
  readonly shift: number;
  readonly divisor: number;
  readonly low?: number;
  readonly high?: number;
}

/** No division by less. */
const least = 1e-8;

function scaling(scheme: Scheme, properties: IntensityProperties | undefined, whole: Voxels): Scaling {
  switch (scheme) {
    case "CTNormalization": {
      if (!properties)
        throw new TrinephronError(
          "E_MODEL",
          "plans.json: CTNormalization without foreground intensity properties",
        );
      const { mean, std, percentile_00_5: low, percentile_99_5: high } = properties;
      return { shift: mean, divisor: Math.max(std, least), low, high };
    }
    case "ZScoreNormalization": {
      const { mean, std } = moments([whole]);
      return { shift: mean, divisor: Math.max(std, least) };
    }
    case "RescaleTo01Normalization": {
      const [min, max] = rangeOf(whole.data);
      return { shift: min, divisor: Math.max(max - min, least) };
    }
    case "RGBTo01Normalization": {
      const [min, max] = rangeOf(whole.data);
      if (min < 0 || max > 255)
        throw new TrinephronError("E_VALUE", `values from ${min} to ${max}, where RGB has 0 to 255`);
      return { shift: 0, divisor: 255 };
    }
    case "NoNormalization":
      return { shift: 0, divisor: 1 };
  }
}

/** Mean and standard deviation (of the population) of all voxels that count. */
export function moments(parts: readonly Voxels[]): { mean: number; std: number } {
  let [count, sum, squares] = [0, 0, 0];
  for (const { data, mask } of parts)
    for (let n = 0; n < data.length; n++)
      if (mask?.[n] !== 0) {
        count++;
        sum += data[n];
      }
  const mean = sum / Math.max(count, 1);
  for (const { data, mask } of parts)
    for (let n = 0; n < data.length; n++) if (mask?.[n] !== 0) squares += (data[n] - mean) ** 2;
  return { mean, std: Math.sqrt(squares / Math.max(count, 1)) };
}

/** Least and greatest. */
export function rangeOf(data: Float32Array): [number, number] {
  let [min, max] = [Infinity, -Infinity];
  for (const value of data) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}
