import type { Random } from "../../../../base/random.ts";
import type { SegmentSettings } from "../segmentSettings.ts";

/**
 * Changes a patch's values: contrast about its mean, brightness, gamma on its range, noise; each by its own chance, and each
 * channel of its own. After nnU-Net's, without blur and simulated low resolution.
 * @param channel `[D, H, W]`, normalised, written over
 */
export function tone(
  channel: Float32Array,
  { toned, noise, contrast, brightness, gamma }: SegmentSettings["augmentation"],
  draw: Random,
): void {
  const symmetric = () => 2 * draw.uniform() - 1;
  const chosen = () => draw.uniform() < toned;
  const gain = chosen() ? 1 + symmetric() * contrast : 1;
  const offset = chosen() ? symmetric() * brightness : 0;
  const exponent = chosen() ? 1 + symmetric() * gamma : 1;
  const deviation = chosen() ? draw.uniform() * noise : 0;
  let [low, high, sum] = [Infinity, -Infinity, 0];
  for (const value of channel) {
    low = Math.min(low, value);
    high = Math.max(high, value);
    sum += value;
  }
  const [mean, range] = [sum / channel.length, high - low];
  if (exponent !== 1 && range > 0)
    for (let n = 0; n < channel.length; n++)
      channel[n] = low + range * ((channel[n] - low) / range) ** exponent;
  if (gain !== 1 || offset !== 0)
    for (let n = 0; n < channel.length; n++) channel[n] = (channel[n] - mean) * gain + mean + offset;
  if (deviation > 0) for (let n = 0; n < channel.length; n++) channel[n] += deviation * draw.normal();
}
