import {
  close,
  connectedComponents,
  dilate,
  open,
  type Volume,
  voxelVolumeMl,
} from "../../../../numerics/volume/index.ts";
import { maskOf } from "../../../../numerics/volume/maskOf.ts";

/** Tried from the highest, HU: enhanced parenchyma is brighter than liver, spleen and muscle. */
const thresholds = [160, 140, 120, 105, 90];
/** Bone, calcium and opacified urine, HU. */
const dense = 350;
/** Of parenchyma, cut by a tumour or whole, mL. */
const [smallest, largest] = [15, 450];
/** The kidney begins no further than this from its tumour, mm. */
const contact = 6;

/**
 * The enhanced parenchyma beside a tumour: the largest bright piece that begins at the tumour and is of a kidney's
 * volume, at the highest threshold that gives one; then what is more than half as bright around it.
 *
 * @param image HU, about 2 mm apart
 * @param tumor on the same grid
 * @returns undefined where no piece fits, as in unenhanced images
 */
export function growKidney(image: Volume<Float32Array>, tumor: Uint8Array): Uint8Array | undefined {
  const { size, spacing, data } = image;
  const ml = voxelVolumeMl(image);
  const bone = bones(image);
  const beside = dilate(tumor, size, spacing, contact);
  /** Pieces brighter than a threshold, thin joins cut, that reach the tumour. */
  const piece = (threshold: number, allowed: Uint8Array | undefined) => {
    const bright = new Uint8Array(tumor.length);
    for (let v = 0; v < bright.length; v++)
      if (!tumor[v] && !bone[v] && data[v] >= threshold && (allowed?.[v] ?? 1)) bright[v] = 1;
    const { labels, sizes } = connectedComponents(open(bright, size, spacing, spacing[0]), size, 6);
    const touching = new Set<number>();
    for (let v = 0; v < labels.length; v++) if (labels[v] && beside[v]) touching.add(labels[v]);
    const label = Math.min(...touching);
    return touching.size > 0
      ? { mask: maskOf(labels, (l) => l === label), volume: sizes[label - 1] * ml }
      : undefined;
  };
  for (const threshold of thresholds) {
    const core = piece(threshold, undefined);
    if (!core || core.volume < smallest || core.volume > largest) continue;
    const values = data.filter((_, v) => core.mask[v] !== 0).sort();
    const half = 0.55 * values[values.length >> 1];
    const whole = piece(Math.min(half, threshold), dilate(core.mask, size, spacing, 8));
    const kidney = whole && whole.volume <= largest ? whole.mask : core.mask;
    return close(kidney, size, spacing, 3).map((inside, v) => (inside && !tumor[v] && data[v] > 30 ? 1 : 0));
  }
  return undefined;
}

function bones(image: Volume<Float32Array>): Uint8Array {
  const { size, spacing, data } = image;
  const ml = voxelVolumeMl(image);
  const { labels, sizes } = connectedComponents(
    maskOf(data, (hu) => hu > dense),
    size,
  );
  const large = maskOf(labels, (l) => l > 0 && sizes[l - 1] * ml > 10);
  return dilate(large, size, spacing, 4);
}
