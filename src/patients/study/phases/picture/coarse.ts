import { indexToPoint, reorient, type Vec3, type Volume } from "../../../../numerics/volume/index.ts";

/**
 * The image in blocks of whole voxels of about `mm`, each block's mean; axes nearest to L, P, S. Never finer than the image.
 * One pass over the voxels, where resampling with a blur takes several.
 */
export function coarse(image: Volume, mm: number): Volume<Float32Array> {
  const { data, spacing, direction } = image;
  const [a, b, c] = spacing.map((step, axis) =>
    Math.min(Math.max(1, Math.round(mm / step)), image.size[axis]),
  );
  const [nx, ny] = image.size;
  const size: Vec3 = [Math.floor(nx / a), Math.floor(ny / b), Math.floor(image.size[2] / c)];
  const sums = new Float32Array(size[0] * size[1] * size[2]);
  for (let k = 0; k < size[2] * c; k++)
    for (let j = 0; j < size[1] * b; j++) {
      const row = nx * (j + ny * k);
      const target = size[0] * (Math.floor(j / b) + size[1] * Math.floor(k / c));
      for (let i = 0, n = row; i < size[0]; i++)
        for (let end = n + a; n < end; n++) sums[target + i] += clipped(data[n]);
    }
  const count = a * b * c;
  return reorient({
    data: sums.map((sum) => sum / count),
    size,
    spacing: [a * spacing[0], b * spacing[1], c * spacing[2]],
    origin: indexToPoint(image, [(a - 1) / 2, (b - 1) / 2, (c - 1) / 2]),
    direction,
  });
}

/** Padding below air and metal would drag a block's mean along. */
const clipped = (hu: number): number => (hu < -1024 ? -1024 : hu > 2000 ? 2000 : hu);
