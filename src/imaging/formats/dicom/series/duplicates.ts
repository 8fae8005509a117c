import type { VoxelArray } from "../../../../numerics/volume/volume.ts";
import type { Slice } from "./slice.ts";

/**
 * Slices without copies: of those at one place with the same pixels, or that are the same instance, the first is kept.
 * Different pixels at one place both stay, for the geometry to refuse.
 */
export async function withoutDuplicates(
  slices: readonly Slice[],
  pixels: (slice: Slice) => Promise<VoxelArray>,
): Promise<{ slices: readonly Slice[]; dropped: number }> {
  const places = Map.groupBy(slices, ({ plane }) => plane.position.map((mm) => mm.toFixed(2)).join());
  const kept: Slice[] = [];
  for (const [first, ...others] of places.values()) {
    kept.push(first);
    for (const other of others) {
      const same = instance(other) === instance(first) || equal(await pixels(first), await pixels(other));
      if (!same) kept.push(other);
    }
  }
  return { slices: kept, dropped: slices.length - kept.length };
}

const instance = ({ file, frame }: Slice) => `${file.header.sopInstance ?? file.source.name}#${frame}`;

const equal = (a: VoxelArray, b: VoxelArray) =>
  a.length === b.length && a.every((value, i) => value === b[i]);
