import { z } from "zod";
import type { PreparedHeader } from "./prepare/described.ts";
import type { SegmentSettings } from "./segmentSettings.ts";

/** How an image's values are brought to what a network reads. */
export const normalization = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("fixed"),
      low: z.number(),
      high: z.number(),
      mean: z.number(),
      deviation: z.number().positive(),
    })
    .describe("cut to low…high, less the mean, by the deviation: the same for all images"),
  z.strictObject({ kind: z.literal("image") }).describe("less its own mean, by its own deviation"),
]);
/** The same, of one channel. */
export type Normalization = z.infer<typeof normalization>;

/**
 * How each channel is normalised. What is learnt of the images is learnt of these cases alone: pass those trained on.
 * @param channels how many the network reads
 * @param hounsfield whether the images are CT numbers
 */
export function normalizationOf(
  { normalization: chosen }: Pick<SegmentSettings, "normalization">,
  training: readonly PreparedHeader[],
  channels: readonly (readonly number[])[],
  hounsfield: boolean,
): Normalization[] {
  const kind = chosen === "auto" ? (hounsfield ? "foreground" : "image") : chosen;
  return channels.map((of): Normalization => {
    if (kind === "image") return { kind };
    if (kind !== "foreground") {
      const [low, high] = kind;
      return { kind: "fixed", low, high, mean: (low + high) / 2, deviation: (high - low) / 2 };
    }
    const values = training.flatMap(({ statistics }) => of.flatMap((c) => statistics[c]?.foreground ?? []));
    return { kind: "fixed", ...foreground(Float64Array.from(values).sort()) };
  });
}

/** nnU-Net's of CT: percentiles 0.5 and 99.5, mean and deviation within labels. @param values sorted */
function foreground(values: Float64Array): { low: number; high: number; mean: number; deviation: number } {
  if (values.length === 0) return { low: -1000, high: 1000, mean: 0, deviation: 500 };
  const at = (share: number) => values[Math.round(share * (values.length - 1))];
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { low: at(0.005), high: at(0.995), mean, deviation: Math.max(Math.sqrt(square), 1e-6) };
}
