import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Geometry,
  gridAround,
  indexToPoint,
  isotropic,
  pointToIndex,
  type Vec3,
  voxelVolumeMl,
  withSpacing,
} from "../../../src/numerics/volume/index.ts";
import { geometry as geometries, spacing as spacings } from "./arbitrary.ts";

const index = fc.tuple(
  fc.double({ min: -10, max: 10, noNaN: true }),
  fc.double({ min: -10, max: 10, noNaN: true }),
  fc.double({ min: -10, max: 10, noNaN: true }),
);

const close = (a: Vec3, b: Vec3, tolerance = 1e-8) =>
  Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) < tolerance;

const axial: Geometry = {
  size: [512, 512, 100],
  spacing: [0.8, 0.7, 3],
  origin: [-200, -180, 40],
  direction: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
};

describe("indexToPoint and pointToIndex", () => {
  it("step by the spacing along each axis", () => {
    expect(indexToPoint(axial, [10, 20, 30])).toEqual([-192, -166, 130]);
  });

  it("undo each other", () => {
    fc.assert(
      fc.property(geometries(), index, (geometry, at) => {
        expect(close(pointToIndex(geometry, indexToPoint(geometry, at)), at)).toBe(true);
      }),
    );
  });
});

describe("voxelVolumeMl", () => {
  it("is the product of the spacings at right angles, less where sheared", () => {
    expect(voxelVolumeMl(axial)).toBeCloseTo((0.8 * 0.7 * 3) / 1000, 12);
    const tilt = Math.PI / 6;
    const sheared: Geometry = {
      ...axial,
      direction: [
        [1, 0, 0],
        [0, 1, 0],
        [0, Math.sin(tilt), Math.cos(tilt)],
      ],
    };
    expect(voxelVolumeMl(sheared)).toBeCloseTo((0.8 * 0.7 * 3 * Math.cos(tilt)) / 1000, 12);
  });
});

describe("withSpacing", () => {
  it("keeps the centre and, within a voxel, the field of view", () => {
    fc.assert(
      fc.property(geometries(40), spacings, (geometry, spacing) => {
        const grid = withSpacing(geometry, spacing);
        const middle = ({ size }: Geometry): Vec3 => [
          (size[0] - 1) / 2,
          (size[1] - 1) / 2,
          (size[2] - 1) / 2,
        ];
        expect(close(indexToPoint(grid, middle(grid)), indexToPoint(geometry, middle(geometry)))).toBe(true);
        for (const a of [0, 1, 2]) {
          const field = geometry.size[a] * geometry.spacing[a];
          const difference = Math.abs(grid.size[a] * grid.spacing[a] - field);
          expect(difference).toBeLessThanOrEqual(Math.max(spacing[a] / 2 + 1e-9, spacing[a] - field));
        }
      }),
    );
    expect(isotropic(axial, 1.5).size).toEqual([273, 239, 200]);
  });
});

describe("gridAround", () => {
  it("has its middle at the point", () => {
    const grid = gridAround([10, -20, 30], [96, 96, 64], [1, 1, 2]);
    expect(indexToPoint(grid, [47.5, 47.5, 31.5])).toEqual([10, -20, 30]);
  });
});
