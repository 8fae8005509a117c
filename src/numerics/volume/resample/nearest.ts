import { type AffineMap, apply, voxelCount } from "../geometry.ts";
import type { Vec3, Volume, VoxelArray } from "../volume.ts";
import { arrayLike, bitsOf } from "../voxels.ts";
import { within } from "./separable.ts";

/** Nearest voxel; half-way goes up whatever the rounding of the map. */
const round = (x: number) => Math.floor(x + 0.5 + 1e-6);

const clampedRound = (x: number, n: number) => Math.min(Math.max(round(x), 0), n - 1);

/** `fill` as the array's type holds it, by its bits. */
function bitsOfFill(data: VoxelArray, fill: number): number {
  return bitsOf(arrayLike(data, 1).fill(fill))[0];
}

/** Nearest neighbour where source axis `s` depends on target axis `axes[s]` alone. */
export function nearestParallel(
  volume: Volume,
  size: Vec3,
  { matrix, offset }: AffineMap,
  axes: Vec3,
  fill: number,
) {
  const strides = [1, volume.size[0], volume.size[0] * volume.size[1]];
  const offsets = [0, 1, 2].map((t) => {
    const s = axes.indexOf(t);
    const n = volume.size[s];
    return Float64Array.from({ length: size[t] }, (_, at) => {
      const x = offset[s] + matrix[3 * s + t] * at;
      return within(x, n) ? strides[s] * clampedRound(x, n) : -1;
    });
  });
  const data = arrayLike(volume.data, voxelCount({ size }));
  const from = bitsOf(volume.data);
  const to = bitsOf(data);
  if (fill !== 0) data.fill(fill);
  const [oi, oj, ok] = offsets;
  for (let k = 0, n = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++, n += size[0]) {
      if (ok[k] < 0 || oj[j] < 0) continue;
      const row = ok[k] + oj[j];
      for (let i = 0; i < size[0]; i++) if (oi[i] >= 0) to[n + i] = from[row + oi[i]];
    }
  return data;
}

/** Nearest neighbour along any directions. */
export function nearestOblique(volume: Volume, size: Vec3, map: AffineMap, fill: number) {
  const [nx, ny, nz] = volume.size;
  const { matrix: m } = map;
  const data = arrayLike(volume.data, voxelCount({ size }));
  const from = bitsOf(volume.data);
  const to = bitsOf(data);
  const empty = bitsOfFill(volume.data, fill);
  for (let k = 0, n = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++) {
      const [x0, y0, z0] = apply(map, [0, j, k]);
      for (let i = 0; i < size[0]; i++, n++) {
        const x = x0 + m[0] * i;
        const y = y0 + m[3] * i;
        const z = z0 + m[6] * i;
        to[n] =
          within(x, nx) && within(y, ny) && within(z, nz)
            ? from[clampedRound(x, nx) + nx * (clampedRound(y, ny) + ny * clampedRound(z, nz))]
            : empty;
      }
    }
  return data;
}
