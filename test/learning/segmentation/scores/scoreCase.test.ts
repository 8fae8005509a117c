import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ScoredClass } from "../../../../src/learning/segmentation/scores/classes.ts";
import { kitsClasses } from "../../../../src/learning/segmentation/scores/classes.ts";
import { hausdorff } from "../../../../src/learning/segmentation/scores/hausdorff.ts";
import { dice, overlap } from "../../../../src/learning/segmentation/scores/overlap.ts";
import { scoreCase } from "../../../../src/learning/segmentation/scores/scoreCase.ts";
import { surfaceDice } from "../../../../src/learning/segmentation/scores/surfaceDice.ts";
import {
  type SurfaceElements,
  surfaceDistances,
} from "../../../../src/learning/segmentation/scores/surfaceDistances.ts";
import type { Vec3 } from "../../../../src/numerics/volume/index.ts";
import { randomMask, spacing as spacings } from "../../../numerics/volume/arbitrary.ts";
import { hasPython } from "../../../numerics/volume/python.ts";
import { blobs, drawn, volume } from "./blobs.ts";
import { scipyScores } from "./oracle.ts";

const one = (toleranceMm = 2): ScoredClass => ({ name: "one", labels: [1], toleranceMm, lesions: true });
const score = (a: Uint8Array, b: Uint8Array, size: Vec3, spacing: Vec3, toleranceMm?: number) =>
  scoreCase(volume(a, size, spacing), volume(b, size, spacing), [one(toleranceMm)], { speckMl: 0 })[0];

