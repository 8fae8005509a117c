import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { random } from "../../../../src/base/random.ts";
import {
  type Geometry,
  indexMap,
  indexToPoint,
  pointToIndex,
  reorient,
  resample,
  type Vec3,
  type Volume,
  withSpacing,
} from "../../../../src/numerics/volume/index.ts";
import { linearOblique, linearParallel } from "../../../../src/numerics/volume/resample/linear.ts";
import { nearestOblique, nearestParallel } from "../../../../src/numerics/volume/resample/nearest.ts";
import { at, direction, geometry as geometries, indices } from "../arbitrary.ts";
import { hasPython, python } from "../python.ts";

/** HU that rise by 3, −2 and 5 a millimetre to the left, to the back and to the head. */
const ramp = ([l, p, s]: Vec3) => 3 * l - 2 * p + 5 * s;

const ramped = (geometry: Geometry): Volume<Float32Array> => ({
  ...geometry,
  data: Float32Array.from(indices(geometry.size), (index) => ramp(indexToPoint(geometry, index))),
});

const noise = (geometry: Geometry, seed: number): Volume<Float32Array> => {
  const { normal } = random(seed);
  return {
    ...geometry,
    data: Float32Array.from({ length: geometry.size.reduce((a, b) => a * b) }, () => 100 * normal()),
  };
};

const standard: Geometry = {
  size: [20, 18, 16],
  spacing: [0.8, 0.9, 2.5],
  origin: [-8, -8, -20],
  direction: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
};

/** Grids that run parallel to `standard` in any order and sense. */
const parallel: fc.Arbitrary<Geometry> = fc
  .record({
    geometry: geometries(9),
    order: fc.constantFrom<Vec3>([0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]),
    signs: fc.tuple(fc.constantFrom(-1, 1), fc.constantFrom(-1, 1), fc.constantFrom(-1, 1)),
    shift: fc.tuple(
      fc.integer({ min: -4, max: 4 }),
      fc.integer({ min: -4, max: 4 }),
      fc.integer({ min: -9, max: 9 }),
    ),
  })
  .map(({ geometry, order, signs, shift }) => {
    const axis = (t: number): Vec3 =>
      [0, 1, 2].map((d) => (order[t] === d ? signs[t] : 0)) as unknown as Vec3;
    return { ...geometry, origin: shift, direction: [axis(0), axis(1), axis(2)] as const };
  });

const axesOf = ({ direction: u }: Geometry): Vec3 =>
  [0, 1, 2].map((s) => [0, 1, 2].findIndex((t) => u[t][s] !== 0)) as unknown as Vec3;

