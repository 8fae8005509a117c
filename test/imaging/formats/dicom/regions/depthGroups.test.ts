import { describe, expect, test } from "vitest";
import { depthGroups, usualDistance } from "../../../../../src/imaging/formats/dicom/regions/depthGroups.ts";

const members = (depths: readonly number[], distance: number) =>
  depthGroups(depths, distance).map((group) => group.members);

describe("depths of one plane", () => {
  test("are those that differ by rounding, in whatever order", () => {
    expect(members([5, 2.51, 0, 2.49, 0.02, 5.01, 2.5], 2.5)).toEqual([
      [2, 4],
      [3, 6, 1],
      [0, 5],
    ]);
    expect(depthGroups([2.49, 2.51], 2.5)[0].depth).toBeCloseTo(2.5, 12);
    expect(members([1, 0, 1], 1)).toEqual([[1], [0, 2]]);
  });

  test("planes much nearer to each other than slices are planes", () => {
    const fine = Array.from({ length: 20 }, (_, n) => 0.5 * n);
    expect(depthGroups(fine, 5).length).toBe(20);
    expect(depthGroups([...fine, 30, 30.5], 5).length).toBe(22);
  });

  test("none, one", () => {
    expect(depthGroups([], 2.5)).toEqual([]);
    expect(depthGroups([3], 2.5)).toEqual([{ depth: 3, members: [0] }]);
  });
});

test("the usual distance: parts and rounding aside; none for two planes", () => {
  expect(usualDistance([0, 2.5, 5, 40, 42.5])).toBe(2.5);
  expect(usualDistance([0, 2.48, 5, 7.51, 10])).toBeCloseTo(2.5, 12);
  expect(usualDistance([0, 2.5])).toBe(0);
});
