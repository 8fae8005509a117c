import type { Vec3, Volume } from "../../../numerics/volume/index.ts";
import { centroids } from "../../../numerics/volume/shape/centroids.ts";
import { sliceAreas } from "../kidney/sliceAreas.ts";
import { defaultRules, type Rules } from "../rules.ts";

/**
 * C-index (Simmons et al., J Urol 2010;183:1708): distance from the tumour's centre to the kidney's, over the tumour's
 * radius; < 1 where the tumour reaches the kidney's centre. Centres as Heller et al. take them: the tumour's in the
 * axial slice with most of it, the kidney's in the slice midway between its poles, tumour included.
 *
 * @param tumor axes along L, P, S
 * @param outline the filled kidney with its tumours
 * @param diameter of the tumour, mm
 */
export function cIndex(
  tumor: Volume<Uint8Array>,
  outline: Uint8Array,
  diameter: number,
  centers: Rules["centers"] = defaultRules.centers,
): number {
  const { size, spacing } = tumor;
  const areas = sliceAreas(outline, size);
  const first = areas.findIndex((a) => a > 0);
  const last = areas.findLastIndex((a) => a > 0);
  const kidney = sliceCenter(outline, size, Math.ceil((first + last) / 2), centers);
  const tumorAreas = sliceAreas(tumor.data, size);
  const center = sliceCenter(tumor.data, size, tumorAreas.lastIndexOf(Math.max(...tumorAreas)), centers);
  const mm = Math.hypot(...center.map((x, a) => (x - kidney[a]) * spacing[a]));
  return mm / (diameter / 2);
}

function sliceCenter(mask: Uint8Array, [nx, ny]: Vec3, k: number, centers: Rules["centers"]): Vec3 {
  const [[i, j]] = centroids(mask.subarray(k * nx * ny, (k + 1) * nx * ny), 1, [nx, ny, 1]);
  return centers === "voxels" ? [Math.floor(i), Math.floor(j), k] : [i, j, k];
}
