import { describe, expect, test } from "vitest";
import {
  type Geometry,
  gridDifference,
  lpsDirection,
  sameGeometry,
} from "../../../src/numerics/volume/index.ts";

const axial: Geometry = {
  size: [512, 512, 100],
  spacing: [0.8, 0.7, 3],
  origin: [-200, -180, 50],
  direction: lpsDirection,
};
const moved = (l: number, p: number, s: number): Geometry => ({
  ...axial,
  origin: [axial.origin[0] + l, axial.origin[1] + p, axial.origin[2] + s],
});
/** Turned about the head–foot axis. */
const turned = (degrees: number): Geometry => {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return {
    ...axial,
    direction: [
      [c, s, 0],
      [-s, c, 0],
      [0, 0, 1],
    ],
  };
};
const apart = (mm: number): Geometry => ({ ...axial, spacing: [0.8, 0.7, mm] });

describe("one grid", () => {
  test.each<[string, Geometry, boolean]>([
    ["rounding", moved(0.001, 0, 0), true],
    // A fifth of a voxel is 0.16, 0.14 and 0.6 mm.
    ["0.15 mm to the left", moved(0.15, 0, 0), true],
    ["0.17 mm to the left", moved(0.17, 0, 0), false],
    ["0.17 mm to the back", moved(0, 0.17, 0), false],
    ["0.5 mm to the head, of 3", moved(0, 0, 0.5), true],
    ["0.7 mm to the head, of 3", moved(0, 0, 0.7), false],
    // 99 · 0.005 mm and 99 · 0.01 mm.
    ["a distance that adds up to 0.5 mm", apart(3.005), true],
    ["a distance that adds up to 1 mm", apart(3.01), false],
    // 408.8 mm · sin 0.02° = 0.143 mm.
    ["axes turned by 0.015°", turned(0.015), true],
    ["axes turned by 0.05°", turned(0.05), false],
    ["one slice more", { ...axial, size: [512, 512, 101] }, false],
    ["a place that is no number", moved(Number.NaN, 0, 0), false],
  ])("%s: %o %s", (_, other, same) => {
    expect(sameGeometry(axial, other)).toBe(same);
    expect(sameGeometry(other, axial)).toBe(same);
  });

  test("of a closer share", () => {
    expect(sameGeometry(axial, moved(0.15, 0, 0), 1e-3)).toBe(false);
    expect(sameGeometry(axial, moved(0.0005, 0, 0), 1e-3)).toBe(true);
  });
});

test.each<[string, Geometry]>([
  ["512 × 512 × 100 and 512 × 512 × 101 voxels", { ...axial, size: [512, 512, 101] }],
  ["up to 2.4 mm apart head–foot, 0.8 of a voxel", moved(0, 0, 2.4)],
  ["up to 0.16 mm apart front–back, 0.23 of a voxel", moved(0.1, 0.16, 0)],
  ["up to 0.99 mm apart head–foot, 0.33 of a voxel, voxels of 3.00 and 3.01 mm head–foot", apart(3.01)],
  ["up to 14 mm apart front–back, 20 voxels, axes turned by 2.0°", turned(2)],
  ["a place that is not finite", moved(Number.NaN, 0, 0)],
])("what sets two grids apart is said: %s", (words, other) => {
  expect(gridDifference(axial, other)).toBe(words);
});
