import { boundingBox, crop, type Volume, voxelVolumeMl } from "../../../numerics/volume/index.ts";
import { averageSurfaceDistance } from "./averageSurfaceDistance.ts";
import type { ScoredClass } from "./classes.ts";
import { hausdorff } from "./hausdorff.ts";
import { type Detection, type DetectionOptions, detectLesions } from "./lesions.ts";
import { dice, type Overlap, overlap } from "./overlap.ts";
import { surfaceDice } from "./surfaceDice.ts";
import { surfaceDistances } from "./surfaceDistances.ts";

/**
 * Scores of one class in one case. Nothing is invented for empty masks:
 *
 * | empty               | dice | surfaceDice | hd95Mm, assdMm | volumeErrorPercent |
 * | ------------------- | ---- | ----------- | -------------- | ------------------ |
 * | both                | null | null        | null           | null               |
 * | reference           | 0    | 0           | null           | null               |
 * | predicted           | 0    | 0           | null           | −100               |
 */
export interface ClassScores {
  /** Which mask has no voxel of the class: the reason of every null. */
  readonly empty: "reference" | "predicted" | "both" | null;
  readonly referenceMl: number;
  readonly predictedMl: number;
  /** Predicted less reference, mL. */
  readonly volumeErrorMl: number;
  /** The same as a share of the reference. */
  readonly volumeErrorPercent: number | null;
  readonly dice: number | null;
  readonly surfaceDice: number | null;
  readonly hd95Mm: number | null;
  readonly assdMm: number | null;
  /** Null for a class whose pieces are no lesions. */
  readonly detection: Detection | null;
}

/**
 * Scores a class by the voxels of its labels, in the smallest box that holds it in both volumes.
 *
 * @param reference labels, as `predicted`, on the same grid
 */
export function scoreClass(
  reference: Volume<Uint8Array>,
  predicted: Volume<Uint8Array>,
  { labels, toleranceMm, lesions }: ScoredClass,
  options: DetectionOptions = {},
): ClassScores {
  const wanted = Uint8Array.from({ length: 256 }, (_, label) => (labels.includes(label) ? 1 : 0));
  const box = boundingBox(
    reference.data.map((label, n) => wanted[label] | wanted[predicted.data[n]]),
    reference.size,
  );
  const part = box ?? { start: [0, 0, 0], end: [1, 1, 1] };
  const { data: a, ...grid } = crop(reference, part);
  const { data: b } = crop(predicted, part);
  for (const mask of [a, b]) for (let n = 0; n < mask.length; n++) mask[n] = wanted[mask[n]];
  const counts = overlap(a, b);
  const ml = voxelVolumeMl(grid);
  const volumeErrorMl = (counts.predicted - counts.reference) * ml;
  const isEmpty = counts.reference === 0 || counts.predicted === 0;
  const surfaces = isEmpty ? undefined : surfaceDistances(a, b, grid.size, grid.spacing);
  return {
    empty: emptyMask(counts),
    referenceMl: counts.reference * ml,
    predictedMl: counts.predicted * ml,
    volumeErrorMl,
    volumeErrorPercent:
      counts.reference === 0 ? null : (100 * (counts.predicted - counts.reference)) / counts.reference,
    dice: dice(counts),
    surfaceDice: surfaces ? surfaceDice(surfaces, toleranceMm) : box ? 0 : null,
    hd95Mm: surfaces ? hausdorff(surfaces) : null,
    assdMm: surfaces ? averageSurfaceDistance(surfaces) : null,
    detection: lesions ? detectLesions(a, b, grid, options) : null,
  };
}

function emptyMask({ reference, predicted }: Overlap): ClassScores["empty"] {
  if (reference > 0 && predicted > 0) return null;
  if (reference + predicted === 0) return "both";
  return reference === 0 ? "reference" : "predicted";
}
