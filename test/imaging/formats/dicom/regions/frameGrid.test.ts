import { expect, test } from "vitest";
import type { Plane } from "../../../../../src/imaging/formats/dicom/index.ts";
import { frameGrid } from "../../../../../src/imaging/formats/dicom/regions/frameGrid.ts";

const plane = (z: number): Plane => ({
  position: [0, 0, z],
  row: [1, 0, 0],
  column: [0, 1, 0],
  spacing: [1, 1],
  thickness: 2,
  stack: undefined,
  temporalPosition: undefined,
  acquisition: undefined,
});

test("frames of one place whose decimals straddle a rounding are one place", () => {
  // Two segments a plane, 2 mm apart: written a millionth of a millimetre off half a micrometre.
  const planes = [0, 1, 2, 3].flatMap((k) => [plane(2 * k + 0.0004999), plane(2 * k + 0.0005001)]);
  const { geometry, planeOf } = frameGrid(planes, [4, 4], undefined, "mask");
  expect(geometry.size).toEqual([4, 4, 4]);
  expect(geometry.spacing[2]).toBeCloseTo(2, 3);
  expect(planeOf).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
});
