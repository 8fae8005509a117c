import { TrinephronError } from "../../../../base/errors.ts";
import type { VoxelArray } from "../../../../numerics/volume/volume.ts";
import { clusters } from "./clusters.ts";
import { samePlace } from "./places.ts";
import type { Slice } from "./slice.ts";

/** Slices without their copies, and what was left out, for the user. */
export interface DistinctSlices {
  readonly slices: readonly Slice[];
  readonly remarks: readonly string[];
}

/**
 * Slices without copies: of those at one place with the same pixels the first is kept, whatever their UIDs; a copy that
 * cannot be read goes before one that can. Different pixels at one place all stay, for the geometry to refuse.
 * @throws as `pixels` does, where no copy at a place can be read
 */
export async function withoutDuplicates(
  slices: readonly Slice[],
  pixels: (slice: Slice) => Promise<VoxelArray>,
): Promise<DistinctSlices> {
  const tolerance = samePlace(Math.min(...(slices[0]?.plane.spacing ?? [1])));
  const places = clusters(slices, ({ plane }) => plane.position, [tolerance, tolerance, tolerance]);
  const kept: Slice[] = [];
  let [dropped, broken] = [0, 0];
  for (const place of places) {
    if (place.length === 1) {
      kept.push(place[0]);
      continue;
    }
    const read: { slice: Slice; values: VoxelArray }[] = [];
    let failure: TrinephronError | undefined;
    for (const slice of place)
      try {
        const values = await pixels(slice);
        if (read.some((other) => equal(other.values, values))) dropped++;
        else read.push({ slice, values });
      } catch (error) {
        if (!(error instanceof TrinephronError)) throw error;
        failure ??= error;
        broken++;
      }
    if (read.length === 0) throw failure;
    kept.push(...read.map(({ slice }) => slice));
  }
  return {
    slices: kept,
    remarks: [
      ...(dropped > 0 ? [`${dropped} duplicate slices dropped`] : []),
      ...(broken > 0 ? [`${broken} slices that cannot be read dropped for others at their places`] : []),
    ],
  };
}

const equal = (a: VoxelArray, b: VoxelArray) =>
  a.length === b.length && a.every((value, i) => value === b[i]);
