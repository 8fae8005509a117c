import { connectedComponents, distanceTransform, type Vec3 } from "../../../numerics/volume/index.ts";
import { maskOf } from "../../../numerics/volume/maskOf.ts";
import type { TwoStageConfig } from "./twoStageConfig.ts";

/** What was taken away. */
export interface Islands {
  readonly pieces: number;
  readonly ml: number;
}

/**
 * Takes away, in place, the pieces of an outline that are no kidney's: smaller than a kidney, and not near one.
 * @param labels any but 0 is part of an outline
 * @param spacing mm along i, j, k
 */
export function withoutIslands(
  labels: Uint8Array,
  size: Vec3,
  spacing: Vec3,
  { leastMl, islandMm }: Pick<TwoStageConfig, "leastMl" | "islandMm">,
): Islands {
  const { labels: piece, sizes } = connectedComponents(labels, size);
  const ml = (spacing[0] * spacing[1] * spacing[2]) / 1000;
  const whole = sizes.filter((voxels) => voxels * ml >= leastMl).length;
  if (whole === sizes.length) return { pieces: 0, ml: 0 };
  const gaps = new Float64Array(sizes.length).fill(Infinity);
  if (whole > 0) {
    const kidneys = maskOf(piece, (label) => label > 0 && label <= whole);
    const distance = distanceTransform(kidneys, size, spacing);
    for (let n = 0; n < piece.length; n++)
      if (piece[n] > 0) gaps[piece[n] - 1] = Math.min(gaps[piece[n] - 1], distance[n]);
  }
  let voxels = 0;
  for (let n = 0; n < piece.length; n++)
    if (piece[n] > 0 && gaps[piece[n] - 1] > islandMm) {
      labels[n] = 0;
      voxels++;
    }
  return { pieces: gaps.filter((gap) => gap > islandMm).length, ml: voxels * ml };
}
