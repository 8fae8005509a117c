import { distanceTransform, type Volume } from "../volume/index.ts";
import { dilateBox } from "./inPlane.ts";
import type { Points } from "./points.ts";
import { defaultRules, type Rules } from "./rules.ts";

/** N: how near the tumour comes to the collecting system or sinus. */
export interface Nearness {
  readonly points: Points;
  /** Least distance, mm; Infinity where no sinus was found. */
  readonly mm: number;
}

/** R.E.N.A.L.'s N: ≥ 7 mm 1, between 2, ≤ 4 mm 3. */
export function nearness(
  tumor: Volume<Uint8Array>,
  target: Uint8Array,
  between: Rules["distance"] = defaultRules.distance,
): Nearness {
  const mm = leastDistance(tumor, target, between);
  return { points: mm >= 7 ? 1 : mm > 4 ? 2 : 3, mm };
}

/** The least distance, mm, between the voxels of two masks; Infinity where either is empty. */
export function leastDistance(
  { data, size, spacing }: Volume<Uint8Array>,
  target: Uint8Array,
  between: Rules["distance"],
): number {
  // Voxels n steps apart along an axis leave n − 1 voxels between their surfaces: a box of one step takes that one off.
  const near = between === "surfaces" ? dilateBox(target, size, [1, 1, 1]) : target;
  const distance = distanceTransform(near, size, spacing);
  let least = Infinity;
  for (let n = 0; n < data.length; n++) if (data[n] === 1 && distance[n] < least) least = distance[n];
  return least;
}
