import type { Vec3, Volume } from "../../../numerics/volume/index.ts";

/** A: the face of the kidney the tumour lies on; no points, a suffix. */
export interface Anterior {
  /** a anterior, p posterior, x neither. */
  readonly suffix: "a" | "p" | "x";
  /** How far the tumour's centre lies behind the kidney's (tumour included), mm; negative in front. */
  readonly mm: number;
}

/** Centres nearer than this along the front–back axis are neither anterior nor posterior, mm (Heller et al.). */
const neitherMm = 10;

/**
 * R.E.N.A.L.'s A, from the centres of mass of the tumour and of the kidney's filled outline.
 *
 * @param tumor axes along L, P, S
 */
export function anterior(tumor: Volume<Uint8Array>, outline: Uint8Array): Anterior {
  const mm = (meanRow(tumor.data, tumor.size) - meanRow(outline, tumor.size)) * tumor.spacing[1];
  return { suffix: Math.abs(mm) < neitherMm ? "x" : mm < 0 ? "a" : "p", mm };
}

/** Mean index j of a mask's voxels. */
function meanRow(mask: Uint8Array, [nx, ny, nz]: Vec3): number {
  let sum = 0;
  let count = 0;
  for (let row = 0; row < ny * nz; row++) {
    let voxels = 0;
    for (let n = row * nx; n < (row + 1) * nx; n++) if (mask[n] !== 0) voxels++;
    sum += voxels * (row % ny);
    count += voxels;
  }
  return sum / count;
}
