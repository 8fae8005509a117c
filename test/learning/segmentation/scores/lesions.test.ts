import { describe, expect, it } from "vitest";
import { detectLesions } from "../../../../src/learning/segmentation/scores/lesions.ts";
import type { Vec3 } from "../../../../src/numerics/volume/index.ts";
import { drawn, volume } from "./blobs.ts";

const size: Vec3 = [30, 8, 8];
/** Bars along i, one voxel wide: each from its first voxel to before its last. */
const bars = (...ends: readonly (readonly [number, number])[]) =>
  drawn(size, [1, 1, 1], ([i, j, k]) => j === 3 && k === 3 && ends.some(([from, to]) => i >= from && i < to));
const found = (a: Uint8Array, b: Uint8Array, options = {}) =>
  detectLesions(a, b, volume(a, size), { speckMl: 0, ...options });

describe("detectLesions", () => {
  it("matches lesions one to one, the best pair first", () => {
    // One predicted bar covers both lesions: it is the larger one's, 10 of 16 voxels.
    const merged = found(bars([0, 10], [12, 16]), bars([0, 16]));
    expect(merged.reference).toEqual([
      { ml: 0.01, diameterMm: 9, iou: 10 / 16 },
      { ml: 0.004, diameterMm: 3, iou: null },
    ]);
    expect(merged.predicted).toEqual([{ ml: 0.016, diameterMm: 15, iou: 10 / 16 }]);
    // One lesion in two predicted pieces: the smaller is a false positive.
    const split = found(bars([0, 10]), bars([0, 3], [4, 10]));
    expect(split.reference.map(({ iou }) => iou)).toEqual([0.6]);
    expect(split.predicted.map(({ iou }) => iou)).toEqual([0.6, null]);
  });

  it("takes a match only from the least intersection over union on", () => {
    const [a, b] = [bars([0, 10]), bars([8, 18])];
    expect(found(a, b).reference[0].iou).toBeCloseTo(2 / 18, 12);
    expect(found(a, b, { leastIou: 0.12 }).reference[0].iou).toBeNull();
    expect(found(bars([0, 5]), bars([5, 9]), { leastIou: 0 }).predicted).toHaveLength(1);
    expect(found(bars([0, 5]), bars([6, 9]), { leastIou: 0 }).predicted[0].iou).toBeNull();
  });

  it("leaves out specks of both masks, and counts them", () => {
    const [a, b] = [bars([0, 10], [12, 14]), bars([0, 9], [20, 23], [25, 26])];
    const { reference, predicted, specks } = found(a, b, { speckMl: 0.003 });
    expect([reference.length, predicted.length, specks]).toEqual([1, 2, 2]);
  });
});
