import { expect, test } from "vitest";
import { withoutIslands } from "../../../../src/learning/segmentation/twoStage/withoutIslands.ts";
import type { Vec3 } from "../../../../src/numerics/volume/index.ts";

const size: Vec3 = [40, 20, 20];
const spacing: Vec3 = [2, 2, 2];
const at = (i: number, j: number, k: number) => i + size[0] * (j + size[1] * k);
/** A kidney of 8³ voxels (4.1 mL) from (2, 2, 2), its far edge at i = 9. */
function kidney(): Uint8Array {
  const labels = new Uint8Array(size[0] * size[1] * size[2]);
  for (let k = 2; k < 10; k++) for (let j = 2; j < 10; j++) labels.fill(1, at(2, j, k), at(10, j, k));
  return labels;
}

test("a piece near a kidney stays, one away from it is dropped", () => {
  const labels = kidney();
  labels[at(14, 5, 5)] = 2; // 5 voxels beyond: 10 mm
  labels[at(25, 5, 5)] = labels[at(26, 5, 5)] = 3;
  const dropped = withoutIslands(labels, size, spacing, { leastMl: 3, islandMm: 10 });
  expect(dropped).toEqual({ pieces: 1, ml: 2 * 0.008 });
  expect([labels[at(14, 5, 5)], labels[at(25, 5, 5)], labels[at(2, 2, 2)]]).toEqual([2, 0, 1]);
});

test("where nothing has a kidney's size, nothing stays", () => {
  const labels = kidney();
  labels[at(30, 10, 10)] = 1;
  expect(withoutIslands(labels, size, spacing, { leastMl: 20, islandMm: 10 }).pieces).toBe(2);
  expect(labels.every((label) => label === 0)).toBe(true);
  expect(withoutIslands(labels, size, spacing, { leastMl: 20, islandMm: 10 })).toEqual({ pieces: 0, ml: 0 });
});
