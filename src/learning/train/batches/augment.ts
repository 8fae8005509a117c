import { type Random, random } from "../../../base/random.ts";
import {
  type Crop,
  type CropSettings,
  channels,
  channelsOfCube,
  cropInput,
  edgesMm,
} from "../../crop/cropInput.ts";
import { rotationOf } from "./rotation.ts";

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
 * One moved crop as the network reads it: one affine map for all channels and cubes (trilinear; outside the cube as the nearest
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
  const { voxels: n, phases } = settings;
  const matrix = drawMatrix(augmentation, draw);
  const shiftMm = [0, 1, 2].map(() => symmetric(draw) * augmentation.shiftMm);
  const kept = keptPhases(crop.present, augmentation.phaseDropout, draw);
  const tones = phases.map(() => ({
    gain: 1 + symmetric(draw) * augmentation.intensity,
    offset: symmetric(draw) * augmentation.intensity,
  }));
  const noise = (draw.uniform() * augmentation.noiseHu * 2) / (settings.window[1] - settings.window[0]);
  const source = cropInput(crop, settings);
  const length = channelsOfCube(settings) * n ** 3;
  edgesMm(settings).forEach((edge, cube) => {
    const starts = phases.map(() => draw.integer(noiseTable.length));
    const own = (of: Float32Array) => of.subarray(cube * length, (cube + 1) * length);
    const row = sourceRow(
      matrix,
      shiftMm.map((mm) => (mm * n) / edge),
      n,
    );
    move(own(source), own(out), row, { kept, tones, noise, starts }, n);
  });
  return out;
}

/** What becomes of each phase. */
interface Tones {
  readonly kept: readonly boolean[];
  readonly tones: readonly { readonly gain: number; readonly offset: number }[];
  /** Standard deviation. */
  readonly noise: number;
  /** Where each phase's noise starts in the table. */
  readonly starts: readonly number[];
}

/** One cube moved. @param source `[C, D, H, W]` @param n voxels along an edge */
function move(
  source: Float32Array,
  out: Float32Array,
  row: Row,
  { kept, tones, noise, starts }: Tones,
  n: number,
): void {
  const size = n ** 3;
  const sampled = new Float32Array(n);
  const channel = Array.from({ length: source.length / size }, (_, c) =>
    source.subarray(c * size, (c + 1) * size),
  );
  for (let k = 0, v = 0; k < n; k++)
    for (let j = 0; j < n; j++, v += n) {
      row.place(j, k);
      for (let p = 0; p < kept.length; p++) {
        const to = p * size + v;
        if (!kept[p]) out.fill(0, to, to + n);
        else {
          sample(channel[p], row, n, sampled);
          const { gain, offset } = tones[p];
          const start = starts[p] + v;
          for (let i = 0; i < n; i++)
            out[to + i] = sampled[i] * gain + offset + noise * noiseTable[(start + i) & noiseMask];
        }
      }
      for (let c = kept.length; c < channel.length; c++) {
        sample(channel[c], row, n, sampled);
        const to = c * size + v;
        for (let i = 0; i < n; i++) out[to + i] = row.outside[i] ? 0 : sampled[i];
      }
    }
}

/** Where the voxels of one row of the result come from: small enough to stay in a core's nearest cache. */
interface Row {
  /** Index of each voxel's lower neighbour. */
  readonly at: Int32Array;
  /** The way to the upper neighbour, 0 … 1, along i, j and k. */
  readonly fx: Float32Array;
  readonly fy: Float32Array;
  readonly fz: Float32Array;
  readonly outside: Uint8Array;
  /** Moves on to the row at j, k. */
  place(j: number, k: number): void;
}

function sourceRow(m: readonly number[], [sx, sy, sz]: readonly number[], n: number): Row {
  const at = new Int32Array(n);
  const [fx, fy, fz] = [new Float32Array(n), new Float32Array(n), new Float32Array(n)];
  const outside = new Uint8Array(n);
  const last = n - 1;
  const middle = last / 2;
  const [m0, m1, m2, m3, m4, m5, m6, m7, m8] = m;
  const place = (j: number, k: number) => {
    const b = j - middle;
    const c = k - middle;
    for (let i = 0; i < n; i++) {
      const a = i - middle;
      const x = m0 * a + m1 * b + m2 * c + middle + sx;
      const y = m3 * a + m4 * b + m5 * c + middle + sy;
      const z = m6 * a + m7 * b + m8 * c + middle + sz;
      const cx = Math.min(Math.max(x, 0), last);
      const cy = Math.min(Math.max(y, 0), last);
      const cz = Math.min(Math.max(z, 0), last);
      outside[i] = Math.abs(x - cx) > 0.5 || Math.abs(y - cy) > 0.5 || Math.abs(z - cz) > 0.5 ? 1 : 0;
      // Never negative, so that cutting off the fraction is rounding down.
      const x0 = Math.min(cx | 0, last - 1);
      const y0 = Math.min(cy | 0, last - 1);
      const z0 = Math.min(cz | 0, last - 1);
      at[i] = x0 + n * (y0 + n * z0);
      fx[i] = cx - x0;
      fy[i] = cy - y0;
      fz[i] = cz - z0;
    }
  };
  return { at, fx, fy, fz, outside, place };
}

/** Trilinear interpolation of one row of one channel. */
function sample(data: Float32Array, { at, fx, fy, fz }: Row, n: number, out: Float32Array): void {
  const plane = n * n;
  for (let i = 0; i < n; i++) {
    const p = at[i];
    const q = p + plane;
    const x = fx[i];
    const y = fy[i];
    const low = data[p] + x * (data[p + 1] - data[p]);
    const lowBack = data[p + n] + x * (data[p + n + 1] - data[p + n]);
    const high = data[q] + x * (data[q + 1] - data[q]);
    const highBack = data[q + n] + x * (data[q + n + 1] - data[q + n]);
    const front = low + y * (lowBack - low);
    const back = high + y * (highBack - high);
    out[i] = front + fz[i] * (back - front);
  }
}

/** Rotation · scale · mirror, from a voxel of the result to one of the source, both relative to the middle. */
function drawMatrix({ flip, rotationDegrees, scale }: Augmentation, draw: Random): readonly number[] {
  const angles = [0, 1, 2].map(() => (symmetric(draw) * rotationDegrees * Math.PI) / 180);
  const magnification = 1 / (1 + symmetric(draw) * scale);
  const mirror = [0, 1, 2].map(() => (draw.uniform() < 0.5 && flip ? -magnification : magnification));
  return rotationOf(angles).map((r, e) => r * mirror[e % 3]);
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
