import type { SurfaceDistances, SurfaceElements } from "./surfaceDistances.ts";

/** So that a Float32 distance right at the tolerance is within it. */
const slack = 1 + 1e-6;

/**
 * Surface Dice, also normalised surface distance: the share of both surfaces' area that lies within a tolerance of the
 * other surface (Nikolov et al., arXiv 1809.04430, eq. 5). 0 to 1.
 * @param tolerance mm, at which a distance still counts as none
 */
export function surfaceDice({ reference, predicted }: SurfaceDistances, tolerance: number): number {
  const [a, b] = [reference, predicted].map((surface) => areas(surface, tolerance * slack));
  return (a.near + b.near) / (a.all + b.all);
}

function areas({ distances, areas }: SurfaceElements, most: number): { near: number; all: number } {
  let [near, all] = [0, 0];
  for (let n = 0; n < areas.length; n++) {
    all += areas[n];
    if (distances[n] <= most) near += areas[n];
  }
  return { near, all };
}
