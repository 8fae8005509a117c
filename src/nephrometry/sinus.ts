import { connectedComponents, fillHolesBySlice } from "../volume/index.ts";
import type { AffectedKidney } from "./affectedKidney.ts";
import { centroids } from "./centroid.ts";
import { dilateBox, dilateCross, maskWhere, neighborCount } from "./inPlane.ts";
import { drawnLines, hilumLines, type Lines, zoneLines } from "./polarLines.ts";
import { defaultRules, type Rules } from "./rules.ts";
import { voxelHullBySlice } from "./voxelHull.ts";

/** The kidney's inside as far as its outline tells; masks (0, 1) on the grid of the affected kidney. */
export interface Sinus {
  /** The kidney with its tumours, and the hollow of its hilum filled. */
  readonly outline: Uint8Array;
  /** Sinus fat: the hollow within the outline. */
  readonly sinus: Uint8Array;
  /** Stand-in for the collecting system: what else lies within the hull of the sinus, slice by slice. */
  readonly collectingSystem: Uint8Array;
  /** First and last slice k of sinus or collecting system: PADUA's sinus lines. */
  readonly sinusLines?: Lines;
  /** First and last slice k between R.E.N.A.L.'s polar lines, where the hilum opens. */
  readonly polarLines?: Lines;
}

/** A concavity smaller than this is no hilum. */
const hilumVoxels = 50;
const hilumMl = 0.1;
/** Pieces of sinus whose boxes of this half-width meet within a slice are one. */
const joinVoxels = 7;
const joinMm = 5.25;

/**
 * Estimates renal sinus and collecting system from the outline of kidney and tumour alone, in axial slices,
 * after Heller et al. (J Urol 2022;207:1078; github.com/neheller/seg-to-nephrometry). Their algorithm sees the CT as well
 * and keeps only fat below −30 HU; here all that the mask leaves empty counts as fat.
 *
 * 1. Holes in the slices are sinus; of the concavities between kidney and its convex hull, the one whose centre lies
 *    nearest to that of the holes is the hilum. Both filled make the outline.
 * 2. Sinus is what is empty in the outline, more than one voxel deep, at least six of its 3 × 3 neighbourhood empty;
 *    the largest piece of it, near pieces taken together.
 * 3. Whatever else the hull of a slice's sinus holds stands for the collecting system.
 */
export function renalSinus(affected: AffectedKidney, rules: Rules = defaultRules): Sinus {
  const { size } = affected.mask;
  const organ = organOf(affected, rules);
  const solid = maskWhere(organ.length, (n) => affected.mask.data[n] !== 0);
  const grown = dilateCross(organ, size);
  const holes = difference(fillHolesBySlice(organ, size), organ);
  const hilum = hilumOf(difference(voxelHullBySlice(organ, size), grown), holes, affected, rules);
  const hilumGrown = dilateCross(hilum, size);
  const outline = fillHolesBySlice(
    maskWhere(organ.length, (n) => (organ[n] | hilum[n] | (grown[n] & hilumGrown[n])) === 1),
    size,
  );

  const depth = neighborCount(outline, size);
  const crowded = neighborCount(solid, size);
  const sinus = largestPiece(
    maskWhere(outline.length, (n) => depth[n] === 9 && crowded[n] <= 3),
    affected,
    rules,
  );
  const hull = voxelHullBySlice(sinus, size);
  const collectingSystem = maskWhere(hull.length, (n) => hull[n] === 1 && outline[n] === 1 && sinus[n] === 0);

  const sinusLines = zoneLines(sinus, collectingSystem, size);
  const polarLines =
    rules.polarLines === "drawn"
      ? drawnLines(sinus, collectingSystem, outline, size)
      : (hilumLines(sinus, hilumGrown, size) ?? sinusLines);
  return {
    outline,
    sinus,
    collectingSystem,
    ...(sinusLines && { sinusLines }),
    ...(polarLines && { polarLines }),
  };
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

/** The largest piece, near pieces taken together. */
function largestPiece(
  hollow: Uint8Array,
  { mask: { size, spacing } }: AffectedKidney,
  { sinusUnits }: Rules,
): Uint8Array<ArrayBuffer> {
  const reach = (a: number) =>
    sinusUnits === "mm" ? Math.max(1, Math.round(joinMm / spacing[a])) : joinVoxels;
  const { labels } = connectedComponents(dilateBox(hollow, size, [reach(0), reach(1), 0]), size);
  return maskWhere(hollow.length, (n) => hollow[n] === 1 && labels[n] === 1);
}

const difference = (mask: Uint8Array, without: Uint8Array): Uint8Array<ArrayBuffer> =>
  maskWhere(mask.length, (n) => mask[n] === 1 && without[n] === 0);
