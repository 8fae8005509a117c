import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  hullBySlice,
  indexToPoint,
  inPlaneDiameter,
  largestSlice,
  maximalDiameter,
  sliceDiameter,
  type Vec3,
} from "../../../../src/numerics/volume/index.ts";
import { at, geometry as geometries, indices, mask as masks, randomMask } from "../arbitrary.ts";

const cross = (a: Vec3, b: Vec3, p: Vec3) => (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
const between = (a: Vec3, b: Vec3, p: Vec3) =>
  cross(a, b, p) === 0 && (a[0] - p[0]) * (b[0] - p[0]) <= 0 && (a[1] - p[1]) * (b[1] - p[1]) <= 0;

/** Carathéodory: in the hull of points is what lies in a triangle of three of them. */
function inHull(points: readonly Vec3[], p: Vec3): boolean {
  return points.some((a) =>
    points.some((b) =>
      points.some((c) => {
        const turns = [cross(a, b, p), cross(b, c, p), cross(c, a, p)];
        if (cross(a, b, c) === 0) return between(a, b, p) || between(b, c, p) || between(c, a, p);
        return turns.every((t) => t >= 0) || turns.every((t) => t <= 0);
      }),
    ),
  );
}

describe("hullBySlice", () => {
  it("fills every voxel centre in the hull of its slice and no other", () => {
    fc.assert(
      fc.property(masks(6), ({ size, mask }) => {
        const filled = hullBySlice(mask, size);
        for (const p of indices(size)) {
          const slice = [...indices(size)].filter((q) => q[2] === p[2] && mask[at(size, q)]);
          expect(filled[at(size, p)]).toBe(inHull(slice, p) ? 1 : 0);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe("diameters", () => {
  it("are the longest distances between voxel centres", () => {
    fc.assert(
      fc.property(geometries(6), fc.constantFrom(0, 0.05, 0.3, 0.9), fc.nat(), (geometry, density, seed) => {
        const mask = randomMask(geometry.size, density, seed);
        const inside = [...indices(geometry.size)].filter((index) => mask[at(geometry.size, index)]);
        const distance = (p: Vec3, q: Vec3) => {
          const [a, b] = [indexToPoint(geometry, p), indexToPoint(geometry, q)];
          return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
        };
        let [longest, inPlane] = [0, 0];
        for (const p of inside)
          for (const q of inside) {
            longest = Math.max(longest, distance(p, q));
            if (p[2] === q[2]) inPlane = Math.max(inPlane, distance(p, q));
          }
        const diameter = maximalDiameter(mask, geometry);
        if (inside.length === 0) {
          expect(diameter).toBeUndefined();
          return;
        }
        expect(diameter!.mm).toBeCloseTo(longest, 8);
        expect(distance(diameter!.from, diameter!.to)).toBeCloseTo(longest, 8);
        expect(inPlaneDiameter(mask, geometry)!.mm).toBeCloseTo(inPlane, 8);
      }),
      { numRuns: 60 },
    );
  });

  it("measure the largest slice", () => {
    const geometry = {
      size: [4, 3, 2],
      spacing: [2, 1, 5],
      origin: [0, 0, 0],
      direction: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    } as const;
    const mask = new Uint8Array(24);
    for (const index of [
      [0, 0, 0],
      [0, 0, 1],
      [3, 0, 1],
    ] as const)
      mask[at(geometry.size, index)] = 1;
    expect(largestSlice(mask, geometry.size)).toEqual({ k: 1, voxels: 2 });
    expect(sliceDiameter(mask, geometry, 1)?.mm).toBe(6);
    expect(sliceDiameter(mask, geometry, 0)?.mm).toBe(0);
    expect(largestSlice(new Uint8Array(24), geometry.size)).toBeUndefined();
  });
});
