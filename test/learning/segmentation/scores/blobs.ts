import { random } from "../../../../src/base/random.ts";
import { lpsDirection, type Vec3, type Volume } from "../../../../src/numerics/volume/index.ts";
import { indices } from "../../../numerics/volume/arbitrary.ts";

/** A mask of the voxels whose centre, mm from the first voxel's, is inside. */
export const drawn = (size: Vec3, spacing: Vec3, inside: (mm: Vec3) => boolean): Uint8Array =>
  Uint8Array.from(indices(size), ([i, j, k]) =>
    inside([i * spacing[0], j * spacing[1], k * spacing[2]]) ? 1 : 0,
  );

/** Some balls of 2 to 6 mm, which may touch, anywhere in the grid. */
export function blobs(size: Vec3, spacing: Vec3, count: number, seed: number): Uint8Array {
  const { uniform } = random(seed);
  const balls = Array.from({ length: count }, () => ({
    at: size.map((n, axis) => uniform() * n * spacing[axis]),
    radius: 2 + 4 * uniform(),
  }));
  return drawn(size, spacing, (mm) =>
    balls.some(({ at, radius }) => Math.hypot(...mm.map((x, axis) => x - at[axis])) < radius),
  );
}

export const volume = (data: Uint8Array, size: Vec3, spacing: Vec3 = [1, 1, 1]): Volume<Uint8Array> => ({
  size,
  spacing,
  origin: [0, 0, 0],
  direction: lpsDirection,
  data,
});
