import { largestSlice, maximalDiameter, sliceDiameter, type Volume } from "../../../numerics/volume/index.ts";
import { defaultRules, type Rules } from "../rules.ts";
import type { Points } from "./points.ts";

/** R: the tumour's size. */
export interface Radius {
  readonly points: Points;
  /** Longest diameter, mm, between voxel centres. */
  readonly mm: number;
}

/**
 * R.E.N.A.L.'s R (Kutikov & Uzzo, J Urol 2009;182:844): diameter ≤ 40 mm 1, between 2, ≥ 70 mm 3.
 *
 * @param plane `in-plane`: the longest line in the axial slice with most tumour, as Heller et al. measure and as
 *   radiologists do on axial images; `3d`: the longest line in any direction
 */
export function radius(tumor: Volume<Uint8Array>, plane: Rules["diameter"] = defaultRules.diameter): Radius {
  const diameter =
    plane === "3d"
      ? maximalDiameter(tumor.data, tumor)
      : sliceDiameter(tumor.data, tumor, largestSlice(tumor.data, tumor.size)?.k ?? 0);
  const mm = diameter?.mm ?? 0;
  return { points: mm >= 70 ? 3 : mm > 40 ? 2 : 1, mm };
}
