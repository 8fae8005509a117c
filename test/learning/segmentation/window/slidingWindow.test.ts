import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  constantImportance,
  monaiImportance,
  nnunetImportance,
} from "../../../../src/learning/segmentation/window/importance.ts";
import { type Slab, slidingWindow } from "../../../../src/learning/segmentation/window/slidingWindow.ts";
import {
  averaged,
  mirrored,
  type TileModel,
  type TileShape,
} from "../../../../src/learning/segmentation/window/tileModel.ts";
import {
  monaiStarts,
  nnunetStarts,
  type TileWindow,
} from "../../../../src/learning/segmentation/window/tiles.ts";

const side = (min: number, max: number) => fc.integer({ min, max });
const starts = fc.oneof(
  fc
    .double({ min: 0.2, max: 1, noNaN: true })
    .map((step) => (n: number, p: number) => nnunetStarts(n, p, step)),
  fc.double({ min: 0, max: 0.8, noNaN: true }).map((o) => (n: number, p: number) => monaiStarts(n, p, o)),
);

interface Scene {
  readonly image: Float32Array;
  readonly shape: TileShape;
  readonly window: TileWindow;
}

/** Images smaller and greater than their tiles, with tiles of either framework. */
const scene: fc.Arbitrary<Scene> = fc
  .record({
    channels: side(1, 2),
    extent: fc.tuple(side(1, 11), side(1, 9), side(1, 8)),
    patch: fc.tuple(side(2, 6), side(2, 6), side(2, 6)),
    starts,
    importance: fc.constantFrom(constantImportance, nnunetImportance, monaiImportance),
    seed: side(1, 1000),
  })
  .map(({ channels, extent, patch, starts: of, importance, seed }) => ({
    image: Float32Array.from({ length: channels * extent.reduce((a, b) => a * b) }, (_, n) =>
      Math.sin(seed * n + n * n),
    ),
    shape: [channels, ...extent],
    window: {
      patch,
      starts: [of(extent[0], patch[0]), of(extent[1], patch[1]), of(extent[2], patch[2])],
      importance: importance(patch),
    },
  }));

/** The slabs put together, [K, D, H, W]. */
async function whole(slabs: AsyncIterable<Slab>, [, depth, height, width]: TileShape): Promise<Float32Array> {
  let found = new Float32Array(0);
  let next = 0;
  for await (const { start, depth: deep, classes, data } of slabs) {
    expect(start).toBe(next);
    expect(data.length).toBe(classes * deep * height * width);
    if (start === 0) found = new Float32Array(classes * depth * height * width).fill(NaN);
    const area = height * width;
    for (let k = 0; k < classes; k++)
      found.set(data.subarray(k * deep * area, (k + 1) * deep * area), (k * depth + start) * area);
    next += deep;
  }
  expect(next).toBe(depth);
  return found;
}

const close = (found: Float32Array, expected: ArrayLike<number>) => {
  expect(found.length).toBe(expected.length);
  for (let n = 0; n < found.length; n++)
    if (!(Math.abs(found[n] - expected[n]) < 1e-5)) expect(found[n]).toBeCloseTo(expected[n], 5);
};

describe("tiles", () => {
  test("cover every voxel, and lie no further apart than asked", () => {
    fc.assert(
      fc.property(side(1, 300), side(1, 96), fc.double({ min: 0.05, max: 1, noNaN: true }), (n, p, step) => {
        for (const [of, interval] of [
          [nnunetStarts(n, p, step), Math.ceil(p * step)],
          [monaiStarts(n, p, 1 - step), Math.max(1, Math.trunc(p * (1 - (1 - step))))],
        ] as const) {
          expect(of[0]).toBe(n < p ? 0 - Math.floor((p - n) / 2) : 0);
          expect(of.at(-1)! + p).toBe(n < p ? of[0] + p : n);
          for (const [a, b] of of.slice(1).map((b, i) => [of[i], b])) {
            expect(b).toBeGreaterThanOrEqual(a);
            expect(b - a).toBeLessThanOrEqual(interval);
          }
        }
      }),
    );
  });

  test("steps outside their range are refused", () => {
    expect(() => nnunetStarts(10, 4, 0)).toThrow("a step of 0");
    expect(() => monaiStarts(10, 4, 1)).toThrow("an overlap of 1");
  });
});

