import {
  boundingBox,
  connectedComponents,
  crop,
  indexToPoint,
  type Vec3,
  type Volume,
  voxelVolumeMl,
} from "../../numerics/volume/index.ts";
import { centroids } from "../../numerics/volume/shape/centroids.ts";

/** A kidney with its lesions, as a mask has it. */
export interface FoundKidney {
  /** By its place beside the other one; of another number than two, beside the image's middle. */
  readonly side: "left" | "right";
  /** LPS mm. */
  readonly center: Vec3;
  /** mL of each label. */
  readonly kidney: number;
  readonly tumor: number;
  readonly cyst: number;
}

/** Less than this, mL, is a piece of a kidney and none of its own: atrophic kidneys have more. */
const leastKidneyMl = 20;

/**
 * The kidneys of a mask, the largest first: what hangs together, with the smaller pieces that lie nearest to it.
 * @param mask 1 kidney, 2 tumour, 3 cyst
 * @param leastMl of all labels together
 */
export function foundKidneys(mask: Volume<Uint8Array>, leastMl = leastKidneyMl): FoundKidney[] {
  const box = boundingBox(mask.data, mask.size);
  if (!box) return [];
  const part = crop(mask, box);
  const { labels, sizes } = connectedComponents(part.data, part.size);
  const ml = voxelVolumeMl(mask);
  const pieces = sizes.map(() => [0, 0, 0, 0]);
  for (let n = 0; n < labels.length; n++) if (labels[n] > 0) pieces[labels[n] - 1][part.data[n]]++;
  const centers = centroids(labels, sizes.length, part.size).map((index) => indexToPoint(part, index));
  const whole = sizes.filter((voxels) => voxels * ml >= leastMl).length;
  for (let p = whole; p < sizes.length && whole > 0; p++) {
    const gap = (k: number) => Math.hypot(...centers[k].map((mm, a) => mm - centers[p][a]));
    const nearest = Array.from({ length: whole }, (_, k) => k).reduce((a, b) => (gap(b) < gap(a) ? b : a));
    for (const label of [1, 2, 3]) pieces[nearest][label] += pieces[p][label];
  }
  const middle =
    whole === 2
      ? (centers[0][0] + centers[1][0]) / 2
      : indexToPoint(mask, [(mask.size[0] - 1) / 2, (mask.size[1] - 1) / 2, (mask.size[2] - 1) / 2])[0];
  return pieces.slice(0, whole).map((counts, k) => ({
    side: centers[k][0] > middle ? "left" : "right",
    center: centers[k],
    kidney: counts[1] * ml,
    tumor: counts[2] * ml,
    cyst: counts[3] * ml,
  }));
}

/** `2 kidneys found: left 171 mL with 23 mL of tumour, right 160 mL`. */
export function foundText(kidneys: readonly FoundKidney[]): string {
  if (kidneys.length === 0) return "no kidney found";
  const whole = (ml: number) => `${ml < 10 ? ml.toFixed(1) : Math.round(ml)} mL`;
  const each = kidneys.map(({ side, kidney, tumor, cyst }) => {
    const lesions = [
      ...(tumor > 0 ? [`${whole(tumor)} of tumour`] : []),
      ...(cyst > 0 ? [`${whole(cyst)} of cyst`] : []),
    ];
    return `${side} ${whole(kidney)}${lesions.length > 0 ? ` with ${lesions.join(" and ")}` : ""}`;
  });
  return `${kidneys.length === 1 ? "1 kidney" : `${kidneys.length} kidneys`} found: ${each.join(", ")}`;
}
