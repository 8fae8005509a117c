import type { SurfaceDistances, SurfaceElements } from "./surfaceDistances.ts";

/**
 * Robust Hausdorff distance, mm: the greater of both surfaces' percentile of distances to the other, by area (Nikolov
 * et al., arXiv 1809.04430, and DeepMind's surface-distance). HD95 with the default; 100 is the Hausdorff distance.
 * @param percent 0 to 100
 */
export const hausdorff = ({ reference, predicted }: SurfaceDistances, percent = 95): number =>
  Math.max(percentile(reference, percent), percentile(predicted, percent));

/** The least distance within which `percent` of the area lies. */
function percentile({ distances, areas }: SurfaceElements, percent: number): number {
  // A share that is reached but for rounding counts as reached.
  const wanted = (areas.reduce((sum, area) => sum + area, 0) * percent * (1 - 1e-12)) / 100;
  let sum = 0;
  for (let n = 0; n < areas.length; n++) if ((sum += areas[n]) >= wanted) return distances[n];
  return distances[distances.length - 1];
}
