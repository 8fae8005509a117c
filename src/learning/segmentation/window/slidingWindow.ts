import { TrinephronError } from "../../../base/errors.ts";
import type { Work } from "../../../base/work.ts";
import { type TileModel, type TileShape, voxelsOf } from "./tileModel.ts";
import type { TileWindow } from "./tiles.ts";

/** Whole slices of an image that no further tile will touch: `data` is [K, depth, H, W]. */
export interface Slab {
  /** First slice along the image's depth. */
  readonly start: number;
  readonly depth: number;
  readonly classes: number;
  readonly data: Float32Array<ArrayBuffer>;
}

/**
 * A network run tile by tile over an image: logits averaged by the tiles' importance. Slabs come in order along depth
 * and cover each slice once. Never are more slices held than a tile is deep, so memory does not grow with the depth.
 *
 * @param image [C, D, H, W]; what a tile has outside of it is 0
 * @param model as many classes for every tile
 * @throws E_INTERRUPTED between tiles, E_MODEL where the logits are not [K, D, H, W] of the tile
 */
export async function* slidingWindow(
  image: Float32Array,
  shape: TileShape,
  model: TileModel,
  { patch, starts, importance }: TileWindow,
  { signal, progress }: Pick<Work, "signal" | "progress"> = {},
): AsyncGenerator<Slab> {
  const [channels, depth, height, width] = shape;
  const tileShape: TileShape = [channels, ...patch];
  const [rows, columns] = starts.slice(1);
  const total = starts[0].length * rows.length * columns.length;
  let sums: SlabSums | undefined;
  let [done, first] = [0, Math.min(0, ...starts[0])];
  for (const [n, start] of starts[0].entries()) {
    for (const row of rows)
      for (const column of columns) {
        if (signal?.aborted)
          throw new TrinephronError("E_INTERRUPTED", `stopped after ${done} of ${total} tiles`);
        const at: Start = [start, row, column];
        const logits = await model(tileOf(image, shape, at, tileShape), tileShape);
        sums ??= new SlabSums(classesOf(logits, tileShape), patch[0], height, width);
        classesOf(logits, tileShape, sums.classes);
        sums.add(logits, importance, [start - first, row, column], tileShape);
        progress?.("segmenting", ++done, total);
      }
    // The next tiles begin at `next`: what lies before it is whole.
    const next = starts[0][n + 1] ?? start + patch[0];
    const slab = sums!.take(next - first);
    const [from, to] = [Math.max(first, 0), Math.min(next, depth)];
    yield within(slab, { from: from - first, to: to - first, start: from });
    first = next;
  }
}

type Start = readonly [depth: number, height: number, width: number];

/** The tile at `start`, 0 outside the image. */
function tileOf(
  image: Float32Array,
  [channels, depth, height, width]: TileShape,
  [d0, h0, w0]: Start,
  [, td, th, tw]: TileShape,
): Float32Array {
  const tile = new Float32Array(channels * td * th * tw);
  const [w1, w2] = [Math.max(w0, 0), Math.min(w0 + tw, width)];
  for (let c = 0; c < channels; c++)
    for (let d = Math.max(d0, 0); d < Math.min(d0 + td, depth); d++)
      for (let h = Math.max(h0, 0); h < Math.min(h0 + th, height); h++) {
        const row = ((c * depth + d) * height + h) * width;
        const to = ((c * td + d - d0) * th + h - h0) * tw;
        tile.set(image.subarray(row + w1, row + w2), to + w1 - w0);
      }
  return tile;
}

/** @param expected as many as the first tile had */
function classesOf(logits: Float32Array, [, ...patch]: TileShape, expected?: number): number {
  const classes = logits.length / voxelsOf(patch);
  if (classes >= 1 && Number.isInteger(classes) && classes === (expected ?? classes)) return classes;
  throw new TrinephronError(
    "E_MODEL",
    `the network answers a tile of ${patch.join(" × ")} voxels with ${logits.length} values`,
    "export it with logits of the tile's own size",
  );
}

/** Weighted logits and weights of as many slices as a tile is deep. */
class SlabSums {
  readonly classes: number;
  readonly #height: number;
  readonly #width: number;
  readonly #sums: Float32Array<ArrayBuffer>;
  readonly #weights: Float32Array<ArrayBuffer>;

  constructor(classes: number, depth: number, height: number, width: number) {
    this.classes = classes;
    this.#height = height;
    this.#width = width;
    this.#weights = new Float32Array(depth * height * width);
    this.#sums = new Float32Array(classes * this.#weights.length);
  }

  /** @param start of the tile, its depth counted from the first slice held */
  add(logits: Float32Array, importance: Float32Array, [d0, h0, w0]: Start, [, td, th, tw]: TileShape): void {
    const [height, width, sums, weights] = [this.#height, this.#width, this.#sums, this.#weights];
    const [w1, w2] = [Math.max(w0, 0), Math.min(w0 + tw, width)];
    for (let d = 0; d < td; d++)
      for (let h = Math.max(h0, 0); h < Math.min(h0 + th, height); h++) {
        const row = ((d + d0) * height + h) * width;
        const from = (d * th + h - h0) * tw - w0;
        for (let w = w1; w < w2; w++) weights[row + w] += importance[from + w];
        for (let k = 0; k < this.classes; k++) {
          const to = k * weights.length + row;
          const of = k * importance.length + from;
          for (let w = w1; w < w2; w++) sums[to + w] += importance[from + w] * logits[of + w];
        }
      }
  }

  /** The means of the first `depth` slices; the others move up into their place. */
  take(depth: number): Omit<Slab, "start"> {
    const { classes } = this;
    const [sums, weights] = [this.#sums, this.#weights];
    const taken = depth * this.#height * this.#width;
    const data = new Float32Array(classes * taken);
    for (let k = 0; k < classes; k++) {
      const from = k * weights.length;
      for (let n = 0; n < taken; n++) data[k * taken + n] = sums[from + n] / weights[n];
      moveUp(sums.subarray(from, from + weights.length), taken);
    }
    moveUp(weights, taken);
    return { depth, classes, data };
  }
}

function moveUp(values: Float32Array, by: number): void {
  values.copyWithin(0, by);
  values.fill(0, values.length - by);
}

/** Some slices of a slab. */
function within(
  { depth, classes, data }: Omit<Slab, "start">,
  { from, to, start }: { readonly from: number; readonly to: number; readonly start: number },
): Slab {
  if (from === 0 && to === depth) return { start, depth, classes, data };
  const area = data.length / (classes * depth);
  const kept = new Float32Array(classes * (to - from) * area);
  for (let k = 0; k < classes; k++)
    kept.set(data.subarray((k * depth + from) * area, (k * depth + to) * area), k * (to - from) * area);
  return { start, depth: to - from, classes, data: kept };
}