describe("a sliding window", () => {
  test("of a function of each voxel alone gives it for the whole image", async () => {
    // Two classes: the channels' sum, and twice the last channel.
    const local: TileModel = async (tile, [channels, ...patch]) => {
      const n = patch.reduce((a, b) => a * b);
      const at = (c: number, v: number) => tile[c * n + v];
      return Float32Array.from({ length: 2 * n }, (_, m) =>
        m < n ? at(0, m) + (channels > 1 ? at(1, m) : 0) : 2 * at(channels - 1, m - n),
      );
    };
    await fc.assert(
      fc.asyncProperty(scene, async ({ image, shape, window }) => {
        close(await whole(slidingWindow(image, shape, local, window), shape), await local(image, shape));
      }),
    );
  });

  test("of what depends on the place in the tile gives the weighted mean of the tiles that see a voxel", async () => {
    const answer = (n: number, tile: number) => Math.cos(n + 3 * tile);
    await fc.assert(
      fc.asyncProperty(scene, async ({ image, shape, window }) => {
        let calls = 0;
        const model: TileModel = async (_, [, ...patch]) => {
          const tile = calls++;
          return Float32Array.from({ length: patch.reduce((a, b) => a * b) }, (_, n) => answer(n, tile));
        };
        const found = await whole(slidingWindow(image, shape, model, window), shape);
        close(found, wholeMean(shape, window, answer));
      }),
    );
  });

  test("mirrors along every combination of axes, and averages networks", async () => {
    const raw: TileModel = async (tile) => tile.map((v, n) => v * ((n % 7) - 2) + n);
    await fc.assert(
      fc.asyncProperty(scene, fc.subarray([0, 1, 2]), async ({ image, shape }, axes) => {
        const [channels, ...extent] = shape;
        const mirror = (data: ArrayLike<number>, by: readonly number[]) => {
          const at = (n: number) => {
            const strides = [extent[1] * extent[2], extent[2], 1];
            return extent.reduce((sum, size, axis) => {
              const i = Math.floor(n / strides[axis]) % size;
              return sum + (by.includes(axis) ? size - 1 - 2 * i : 0) * strides[axis];
            }, n);
          };
          return Float32Array.from({ length: data.length }, (_, n) => data[at(n)]);
        };
        const all = [[], [0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]];
        const used = all.filter((by) => by.every((axis) => axes.includes(axis)));
        const runs = await Promise.all(
          used.map(async (by) => mirror(await raw(mirror(image, by), shape), by)),
        );
        const mean = Float32Array.from(
          image,
          (_, n) => runs.reduce((sum, run) => sum + run[n], 0) / runs.length,
        );
        expect(channels).toBe(shape[0]);
        const found = await mirrored(raw, axes)(image, shape);
        for (const [n, value] of mean.entries()) expect(found[n]).toBeCloseTo(value, 2);
      }),
      { numRuns: 30 },
    );
    const two = averaged([async () => Float32Array.of(1, 4), async () => Float32Array.of(3, 0)]);
    expect(await two(new Float32Array(2), [1, 1, 1, 2])).toEqual(Float32Array.of(2, 2));
  });

  test("refuses logits of another size, and stops between tiles", async () => {
    const window: TileWindow = {
      patch: [2, 2, 2],
      starts: [[0], [0], [0]],
      importance: constantImportance([2, 2, 2]),
    };
    const run = async (model: TileModel, signal?: AbortSignal) => {
      for await (const _ of slidingWindow(new Float32Array(8), [1, 2, 2, 2], model, window, { signal }));
    };
    await expect(run(async () => new Float32Array(7))).rejects.toMatchObject({ code: "E_MODEL" });
    await expect(run(async (tile) => tile, AbortSignal.abort())).rejects.toMatchObject({
      code: "E_INTERRUPTED",
    });
  });
});

/** All tiles held at once, in double precision. */
function wholeMean(
  [, depth, height, width]: TileShape,
  { patch, starts: [deep, rows, columns], importance }: TileWindow,
  answer: (n: number, tile: number) => number,
): Float64Array {
  const sums = new Float64Array(depth * height * width);
  const weights = new Float64Array(sums.length);
  const tiles = deep.flatMap((d) => rows.flatMap((h) => columns.map((w) => [d, h, w])));
  for (const [tile, [d0, h0, w0]] of tiles.entries())
    for (let n = 0; n < importance.length; n++) {
      const [w, h, d] = [
        w0 + (n % patch[2]),
        h0 + (Math.floor(n / patch[2]) % patch[1]),
        d0 + Math.floor(n / (patch[2] * patch[1])),
      ];
      if (w < 0 || h < 0 || d < 0 || w >= width || h >= height || d >= depth) continue;
      const at = (d * height + h) * width + w;
      sums[at] += importance[n] * Math.fround(answer(n, tile));
      weights[at] += importance[n];
    }
  return sums.map((sum, n) => sum / weights[n]);
}
