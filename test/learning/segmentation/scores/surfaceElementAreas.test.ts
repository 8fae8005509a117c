import { describe, expect, it } from "vitest";
import { surfaceElementAreas } from "../../../../src/learning/segmentation/scores/surfaceElementAreas.ts";
import type { Vec3 } from "../../../../src/numerics/volume/index.ts";
import { hasPython } from "../../../numerics/volume/python.ts";
import { tracedAreas } from "./oracle.ts";

describe("surfaceElementAreas", () => {
  it.skipIf(!hasPython("scipy")).each([[[1, 1, 1]], [[0.7, 0.9, 5]], [[3, 1, 0.4]]] as const)(
    "is marching cubes' area of all 256 cubes with voxels of %j mm",
    (spacing: Vec3) => {
      const expected = tracedAreas(spacing);
      expect(new Set(expected.map((area) => area.toFixed(6))).size).toBeGreaterThan(12);
      for (const [code, area] of surfaceElementAreas(spacing).entries())
        expect(area).toBeCloseTo(expected[code], 9);
    },
  );

  it("is the face of a voxel where a flat surface runs between two", () => {
    const areas = surfaceElementAreas([2, 3, 5]);
    expect([areas[0b1111], areas[0b01010101], areas[0b00110011]]).toEqual([15, 10, 6]);
    expect([areas[0], areas[255]]).toEqual([0, 0]);
  });
});
