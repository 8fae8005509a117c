import { connectedComponents, fillHolesBySlice } from "../../../numerics/volume/index.ts";
import { defaultRules, type Rules } from "../rules.ts";
import type { AffectedKidney } from "./affectedKidney.ts";
import { dilateBox, maskWhere, neighborCount, neighborMean } from "./inPlane.ts";
import { kidneyOutline } from "./outline.ts";
import { drawnLines, hilumLines, type Lines, openLines, zoneLines } from "./polarLines.ts";
import { voxelHullBySlice } from "./voxelHull.ts";

/** Where sinus and collecting system were taken from. */
export type SinusSource = "mask" | "ct" | "labels";

/** The kidney's inside; masks (0, 1) on the grid of the affected kidney. */
export interface Sinus {
  /** `mask`: estimated from the outline alone; `ct`: from fat within it; `labels`: as drawn. */
  readonly source: SinusSource;
  /** The kidney with its tumours, and the hollow of its hilum filled. */
  readonly outline: Uint8Array;
  /** Sinus fat: the hollow within the outline. */
  readonly sinus: Uint8Array;
  /** Collecting system; estimated as what else lies within the hull of the sinus, slice by slice. */
  readonly collectingSystem: Uint8Array;
  /** First and last slice k of sinus or collecting system: PADUA's sinus lines. */
  readonly sinusLines?: Lines;
  /** First and last slice k between R.E.N.A.L.'s polar lines, where the hilum opens. */
  readonly polarLines?: Lines;
}

/** Fat is darker than this, HU, as a mean of 3 × 3 voxels (Heller et al.). */
export const fatHu = -30;
/** Pieces of sinus whose boxes of this half-width meet within a slice are one. */
const joinVoxels = 7;
const joinMm = 5.25;

/**
 * Renal sinus and collecting system: as labels 4 and 5 draw them where the mask has any; else estimated in axial slices
 * after Heller et al. (J Urol 2022;207:1078; github.com/neheller/seg-to-nephrometry) from the outline of kidney
 * and tumour, and from the CT where there is one.
 *
 * 1. Holes and hilum filled make the outline ({@link kidneyOutline}).
 * 2. Sinus is fat in the outline, more than one voxel deep: below −30 HU as a mean of 3 × 3 voxels, or, without CT,
 *    at least six of them empty; the largest piece of it, near pieces taken together.
 * 3. Whatever else the hull of a slice's sinus holds stands for the collecting system.
 */
export function renalSinus(affected: AffectedKidney, rules: Rules = defaultRules): Sinus {
  return affected.drawnSinus ? fromLabels(affected, affected.drawnSinus, rules) : estimated(affected, rules);
}

function estimated(affected: AffectedKidney, rules: Rules): Sinus {
  const { mask, ct } = affected;
  const { size } = mask;
  const { outline, hilum } = kidneyOutline(affected, rules);
  const solid = maskWhere(outline.length, (n) => mask.data[n] !== 0);
  const isFat = ct ? lessThan(neighborMean(ct, size), fatHu) : lessThan(neighborCount(solid, size), 4);
  const depth = neighborCount(outline, size);
  const core = largestPiece(
    maskWhere(outline.length, (n) => depth[n] === 9 && isFat(n)),
    affected,
    rules,
  );
  const isHollow = ct ? lessThan(ct, fatHu) : lessThan(solid, 1);
  const reach = rules.sinusEdge === "wall" ? dilateBox(core, size, [1, 1, 0]) : core;
  const sinus =
    reach === core
      ? core
      : maskWhere(core.length, (n) => core[n] === 1 || (reach[n] === 1 && outline[n] === 1 && isHollow(n)));
  const hull = voxelHullBySlice(sinus, size);
  const collectingSystem = maskWhere(hull.length, (n) => hull[n] === 1 && outline[n] === 1 && sinus[n] === 0);

  const sinusLines = zoneLines(sinus, collectingSystem, size);
  const polarLines =
    rules.polarLines === "drawn"
      ? drawnLines(sinus, collectingSystem, outline, size)
      : (hilumLines(sinus, hilum, size) ?? sinusLines);
  return {
    source: ct ? "ct" : "mask",
    outline,
    sinus,
    collectingSystem,
    ...(sinusLines && { sinusLines }),
    ...(polarLines && { polarLines }),
  };
}

function fromLabels(affected: AffectedKidney, drawn: Uint8Array, rules: Rules): Sinus {
  const { size, data } = affected.mask;
  const sinus = maskWhere(drawn.length, (n) => drawn[n] === 4);
  const collectingSystem = maskWhere(drawn.length, (n) => drawn[n] === 5);
  const within = (n: number) => drawn[n] !== 0 || data[n] === 1 || data[n] === 2;
  const outline = fillHolesBySlice(
    maskWhere(drawn.length, (n) => within(n) || (rules.cysts === "kidney" && data[n] === 3)),
    size,
  );
  const sinusLines = zoneLines(sinus, collectingSystem, size);
  const polarLines = openLines(sinus, collectingSystem, outline, size) ?? sinusLines;
  return {
    source: "labels",
    outline,
    sinus,
    collectingSystem,
    ...(sinusLines && { sinusLines }),
    ...(polarLines && { polarLines }),
  };
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

const lessThan = (values: ArrayLike<number>, limit: number) => (n: number) => values[n] < limit;