describe("resample, linear", () => {
  it("is exact on a linear ramp, along any directions", () => {
    const source = ramped(standard);
    fc.assert(
      fc.property(fc.oneof(parallel, geometries(6)), fc.boolean(), (grid, near) => {
        const target = near ? { ...grid, origin: [0, 0, 0] as const } : grid;
        const result = resample(source, target, { fill: Number.NaN });
        for (const index of indices(target.size)) {
          const point = indexToPoint(target, index);
          const x = pointToIndex(standard, point);
          const value = result.data[at(target.size, index)];
          if (x.every((v, a) => v >= 0 && v <= standard.size[a] - 1))
            expect(Math.abs(value - ramp(point))).toBeLessThan(1e-3);
          else if (x.some((v, a) => v < -0.51 || v > standard.size[a] - 0.49)) expect(value).toBeNaN();
        }
      }),
    );
  });

  it("goes axis by axis to the same values as voxel by voxel, blurred or not", () => {
    const source = noise(standard, 5);
    fc.assert(
      fc.property(parallel, fc.boolean(), (target, antialias) => {
        const map = indexMap(target, source);
        const fast = linearParallel(source, target.size, map, axesOf(target), -1000, antialias);
        const general = linearOblique(source, target.size, map, -1000, antialias);
        for (const [n, value] of general.entries())
          if (!(Math.abs(fast[n] - value) < 2e-3)) expect.fail(`voxel ${n}: ${fast[n]} and ${value}`);
      }),
    );
  });

  it("on its own grid changes nothing", () => {
    const source = noise(standard, 6);
    expect([...resample(source, source).data]).toEqual([...source.data]);
    const turned = reorient({
      ...source,
      direction: [
        [0, 0, -1],
        [0, 1, 0],
        [-1, 0, 0],
      ] as const,
    });
    const back = resample(turned, {
      ...source,
      direction: [
        [0, 0, -1],
        [0, 1, 0],
        [-1, 0, 0],
      ] as const,
    });
    expect([...back.data]).toEqual([...source.data]);
  });

  it("aliases a fine pattern unless asked not to, and keeps what is constant", () => {
    const fine = {
      ...standard,
      data: Int16Array.from(indices(standard.size), ([i, j]) => ((i + j) % 2 ? 1000 : -1000)),
    };
    const coarse = withSpacing(standard, [3.2, 3.6, 2.5]);
    const swing = (data: Float32Array) => Math.max(...data.map(Math.abs));
    const shifted: Geometry = { ...coarse, origin: [-8 + 3.2, -8 + 3.6, -20], size: [3, 3, 16] };
    expect(swing(resample(fine, shifted).data)).toBeGreaterThan(900);
    expect(swing(resample(fine, shifted, { antialias: true }).data)).toBeLessThan(20);
    const flat = { ...standard, data: new Int16Array(fine.data.length).fill(70) };
    for (const value of resample(flat, coarse, { antialias: true }).data) expect(value).toBeCloseTo(70, 3);
  });

  it.skipIf(!hasPython("scipy"))("is scipy's map_coordinates of order 1", () => {
    const source = noise(standard, 8);
    const script = `
import sys, json, numpy as np
from scipy import ndimage
q = json.load(sys.stdin)
a = np.array(q["data"]).reshape(q["size"], order="F")
print(json.dumps([ndimage.map_coordinates(a, np.array(at).T, order=1).tolist() for at in q["grids"]]))`;
    const targets = fc.sample(direction, { numRuns: 3, seed: 1 }).map((turned) => ({
      size: [9, 9, 9] as const,
      spacing: [0.6, 0.7, 0.8] as const,
      origin: [-2, -2, -3] as const,
      direction: turned,
    }));
    const grids = targets.map((target) =>
      [...indices(target.size)].map((index) => pointToIndex(standard, indexToPoint(target, index))),
    );
    const oracle = python<number[][]>(script, { data: [...source.data], size: standard.size, grids });
    for (const [g, target] of targets.entries()) {
      const inside = grids[g].map((x) => x.every((v, a) => v >= 0 && v <= standard.size[a] - 1));
      const { data } = resample(source, target);
      expect(inside.filter(Boolean).length).toBeGreaterThan(100);
      for (const [n, value] of oracle[g].entries())
        if (inside[n]) expect(Math.abs(data[n] - value)).toBeLessThan(1e-3);
    }
  });
});

describe("resample, nearest", () => {
  it("takes the value of the nearest voxel, and keeps the type", () => {
    const data = Uint8Array.from({ length: 20 * 18 * 16 }, (_, n) => n % 251);
    fc.assert(
      fc.property(fc.oneof(parallel, geometries(6)), (target) => {
        const result = resample({ ...standard, data }, target, { interpolation: "nearest", fill: 255 });
        expect(result.data).toBeInstanceOf(Uint8Array);
        for (const index of indices(target.size)) {
          const x = pointToIndex(standard, indexToPoint(target, index));
          // Half-way between two voxels either may be right.
          if (x.some((v) => Math.abs(Math.abs(v % 1) - 0.5) < 1e-5)) continue;
          const nearest = x.map(Math.round) as [number, number, number];
          const outside = nearest.some((v, a) => v < 0 || v >= standard.size[a]);
          expect(result.data[at(target.size, index)]).toBe(outside ? 255 : data[at(standard.size, nearest)]);
        }
      }),
    );
  });

  it("goes axis by axis to the same values as voxel by voxel, half-way included", () => {
    const source = { ...standard, data: Int16Array.from({ length: 20 * 18 * 16 }, (_, n) => n - 3000) };
    fc.assert(
      fc.property(parallel, fc.boolean(), (grid, halves) => {
        const target = halves
          ? { ...grid, spacing: [0.4, 0.4, 0.4] as const, origin: [-8.4, -8, -20] as const }
          : grid;
        const map = indexMap(target, source);
        expect([...nearestParallel(source, target.size, map, axesOf(target), -1)]).toEqual([
          ...nearestOblique(source, target.size, map, -1),
        ]);
      }),
    );
  });
});
