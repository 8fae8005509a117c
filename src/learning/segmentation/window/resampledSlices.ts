import { applyTaps, type Taps } from "../../../numerics/volume/resample/separable.ts";
import type { Slab } from "./slidingWindow.ts";
import type { Extent } from "./tileModel.ts";

/** One slice of another grid: `data` is [K, H, W]. It is overwritten by a later one. */
export interface ClassSlice {
  readonly index: number;
  readonly data: Float32Array;
}

/**
 * Slabs brought to another grid, slice by slice: never are more slices held than a slice of the target needs.
 *
 * @param extent of the slabs' image
 * @param taps along depth, height and width, from the slabs' grid to the target's; those along depth never step back
 */
export async function* resampledSlices(
  slabs: AsyncIterable<Slab>,
  [, height, width]: Extent,
  [deep, high, wide]: readonly [Taps, Taps, Taps],
): AsyncGenerator<ClassSlice> {
  const held = new Map<number, Float32Array>();
  let next = 0;
  let mixed = new Float32Array(0);
  for await (const slab of slabs)
    for (let d = 0; d < slab.depth; d++) {
      const { classes } = slab;
      const inPlane = applyTaps(
        applyTaps(sliceOf(slab, d, height * width), classes, height, width, high),
        classes * high.first.length,
        width,
        1,
        wide,
      );
      held.set(slab.start + d, inPlane);
      for (; next < deep.first.length && lastOf(deep, next) <= slab.start + d; next++) {
        const [only, ...others] = neighbors(deep, next);
        const slice = held.get(only[0])!;
        if (others.length === 0 && only[1] === 1) yield { index: next, data: slice };
        else {
          if (mixed.length !== slice.length) mixed = new Float32Array(slice.length);
          mixed.fill(0);
          for (const [at, weight] of [only, ...others]) add(mixed, held.get(at)!, weight);
          yield { index: next, data: mixed };
        }
      }
      if (next === deep.first.length) continue;
      const [[needed]] = neighbors(deep, next);
      for (const at of held.keys()) if (at < needed) held.delete(at);
    }
}

/** The slices that slice `m` of the target is made of and their weights; at least one. */
function neighbors({ first, width, weights }: Taps, m: number): [at: number, weight: number][] {
  const found: [number, number][] = [];
  for (let t = 0; t < width; t++)
    if (weights[m * width + t] !== 0) found.push([first[m] + t, weights[m * width + t]]);
  return found.length > 0 ? found : [[first[m], 0]];
}

const lastOf = (taps: Taps, m: number): number => neighbors(taps, m).at(-1)![0];

function sliceOf({ classes, depth, data }: Slab, d: number, area: number): Float32Array {
  const slice = new Float32Array(classes * area);
  for (let k = 0; k < classes; k++)
    slice.set(data.subarray((k * depth + d) * area, (k * depth + d + 1) * area), k * area);
  return slice;
}

function add(total: Float32Array, values: Float32Array, weight: number): void {
  for (let n = 0; n < total.length; n++) total[n] += weight * values[n];
}
