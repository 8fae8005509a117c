import type { Volume } from "../../../numerics/volume/index.ts";
import { maskWhere } from "../kidney/inPlane.ts";
import { pieceHulls } from "../kidney/voxelHull.ts";
import type { Points } from "./points.ts";

/** E: how far the tumour grows out of the kidney. */
export interface Exophytic {
  readonly points: Points;
  /** Part of the tumour's volume within the kidney's outline, 0 to 1. */
  readonly endophyticFraction: number;
}

/**
 * R.E.N.A.L.'s E: at least half of the tumour outside the kidney 1, less than half 2, nothing 3.
 * Inside is what lies, in each axial slice, in the convex hull of a piece of the rest of the kidney (Heller et al.).
 *
 * @param tumor 1 in the tumour
 * @param rest 1 in the outline of the kidney without the tumour, sinus filled
 */
export function exophytic(tumor: Volume<Uint8Array>, rest: Uint8Array): Exophytic {
  const [nx, ny] = tumor.size;
  const area = nx * ny;
  let total = 0;
  let inside = 0;
  for (let k = 0; k < tumor.size[2]; k++) {
    const slice = tumor.data.subarray(k * area, (k + 1) * area);
    const voxels = slice.reduce((sum, v) => sum + v, 0);
    if (voxels === 0) continue;
    total += voxels;
    const within = pieceHulls(rest.subarray(k * area, (k + 1) * area), nx, ny);
    for (let n = 0; n < area; n++) if (slice[n] === 1 && within[n] === 1) inside++;
  }
  const points = inside === total ? 3 : 2 * inside > total ? 2 : 1;
  return { points, endophyticFraction: total > 0 ? inside / total : 0 };
}

/** The part of slice k of the tumour that stands out of the kidney: what {@link exophytic} counts as outside. */
export function exophyticPart(
  tumor: Volume<Uint8Array>,
  rest: Uint8Array,
  k: number,
): Uint8Array<ArrayBuffer> {
  const [nx, ny] = tumor.size;
  const slice = (mask: Uint8Array) => mask.subarray(k * nx * ny, (k + 1) * nx * ny);
  const within = pieceHulls(slice(rest), nx, ny);
  return maskWhere(nx * ny, (n) => slice(tumor.data)[n] === 1 && within[n] === 0);
}
