import { pasteInto } from "../../../../numerics/volume/crop.ts";
import { gaussianBlur, halfKernel } from "../../../../numerics/volume/gaussianBlur.ts";
import { type Box, boxSize, type Vec3 } from "../../../../numerics/volume/index.ts";
import { normalLevel } from "./normalLevel.ts";

/** White normal noise, SD 1: two draws from each step of a 32-bit xorshift generator (Marsaglia 2003). */
function whiteNoise(length: number, seed: number): Float32Array {
  const noise = new Float32Array(length);
  let state = seed | 0 || 0x9e3779b9;
  for (let n = 0; n < length; n++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    noise[n] = normalLevel(state);
    if (++n < length) noise[n] = normalLevel(state >>> 14);
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
  const factor = sd / noiseLeft(sigma);
  for (let n = 0; n < noise.length; n++) noise[n] *= factor;
  return noise;
}

/** SD of white noise of SD 1 after a Gaussian blur: a sum of independent draws has the variance of its squared weights. */
export function noiseLeft(sigma: Vec3): number {
  const squares = (half: Float64Array) => half.reduce((sum, w, t) => sum + (t === 0 ? w * w : 2 * w * w), 0);
  return Math.sqrt(sigma.map(halfKernel).reduce((product, half) => product * squares(half), 1));
}
