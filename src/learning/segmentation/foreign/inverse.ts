import { linearTaps, type Taps } from "../../../numerics/volume/resample/separable.ts";
import { roundHalfEven } from "../window/roundHalfEven.ts";

/** Each of `n` voxels as it is. */
export const identityTaps = (n: number): Taps => cropTaps(n, 0, n);

/** From the voxels `start` to `end` of an axis back to all `n` of it: 0 outside. */
export function cropTaps(n: number, start: number, end: number): Taps {
  const inside = Uint8Array.from({ length: n }, (_, m) => (m >= start && m < end ? 1 : 0));
  return {
    first: Int32Array.from({ length: n }, (_, m) => Math.min(Math.max(m, start), end - 1) - start),
    width: 1,
    weights: Float64Array.from(inside),
    inside,
  };
}

/** From `n` voxels to `count`, `step` apart, first voxels in one place and the outermost repeated beyond the edges. */
export function inverseTaps(count: number, step: number, n: number, nearest: boolean): Taps {
  if (!nearest) return linearTaps(n, 0, step, count, 0);
  return {
    first: Int32Array.from({ length: count }, (_, m) =>
      Math.min(Math.max(roundHalfEven(m * step), 0), n - 1),
    ),
    width: 1,
    weights: new Float64Array(count).fill(1),
    inside: new Uint8Array(count).fill(1),
  };
}

/** One step after another: `outer` of what `inner` gives. */
export function composed(outer: Taps, inner: Taps): Taps {
  const count = outer.first.length;
  const rows = Array.from({ length: count }, (_, m) => {
    const row = new Map<number, number>();
    for (let t = 0; t < outer.width; t++) {
      const by = outer.weights[m * outer.width + t];
      if (by === 0) continue;
      const at = outer.first[m] + t;
      for (let s = 0; s < inner.width; s++) {
        const weight = inner.weights[at * inner.width + s];
        if (weight !== 0) row.set(inner.first[at] + s, (row.get(inner.first[at] + s) ?? 0) + by * weight);
      }
    }
    // Where nothing is seen, a place in order among the others.
    return row.size > 0 ? row : new Map([[inner.first[outer.first[m]], 0]]);
  });
  const first = Int32Array.from(rows, (row) => Math.min(...row.keys()));
  const width = Math.max(...rows.map((row, m) => Math.max(...row.keys()) - first[m] + 1));
  const weights = new Float64Array(count * width);
  for (const [m, row] of rows.entries())
    for (const [at, weight] of row) weights[m * width + at - first[m]] = weight;
  return { first, width, weights, inside: new Uint8Array(count).fill(1) };
}