describe("scoreCase", () => {
  it.skipIf(!hasPython("scipy"))("is what SciPy's filters make of random blobs", () => {
    const size: Vec3 = [26, 22, 12];
    const spacing: Vec3 = [0.8, 1.1, 2.5];
    const pairs = [1, 2, 3, 4].map((seed) => ({
      a: blobs(size, spacing, 4, seed),
      // The first is near its reference; the others lie anywhere.
      b:
        seed === 1
          ? shifted(blobs(size, spacing, 4, 1), size, [2, 0, 0])
          : blobs(size, spacing, 5, 10 + seed),
    }));
    const expected = scipyScores(pairs, size, spacing, 1.6);
    for (const [n, { a, b }] of pairs.entries()) {
      const found = score(a, b, size, spacing, 1.6);
      expect(found.dice).toBeCloseTo(expected[n].dice, 12);
      expect(found.surfaceDice).toBeCloseTo(expected[n].surfaceDice, 9);
      expect(found.hd95Mm).toBeCloseTo(expected[n].hd95, 5);
      expect(found.assdMm).toBeCloseTo(expected[n].assd, 6);
      const ml = (spacing[0] * spacing[1] * spacing[2]) / 1000;
      const volumes = expected[n].lesions.map(({ voxels }) => voxels * ml).sort((x, y) => y - x);
      expect(found.detection!.reference.map((lesion) => lesion.ml)).toEqual(
        volumes.map((x) => expect.closeTo(x, 9)),
      );
      // Where no two lesions contend for one, each is matched where any intersection over union suffices.
      const best = expected[n].lesions.map(({ ious }) => Math.max(0, ...ious)).filter((iou) => iou >= 0.1);
      const ious = found.detection!.reference.flatMap(({ iou }) => iou ?? []);
      expect(ious.sort()).toEqual(best.sort().map((x) => expect.closeTo(x, 9)));
    }
  });

  it("is what DeepMind's library publishes for two slabs a voxel apart", () => {
    // surface_distance_test.py, test_two_cubes_shifted_by_one_pixel: to three decimals.
    const size: Vec3 = [100, 100, 100];
    const slab = (planes: number) => new Uint8Array(1e6).map((_, n) => (n % 100 < planes ? 1 : 0));
    const distances = surfaceDistances(slab(50), slab(51), size, [2, 1, 1]);
    const mean = ({ distances, areas }: SurfaceElements) =>
      areas.reduce((sum, area, n) => sum + area * distances[n], 0) /
      areas.reduce((sum, area) => sum + area, 0);
    expect(mean(distances.reference)).toBeCloseTo(0.322, 3);
    expect(mean(distances.predicted)).toBeCloseTo(0.339, 3);
    expect(hausdorff(distances, 100)).toBe(2);
    expect(hausdorff(distances, 95)).toBe(2);
    expect(surfaceDice(distances, 1)).toBeCloseTo(0.836, 3);
    expect(dice(overlap(slab(50), slab(51)))).toBeCloseTo(0.99, 3);
  });

  it("is that of two balls of known radius and distance", () => {
    const size: Vec3 = [65, 48, 48];
    const spacing: Vec3 = [0.6, 0.6, 0.6];
    const ball = (x: number, radius: number) =>
      drawn(size, spacing, (mm) => Math.hypot(mm[0] - x, mm[1] - 14, mm[2] - 14) < radius);
    const [radius, apart] = [10, 6];
    const moved = score(ball(15, radius), ball(15 + apart, radius), size, spacing);
    // Two caps of height r − d/2 overlap: π h² (3 r − h) / 3 each.
    const h = radius - apart / 2;
    expect(moved.dice).toBeCloseTo((h * h * (3 * radius - h)) / (2 * radius ** 3), 2);
    const grown = score(ball(15, radius), ball(15, radius + 2), size, spacing, 1);
    // Elements lie at the voxels' corners: distances are known to half a voxel.
    for (const mm of [grown.hd95Mm!, grown.assdMm!]) expect(Math.abs(mm - 2)).toBeLessThan(0.3);
    expect(grown.surfaceDice).toBe(0);
    expect(grown.volumeErrorPercent! / 100).toBeCloseTo((radius + 2) ** 3 / radius ** 3 - 1, 1);
  });

  it("does not change where reference and prediction change places, but for the sign of the volume's error", () => {
    fc.assert(
      fc.property(pair(), spacings, ({ size, a, b }, spacing) => {
        const [forth, back] = [score(a, b, size, spacing), score(b, a, size, spacing)];
        for (const name of ["dice", "surfaceDice", "hd95Mm"] as const) expect(back[name]).toBe(forth[name]);
        if (forth.assdMm !== null) expect(back.assdMm).toBeCloseTo(forth.assdMm, 9);
        expect(back.volumeErrorMl).toBeCloseTo(-forth.volumeErrorMl, 12);
        expect(back.detection!.reference).toEqual(forth.detection!.predicted);
      }),
      { numRuns: 60 },
    );
  });

  it("is perfect for a mask and itself, whatever the tolerance", () => {
    fc.assert(
      fc.property(pair(), spacings, ({ size, a }, spacing) => {
        fc.pre(a.includes(1));
        const { detection, ...same } = score(a, a, size, spacing, 0);
        expect(same).toMatchObject({
          ...{ empty: null, dice: 1, surfaceDice: 1, hd95Mm: 0, assdMm: 0 },
          ...{ volumeErrorMl: 0, volumeErrorPercent: 0 },
        });
        expect(detection!.reference.every(({ iou }) => iou === 1)).toBe(true);
        expect(detection!.predicted).toEqual(detection!.reference);
      }),
      { numRuns: 60 },
    );
  });

  it("knows how far a box was moved, and is the same wherever both lie in the scan", () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2)),
        fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)),
        spacings,
        (by, place, spacing) => {
          const size: Vec3 = [12, 12, 12];
          const block = (at: readonly number[]) =>
            drawn(size, [1, 1, 1], (index) => index.every((x, n) => x >= at[n] && x < at[n] + 6));
          const to = place.map((x, n) => x + by[n]);
          const found = score(block(place), block(to), size, spacing);
          const farthest = surfaceDistances(block(place), block(to), size, spacing);
          // The corner moves by the whole vector; no point of a convex body lies farther from its image's surface.
          expect(hausdorff(farthest, 100)).toBeCloseTo(Math.hypot(...by.map((x, n) => x * spacing[n])), 4);
          const shared = by.reduce((product, x) => product * (6 - x), 1);
          expect(found.dice).toBeCloseTo(shared / 216, 12);
          const { detection: _, ...atOrigin } = score(block([0, 0, 0]), block(by), size, spacing);
          expect({ ...found, detection: undefined }).toEqual({ ...atOrigin, detection: undefined });
        },
      ),
      { numRuns: 60 },
    );
  });

  it("names empty masks, and gives no score that they do not have", () => {
    const size: Vec3 = [5, 5, 5];
    const none = new Uint8Array(125);
    const some = drawn(size, [1, 1, 1], ([i]) => i === 2);
    const nulls = { hd95Mm: null, assdMm: null };
    expect(score(none, none, size, [2, 2, 2])).toEqual({
      ...{ empty: "both", dice: null, surfaceDice: null, ...nulls },
      ...{ referenceMl: 0, predictedMl: 0, volumeErrorMl: 0, volumeErrorPercent: null },
      detection: { reference: [], predicted: [], specks: 0 },
    });
    expect(score(none, some, size, [2, 2, 2])).toMatchObject({
      ...{ empty: "reference", dice: 0, surfaceDice: 0, ...nulls },
      ...{ volumeErrorMl: 0.2, volumeErrorPercent: null },
      detection: { reference: [], predicted: [{ iou: null }] },
    });
    expect(score(some, none, size, [2, 2, 2])).toMatchObject({
      ...{ empty: "predicted", dice: 0, surfaceDice: 0, ...nulls },
      ...{ volumeErrorMl: -0.2, volumeErrorPercent: -100 },
      detection: { reference: [{ iou: null }], predicted: [] },
    });
  });

  it("takes KiTS's classes from labels of kidney, tumour and cyst", () => {
    const size: Vec3 = [8, 4, 4];
    const labels = (columns: readonly number[]) => new Uint8Array(128).map((_, n) => columns[n % 8]);
    const [reference, predicted] = [labels([0, 1, 1, 2, 2, 3, 3, 0]), labels([0, 1, 1, 2, 3, 3, 0, 0])];
    const found = scoreCase(volume(reference, size), volume(predicted, size), kitsClasses);
    expect(found.map(({ dice }) => dice)).toEqual([10 / 11, 6 / 7, 2 / 3]);
    expect(found.map(({ detection }) => detection !== null)).toEqual([false, true, true]);
  });

  it("refuses grids that differ, and forgives what a header rounds", () => {
    const size: Vec3 = [4, 4, 4];
    const mask = volume(new Uint8Array(64).fill(1), size, [1, 1, 3]);
    const scored = (other: Partial<typeof mask>) => scoreCase(mask, { ...mask, ...other }, [one()]);
    expect(scored({ origin: [1e-4, 0, 0] })[0].dice).toBe(1);
    for (const other of [{ origin: [0, 0, 3] as Vec3 }, { spacing: [1, 1, 2.5] as Vec3 }])
      expect(() => scored(other)).toThrow(expect.objectContaining({ code: "E_GEOMETRY" }));
  });
});

/** Two small masks of one size. */
const pair = () =>
  fc
    .record({
      size: fc.tuple(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 6 }),
      ),
      seed: fc.nat(),
      densities: fc.tuple(fc.constantFrom(0.1, 0.5, 0.9), fc.constantFrom(0.1, 0.5, 0.9)),
    })
    .map(({ size, seed, densities }) => ({
      size,
      a: randomMask(size, densities[0], seed),
      b: randomMask(size, densities[1], seed + 1),
    }));

function shifted(mask: Uint8Array, [nx, ny]: Vec3, by: Vec3): Uint8Array {
  const out = new Uint8Array(mask.length);
  for (let n = 0; n < mask.length; n++) {
    const i = n % nx;
    if (mask[n] && i + by[0] < nx) out[n + by[0] + nx * by[1] + nx * ny * by[2]] = 1;
  }
  return out;
}
