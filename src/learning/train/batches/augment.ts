import { type Random, random } from "../../../base/random.ts";
import { type Crop, type CropSettings, channels, cropInput } from "../../crop/cropInput.ts";

/** How far a training crop may be moved from the one cut; each draw uniform unless told. */
export interface Augmentation {
  /** Mirror along each axis with probability ½. Scores and stage do not depend on the side. */
  readonly flip: boolean;
  /** Rotation about each axis, ± degrees. */
  readonly rotationDegrees: number;
  /** Magnification, ± fraction; small, since size decides stage and R. */
  readonly scale: number;
  /** Shift along each axis, ± mm. */
  readonly shiftMm: number;
  /** Largest standard deviation of added Gaussian noise, HU. */
  readonly noiseHu: number;
  /** Gain of each phase, ± fraction, and its offset, ± that fraction of half the window. */
  readonly intensity: number;
  /** Probability that a phase is left out; one always stays. */
  readonly phaseDropout: number;
}

/**
 * One moved crop as the network reads it: one affine map for all channels (trilinear; outside the cube as the nearest
 * voxel inside for HU, 0 for masks), then intensity, noise and phase dropout by phase. Pure in its `draw`.
 * @returns `[C, D, H, W]`, written to `out`
 */
export function augment(
  crop: Crop,
  settings: CropSettings,
  augmentation: Augmentation,
  draw: Random,
  out: Float32Array = new Float32Array(channels(settings) * settings.voxels ** 3),
): Float32Array {
  const { voxels: n, phases, maskChannels } = settings;
  const size = n ** 3;
  const matrix = drawMatrix(augmentation, draw);
  const shift = [0, 1, 2].map(() => (symmetric(draw) * augmentation.shiftMm * n) / settings.fieldOfViewMm);
  const kept = keptPhases(crop.present, augmentation.phaseDropout, draw);
  const tones = phases.map(() => ({
    gain: 1 + symmetric(draw) * augmentation.intensity,
    offset: symmetric(draw) * augmentation.intensity,
  }));
  const noise = (draw.uniform() * augmentation.noiseHu * 2) / (settings.window[1] - settings.window[0]);
  const starts = phases.map(() => draw.integer(noiseTable.length));

  const source = cropInput(crop, settings);
  const places = sourcePlaces(matrix, shift, n);
  phases.forEach((_, p) => {
    const from = p * size;
    const to = out.subarray(from, from + size);
    if (!kept[p]) to.fill(0);
    else {
      sample(source.subarray(from, from + size), places, n, to);
      const { gain, offset } = tones[p];
      for (let v = 0; v < size; v++)
        to[v] = to[v] * gain + offset + noise * noiseTable[(starts[p] + v) & noiseMask];
    }
  });
  if (maskChannels)
    for (let from = phases.length * size; from < out.length; from += size) {
      const to = out.subarray(from, from + size);
      sample(source.subarray(from, from + size), places, n, to);
      for (let v = 0; v < size; v++) if (places.outside[v]) to[v] = 0;
    }
  return out;
}

/** Where each voxel of the result comes from: its lower neighbour's index and the way to the upper, 0 … 1. */
interface Places {
  readonly at: Int32Array;
  /** `[size, 3]`, along i, j, k. */
  readonly fraction: Float32Array;
  readonly outside: Uint8Array;
}

function sourcePlaces(m: readonly number[], [sx, sy, sz]: readonly number[], n: number): Places {
  const at = new Int32Array(n ** 3);
  const fraction = new Float32Array(3 * n ** 3);
  const outside = new Uint8Array(n ** 3);
  const last = n - 1;
  const middle = last / 2;
  for (let k = 0, v = 0; k < n; k++)
    for (let j = 0; j < n; j++)
      for (let i = 0; i < n; i++, v++) {
        const a = i - middle;
        const b = j - middle;
        const c = k - middle;
        const x = m[0] * a + m[1] * b + m[2] * c + middle + sx;
        const y = m[3] * a + m[4] * b + m[5] * c + middle + sy;
        const z = m[6] * a + m[7] * b + m[8] * c + middle + sz;
        const cx = Math.min(Math.max(x, 0), last);
        const cy = Math.min(Math.max(y, 0), last);
        const cz = Math.min(Math.max(z, 0), last);
        if (Math.abs(x - cx) > 0.5 || Math.abs(y - cy) > 0.5 || Math.abs(z - cz) > 0.5) outside[v] = 1;
        const x0 = Math.min(Math.floor(cx), last - 1);
        const y0 = Math.min(Math.floor(cy), last - 1);
        const z0 = Math.min(Math.floor(cz), last - 1);
        at[v] = x0 + n * (y0 + n * z0);
        fraction[3 * v] = cx - x0;
        fraction[3 * v + 1] = cy - y0;
        fraction[3 * v + 2] = cz - z0;
      }
  return { at, fraction, outside };
}

/** Trilinear interpolation of one channel at all places. */
function sample(data: Float32Array, { at, fraction }: Places, n: number, out: Float32Array): void {
  const plane = n * n;
  for (let v = 0; v < out.length; v++) {
    const p = at[v];
    const q = p + plane;
    const fx = fraction[3 * v];
    const fy = fraction[3 * v + 1];
    const low = data[p] + fx * (data[p + 1] - data[p]);
    const lowBack = data[p + n] + fx * (data[p + n + 1] - data[p + n]);
    const high = data[q] + fx * (data[q + 1] - data[q]);
    const highBack = data[q + n] + fx * (data[q + n + 1] - data[q + n]);
    const front = low + fy * (lowBack - low);
    const back = high + fy * (highBack - high);
    out[v] = front + fraction[3 * v + 2] * (back - front);
  }
}

/** Rotation · scale · mirror, from a voxel of the result to one of the source, both relative to the middle. */
function drawMatrix({ flip, rotationDegrees, scale }: Augmentation, draw: Random): readonly number[] {
  const angles = [0, 1, 2].map(() => (symmetric(draw) * rotationDegrees * Math.PI) / 180);
  const magnification = 1 / (1 + symmetric(draw) * scale);
  const mirror = [0, 1, 2].map(() => (draw.uniform() < 0.5 && flip ? -magnification : magnification));
  const [ca, cb, cc] = angles.map(Math.cos);
  const [sa, sb, sc] = angles.map(Math.sin);
  const rotation = [
    cb * cc,
    sa * sb * cc - ca * sc,
    ca * sb * cc + sa * sc,
    cb * sc,
    sa * sb * sc + ca * cc,
    ca * sb * sc - sa * cc,
    -sb,
    sa * cb,
    ca * cb,
  ];
  return rotation.map((r, e) => r * mirror[e % 3]);
}

/** Each present phase kept or not; a draw that would leave none keeps them all. */
function keptPhases(present: readonly boolean[], rate: number, draw: Random): readonly boolean[] {
  const kept = present.map((there) => draw.uniform() >= rate && there);
  return kept.includes(true) ? kept : present;
}

const symmetric = (draw: Random): number => 2 * draw.uniform() - 1;

/** Normal draws made once: half a million a crop would cost more than the interpolation. */
const noiseTable = (() => {
  const { normal } = random(20231);
  return Float32Array.from({ length: 1 << 18 }, normal);
})();
const noiseMask = noiseTable.length - 1;
