import { type Random, random } from "../random.ts";
import { type Crop, type CropSettings, channels, huToUnit } from "./cropInput.ts";

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

  const unit = huToUnit(settings);
  const last = n - 1;
  const middle = last / 2;
  for (let k = 0, v = 0; k < n; k++)
    for (let j = 0; j < n; j++)
      for (let i = 0; i < n; i++, v++) {
        const [a, b, c] = [i - middle, j - middle, k - middle];
        const x = matrix[0] * a + matrix[1] * b + matrix[2] * c + middle + shift[0];
        const y = matrix[3] * a + matrix[4] * b + matrix[5] * c + middle + shift[1];
        const z = matrix[6] * a + matrix[7] * b + matrix[8] * c + middle + shift[2];
        const inside =
          x >= -0.5 && y >= -0.5 && z >= -0.5 && x <= last + 0.5 && y <= last + 0.5 && z <= last + 0.5;
        const cx = Math.min(Math.max(x, 0), last);
        const cy = Math.min(Math.max(y, 0), last);
        const cz = Math.min(Math.max(z, 0), last);
        const x0 = Math.min(cx | 0, last - 1);
        const y0 = Math.min(cy | 0, last - 1);
        const z0 = Math.min(cz | 0, last - 1);
        const [fx, fy, fz] = [cx - x0, cy - y0, cz - z0];
        const at = x0 + n * (y0 + n * z0);
        for (let p = 0; p < phases.length; p++) {
          if (!kept[p]) {
            out[p * size + v] = 0;
            continue;
          }
          const value = unit(trilinear(crop.hu, p * size + at, n, fx, fy, fz));
          const speckle = noise * noiseTable[(starts[p] + v) & noiseMask];
          out[p * size + v] = value * tones[p].gain + tones[p].offset + speckle;
        }
        if (maskChannels)
          for (let m = 0; m < 2; m++)
            out[(phases.length + m) * size + v] = inside
              ? trilinear(crop.mask, m * size + at, n, fx, fy, fz) / 255
              : 0;
      }
  return out;
}

function trilinear(
  data: Int16Array | Uint8Array,
  at: number,
  n: number,
  fx: number,
  fy: number,
  fz: number,
): number {
  const up = at + n * n;
  const low = data[at] + fx * (data[at + 1] - data[at]);
  const lowBack = data[at + n] + fx * (data[at + n + 1] - data[at + n]);
  const high = data[up] + fx * (data[up + 1] - data[up]);
  const highBack = data[up + n] + fx * (data[up + n + 1] - data[up + n]);
  const front = low + fy * (lowBack - low);
  const back = high + fy * (highBack - high);
  return front + fz * (back - front);
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
