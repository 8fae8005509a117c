import type { Vec3 } from "../volume.ts";

/** Mean indices i, j, k of the voxels of each label 1..count; NaN where a label has none. */
export function centroids(labels: ArrayLike<number>, count: number, [nx, ny, nz]: Vec3): Vec3[] {
  const sums = Array.from({ length: count }, () => new Float64Array(4));
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        if (labels[n] === 0) continue;
        const sum = sums[labels[n] - 1];
        sum[0] += i;
        sum[1] += j;
        sum[2] += k;
        sum[3]++;
      }
  return sums.map(([i, j, k, voxels]) => [i / voxels, j / voxels, k / voxels]);
}
