import { normalQuantile } from "../../../../numerics/stats/distributions/normal.ts";
import { pasteInto } from "../../../../numerics/volume/crop.ts";
import { gaussianBlur, halfKernel } from "../../../../numerics/volume/gaussianBlur.ts";
import { type Box, boxSize, type Vec3 } from "../../../../numerics/volume/index.ts";

const levels = 4096;
/** Normal quantiles at the middles of equal shares: a draw is one look-up. Unit variance to 1e-3. */
const quantiles = Float32Array.from({ length: levels }, (_, n) => normalQuantile((n + 0.5) / levels));

/** White normal noise, SD 1: two draws from each step of a 32-bit xorshift generator (Marsaglia 2003). */
function whiteNoise(length: number, seed: number): Float32Array {
  const noise = new Float32Array(length);
  let state = seed | 0 || 0x9e3779b9;
  for (let n = 0; n < length; n++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    noise[n] = quantiles[(state >>> 4) & (levels - 1)];
    if (++n < length) noise[n] = quantiles[(state >>> 18) & (levels - 1)];
  }
  return noise;
}

/**
 * CT noise: white noise correlated over `grain` mm in the slice and less across slices.
 * Standard deviation `sd` HU after the filter, whatever the grid.
 */
export function scannerNoise(
  size: Vec3,
  spacing: Vec3,
  grain: number,
  sd: number,
  seed: number,
): Float32Array {
  const sigma: Vec3 = [grain / spacing[0], grain / spacing[1], (0.5 * grain) / spacing[2]];
  const kernels = sigma.map(halfKernel);
  // Filtered with a frame, which is then cut off: at an edge the filter would see one voxel several times.
  const [ri, rj, rk] = kernels.map((half) => half.length - 1);
  const box: Box = { start: [-ri, -rj, -rk], end: [size[0] + ri, size[1] + rj, size[2] + rk] };
  const framed = boxSize(box);
  const white = whiteNoise(framed[0] * framed[1] * framed[2], seed);
  gaussianBlur(white, framed, sigma);
  const noise = new Float32Array(size[0] * size[1] * size[2]);
  pasteInto(noise, size, white, box);
  // A sum of independent draws has the variance of its squared weights.
  const squares = (half: Float64Array) => half.reduce((sum, w, t) => sum + (t === 0 ? w * w : 2 * w * w), 0);
  const factor = sd / Math.sqrt(kernels.reduce((product, half) => product * squares(half), 1));
  for (let n = 0; n < noise.length; n++) noise[n] *= factor;
  return noise;
}
