import { distanceTransform, type Volume } from "../../../numerics/volume/index.ts";
import { dilateBox } from "../kidney/inPlane.ts";
import { defaultRules, type Rules } from "../rules.ts";
import type { Points } from "./points.ts";

/** N: how near the tumour comes to the collecting system or sinus. */
export interface Nearness {
  readonly points: Points;
  /** Least distance, mm; Infinity where no sinus was found. */
  readonly mm: number;
}

/**
 * R.E.N.A.L.'s N: ≥ 7 mm 1, between 2, ≤ 4 mm 3.
 *
 * @param target 1 in the sinus or collecting system
 * @param fromTumor {@link distanceFrom} the tumour, where it is known already
 */
export function nearness(
  tumor: Volume<Uint8Array>,
  target: Uint8Array,
  between: Rules["distance"] = defaultRules.distance,
  fromTumor = distanceFrom(tumor, between),
): Nearness {
  const mm = leastWithin(fromTumor, target);
  return { points: mm >= 7 ? 1 : mm > 4 ? 2 : 3, mm };
}

/** Distance, mm, of every voxel to a mask, between voxel centres or between voxel surfaces. */
export function distanceFrom(
  { data, size, spacing }: Volume<Uint8Array>,
  between: Rules["distance"],
): Float32Array {
  // Voxels n steps apart along an axis leave n − 1 voxels between their surfaces: a box of one step takes that one off.
  return distanceTransform(between === "surfaces" ? dilateBox(data, size, [1, 1, 1]) : data, size, spacing);
}

/** The least of the distances within a mask; Infinity where it is empty. */
export function leastWithin(distance: Float32Array, mask: Uint8Array): number {
  let least = Infinity;
  for (let n = 0; n < mask.length; n++) if (mask[n] === 1 && distance[n] < least) least = distance[n];
  return least;
}
