import { connectedComponents, fillHolesBySlice } from "../../../numerics/volume/index.ts";
import { centroids } from "../../../numerics/volume/shape/centroids.ts";
import type { Rules } from "../rules.ts";
import type { AffectedKidney } from "./affectedKidney.ts";
import { dilateCross, maskWhere } from "./inPlane.ts";
import { voxelHullBySlice } from "./voxelHull.ts";

/** Masks (0, 1) on the grid of the affected kidney. */
export interface Outline {
  /** Kidney and tumours, perhaps cysts, and the hollow of the hilum filled. */
  readonly outline: Uint8Array;
  /** That hollow and one voxel around it. */
  readonly hilum: Uint8Array;
}

/** A concavity smaller than this is no hilum. */
const hilumVoxels = 50;
const hilumMl = 0.1;

/**
 * The kidney's outline, its sinus included: holes of the axial slices are filled, and of the concavities between the
 * kidney and its convex hull the one whose centre lies nearest to that of the holes, which is the hilum
 * (Heller et al.; github.com/neheller/seg-to-nephrometry).
 */
export function kidneyOutline(affected: AffectedKidney, rules: Rules): Outline {
  const { size } = affected.mask;
  const organ = organOf(affected, rules);
  const grown = dilateCross(organ, size);
  const holes = difference(fillHolesBySlice(organ, size), organ);
  const hull = voxelHullBySlice(rules.hilum === "kidney" ? withoutTumor(organ, affected) : organ, size);
  const hollow = hilumOf(difference(hull, grown), holes, affected, rules);
  const hilum = dilateCross(hollow, size);
  const closed = maskWhere(organ.length, (n) => (organ[n] | hollow[n] | (grown[n] & hilum[n])) === 1);
  return { outline: fillHolesBySlice(closed, size), hilum };
}

/** Kidney and tumours; without cysts, the connected part that has most tumour. */
function organOf({ mask: { data, size } }: AffectedKidney, { cysts }: Rules): Uint8Array {
  if (cysts === "kidney") return maskWhere(data.length, (n) => data[n] !== 0);
  const part = maskWhere(data.length, (n) => data[n] === 1 || data[n] === 2);
  const { labels, sizes } = connectedComponents(part, size);
  const tumor = new Float64Array(sizes.length + 1);
  for (let n = 0; n < data.length; n++) if (data[n] === 2) tumor[labels[n]]++;
  const most = tumor.indexOf(Math.max(...tumor));
  for (let n = 0; n < part.length; n++) part[n] = labels[n] === most ? 1 : 0;
  return part;
}

const withoutTumor = (organ: Uint8Array, { mask }: AffectedKidney): Uint8Array<ArrayBuffer> =>
  maskWhere(organ.length, (n) => organ[n] === 1 && mask.data[n] !== 2);

/** The concavity that is the hilum; empty where there is none. */
function hilumOf(
  concave: Uint8Array,
  holes: Uint8Array,
  { mask: { size, spacing }, kidney, side }: AffectedKidney,
  { sinusUnits }: Rules,
): Uint8Array {
  const { labels, sizes } = connectedComponents(concave, size);
  const unit = sinusUnits === "mm" ? spacing : [1, 1, 1];
  const least = sinusUnits === "mm" ? (hilumMl * 1000) / (spacing[0] * spacing[1] * spacing[2]) : hilumVoxels;
  const centers = centroids(labels, sizes.length, size);
  const [target] = centroids(holes, 1, size);
  const candidates = sizes.flatMap((voxels, c) => (voxels >= least ? [c] : []));
  let found: number | undefined;
  if (!Number.isNaN(target[0])) {
    const apart = (c: number) => Math.hypot(...centers[c].map((x, a) => (x - target[a]) * unit[a]));
    found = candidates.toSorted((a, b) => apart(a) - apart(b))[0];
  } else if (sinusUnits === "mm") {
    // No slice encloses sinus: the largest concavity towards the spine.
    const [middle] = centroids(kidney, 1, size);
    const medial = (c: number) => (centers[c][0] - middle[0]) * (side === "right" ? 1 : -1) > 0;
    found = candidates.find(medial);
  }
  return maskWhere(labels.length, (n) => labels[n] > 0 && labels[n] - 1 === found);
}

const difference = (mask: Uint8Array, without: Uint8Array): Uint8Array<ArrayBuffer> =>
  maskWhere(mask.length, (n) => mask[n] === 1 && without[n] === 0);
