import { connectedComponents } from "../../../numerics/volume/index.ts";

/** A plane of a crop, `[row, column]`: axial seen from the feet, coronal from the front, patient's right on the left. */
export interface Slice {
  readonly side: number;
  readonly data: Float32Array;
}

export type Plane = "axial" | "coronal";

/** @param cube `[D, H, W]`, S, P, L; @param at along S for axial, along P for coronal slices */
export function sliceOf(cube: ArrayLike<number>, side: number, plane: Plane, at: number): Slice {
  const data = new Float32Array(side * side);
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const [k, j] = plane === "axial" ? [at, row] : [side - 1 - row, at];
      data[column + side * row] = cube[column + side * (j + side * k)];
    }
  return { side, data };
}

/** The slice on a grid `zoom` times as fine, linearly; clamped at the rim. */
export function enlarged({ side, data }: Slice, zoom: number): Slice {
  const fine = side * zoom;
  const out = new Float32Array(fine * fine);
  const places = Array.from({ length: fine }, (_, i) => {
    const x = Math.min(Math.max((i + 0.5) / zoom - 0.5, 0), side - 1);
    const low = Math.min(Math.floor(x), Math.max(side - 2, 0));
    return { low, high: Math.min(low + 1, side - 1), share: x - low };
  });
  for (const [y, v] of places.entries())
    for (const [x, u] of places.entries()) {
      const along = (row: number) =>
        data[u.low + side * row] * (1 - u.share) + data[u.high + side * row] * u.share;
      out[x + fine * y] = along(v.low) * (1 - v.share) + along(v.high) * v.share;
    }
  return { side: fine, data: out };
}

/**
 * Voxel (i, j, k) nearest to the centre of the largest tumour.
 * @param occupancy `[D, H, W]`, 0 … 255 by the tumours
 */
export function tumorCenter(occupancy: Uint8Array, side: number): readonly [number, number, number] {
  const inside = occupancy.map((share) => (share > 127 ? 1 : 0));
  const { labels, sizes } = connectedComponents(inside, [side, side, side]);
  const sums = [0, 0, 0];
  let total = 0;
  // A tumour smaller than a voxel fills none by half.
  const counts = sizes.length === 0 ? () => true : (v: number) => labels[v] === 1;
  for (let k = 0, v = 0; k < side; k++)
    for (let j = 0; j < side; j++)
      for (let i = 0; i < side; i++, v++) {
        const weight = occupancy[v];
        if (weight === 0 || !counts(v)) continue;
        total += weight;
        sums[0] += weight * i;
        sums[1] += weight * j;
        sums[2] += weight * k;
      }
  const [i, j, k] = sums.map((sum) => (total > 0 ? Math.round(sum / total) : side >> 1));
  return [i, j, k];
}

/** The axial slice on which a map is strongest: the largest sum of absolute values. */
export function strongestSlice(map: Float32Array, side: number): number {
  const sums = Array.from({ length: side }, (_, k) =>
    map.subarray(k * side * side, (k + 1) * side * side).reduce((sum, value) => sum + Math.abs(value), 0),
  );
  return sums.indexOf(Math.max(...sums));
}
