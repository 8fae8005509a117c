import {
  connectedComponents,
  type Geometry,
  maximalDiameter,
  voxelVolumeMl,
} from "../../../numerics/volume/index.ts";

/** A piece of a mask that is large enough to count. */
interface Lesion {
  readonly ml: number;
  /** Longest line between two of its voxels' centres, mm. */
  readonly diameterMm: number;
  /** Intersection over union with the lesion it is matched to; null where it has no match. */
  readonly iou: number | null;
}

/** What was found of a case's lesions. */
export interface Detection {
  /** Largest first, as `predicted`; those without a match were missed. */
  readonly reference: Lesion[];
  /** Those without a match are false positives. */
  readonly predicted: Lesion[];
  /** Pieces smaller than a lesion, left out, of both masks. */
  readonly specks: number;
}

/** What counts as a lesion, and as found. */
export interface DetectionOptions {
  /** Least intersection over union of a match, above 0; 0.1, as nnDetection has it for 3D (Baumgartner, MICCAI 2021). */
  readonly leastIou?: number;
  /** Pieces under this, mL, are specks of the drawing and no lesions. */
  readonly speckMl?: number;
}

/**
 * Finds each lesion of the reference among those predicted. A lesion is a 26-connected piece; pairs are matched one to
 * one, those of greatest intersection over union first (as in Metrics Reloaded, Maier-Hein et al., Nat Methods
 * 2024;21:195).
 *
 * @param reference not 0 inside, as `predicted`, on the grid of `geometry`
 */
export function detectLesions(
  reference: Uint8Array,
  predicted: Uint8Array,
  geometry: Geometry,
  { leastIou = 0.1, speckMl = 0.05 }: DetectionOptions = {},
): Detection {
  const [a, b] = [reference, predicted].map((mask) => connectedComponents(mask, geometry.size));
  const least = (speckMl / voxelVolumeMl(geometry)) * (1 - 1e-9);
  // Largest first, so that specks are the last.
  const [nA, nB] = [a, b].map(({ sizes }) => sizes.filter((voxels) => voxels >= least).length);
  const shared = new Float64Array(nA * nB);
  for (let n = 0; n < reference.length; n++) {
    const [p, q] = [a.labels[n], b.labels[n]];
    if (p > 0 && q > 0 && p <= nA && q <= nB) shared[p - 1 + nA * (q - 1)]++;
  }
  const pairs = Array.from(shared, (voxels, n) => {
    const [p, q] = [n % nA, Math.floor(n / nA)];
    return { p, q, iou: voxels / (a.sizes[p] + b.sizes[q] - voxels) };
  });
  const ofReference = new Map<number, number>();
  const ofPredicted = new Map<number, number>();
  for (const { p, q, iou } of pairs.sort((x, y) => y.iou - x.iou)) {
    if (iou < leastIou || iou === 0 || ofReference.has(p) || ofPredicted.has(q)) continue;
    ofReference.set(p, iou);
    ofPredicted.set(q, iou);
  }
  const lesions = ({ labels, sizes }: typeof a, count: number, ious: ReadonlyMap<number, number>): Lesion[] =>
    sizes.slice(0, count).map((voxels, n) => ({
      ml: voxels * voxelVolumeMl(geometry),
      diameterMm: maximalDiameter(onlyLabel(labels, n + 1), geometry)!.mm,
      iou: ious.get(n) ?? null,
    }));
  return {
    reference: lesions(a, nA, ofReference),
    predicted: lesions(b, nB, ofPredicted),
    specks: a.sizes.length - nA + b.sizes.length - nB,
  };
}

function onlyLabel(labels: Int32Array, label: number): Uint8Array {
  const mask = new Uint8Array(labels.length);
  for (let n = 0; n < mask.length; n++) if (labels[n] === label) mask[n] = 1;
  return mask;
}
