import type { Random } from "../../../../base/random.ts";
import { rotationOf } from "../../../train/batches/rotation.ts";
import type { Normalization } from "../normalization.ts";
import { normalize } from "../normalize.ts";
import type { SliceReader } from "../prepare/prepared.ts";
import type { SegmentSettings } from "../segmentSettings.ts";
import type { PatchPlace } from "./drawPatch.ts";

type Augmentation = SegmentSettings["augmentation"];

/**
 * Cuts a patch, turned, scaled and mirrored as drawn: images by trilinear interpolation and normalised, labels by the
 * nearest voxel. Outside the image both are 0, as in a tile of inference.
 * @param spacing mm along D, H, W: turns are made in mm
 * @param image `[C, D, H, W]`, written to @param labels `[D, H, W]`, written to
 */
export function cutPatch(
  { file, channels, middle }: PatchPlace,
  patch: readonly [number, number, number],
  spacing: readonly number[],
  normalizations: readonly Normalization[],
  augmentation: Augmentation,
  slices: SliceReader,
  draw: Random,
  image: Float32Array,
  labels: Float32Array,
): void {
  const map = drawMap(augmentation, spacing, draw);
  const [depth, height, width] = file.size;
  const [d, h, w] = patch;
  const [m0, m1, m2, m3, m4, m5, m6, m7, m8] = map;
  // The slices that any corner of the patch reaches.
  const reach = [0, 1, 2].reduce((sum, a) => sum + (Math.abs(map[a]) * (patch[a] - 1)) / 2, 0);
  const from = Math.min(Math.max(Math.floor(middle[0] - reach), 0), depth - 1);
  const to = Math.max(Math.min(Math.ceil(middle[0] + reach) + 1, depth), from + 1);
  const classes = slices.classes(file, from, to);
  const sources = channels.map((channel, c) => {
    const values = slices.image(file, channel, from, to);
    normalize(values, normalizations[c], file.statistics[channel]!);
    return values;
  });
  const size = d * h * w;
  const plane = height * width;
  for (let k = 0, n = 0; k < d; k++)
    for (let j = 0; j < h; j++)
      for (let i = 0; i < w; i++, n++) {
        const a = k - (d - 1) / 2;
        const b = j - (h - 1) / 2;
        const c = i - (w - 1) / 2;
        const z = middle[0] + m0 * a + m1 * b + m2 * c;
        const y = middle[1] + m3 * a + m4 * b + m5 * c;
        const x = middle[2] + m6 * a + m7 * b + m8 * c;
        if (!(within(z, depth) && within(y, height) && within(x, width))) {
          labels[n] = 0;
          for (let s = 0; s < sources.length; s++) image[s * size + n] = 0;
          continue;
        }
        // Relative to the slices read; beyond the outermost voxels' centres as there.
        const cz = Math.min(Math.max(z, from), to - 1) - from;
        const cy = Math.min(Math.max(y, 0), height - 1);
        const cx = Math.min(Math.max(x, 0), width - 1);
        labels[n] = classes[Math.round(cz) * plane + Math.round(cy) * width + Math.round(cx)];
        const z0 = Math.floor(cz);
        const y0 = Math.floor(cy);
        const x0 = Math.floor(cx);
        const p = z0 * plane + y0 * width + x0;
        const dz = z0 + from + 1 < to ? plane : 0;
        const dy = y0 + 1 < height ? width : 0;
        const dx = x0 + 1 < width ? 1 : 0;
        for (let s = 0; s < sources.length; s++)
          image[s * size + n] = trilinear(sources[s], p, dz, dy, dx, cz - z0, cy - y0, cx - x0);
      }
}

/** Whether a place lies in one of that many voxels. */
const within = (place: number, length: number): boolean => place >= -0.5 && place <= length - 0.5;

function trilinear(
  of: Float32Array,
  p: number,
  dz: number,
  dy: number,
  dx: number,
  z: number,
  y: number,
  x: number,
): number {
  const low = of[p] + x * (of[p + dx] - of[p]);
  const high = of[p + dy] + x * (of[p + dy + dx] - of[p + dy]);
  const q = p + dz;
  const lowBack = of[q] + x * (of[q + dx] - of[q]);
  const highBack = of[q + dy] + x * (of[q + dy + dx] - of[q + dy]);
  const front = low + y * (high - low);
  const back = lowBack + y * (highBack - lowBack);
  return front + z * (back - front);
}

/** From a voxel of the patch to one of the image, both relative to the middle; rows and columns D, H, W. */
function drawMap(
  { flip, moved, rotationDegrees, scale }: Augmentation,
  spacing: readonly number[],
  draw: Random,
): readonly number[] {
  const symmetric = () => 2 * draw.uniform() - 1;
  const still = draw.uniform() >= moved;
  const angles = [0, 1, 2].map(() => (symmetric() * rotationDegrees * Math.PI) / 180);
  const magnification = 1 / (1 + symmetric() * scale);
  const mirrors = (["D", "H", "W"] as const).map((axis) =>
    draw.uniform() < 0.5 && flip.includes(axis) ? -1 : 1,
  );
  const rotation = still ? identity : rotationOf(angles).map((r) => r * magnification);
  return rotation.map((r, e) => {
    const [row, column] = [Math.floor(e / 3), e % 3];
    return (r * mirrors[column] * spacing[column]) / spacing[row];
  });
}

const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];
