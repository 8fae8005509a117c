import { expect, test } from "vitest";
import { withoutThird } from "../../../../src/learning/segmentation/twoStage/withoutThird.ts";
import { lpsDirection, type Vec3, type Volume } from "../../../../src/numerics/volume/index.ts";

type Corner = readonly [i: number, j: number, k: number];

/** Cubes of 4 voxels of 10 mm (64 mL), at these corners. */
function cubes(...corners: readonly Corner[]): Volume<Uint8Array<ArrayBuffer>> {
  const size: Vec3 = [40, 30, 40];
  const data = new Uint8Array(40 * 30 * 40);
  for (const [i0, j0, k0] of corners)
    for (let k = k0; k < k0 + 4; k++)
      for (let j = j0; j < j0 + 4; j++) for (let i = i0; i < i0 + 4; i++) data[i + 40 * (j + 30 * k)] = 1;
  return { size, spacing: [10, 10, 10], origin: [-200, -150, -400], direction: lpsDirection, data };
}
const voxels = ({ data }: Volume<Uint8Array>) => data.reduce((sum, label) => sum + label, 0);
const [right, left]: Corner[] = [
  [8, 20, 20],
  [28, 19, 21],
];

test.each([
  ["in front of two kidneys", [right, left, [18, 10, 21]], 1],
  ["beside them", [right, left, [18, 20, 21]], 0],
  ["lower, as a transplant", [right, left, [8, 10, 4]], 0],
  ["of a horseshoe and nothing else", [[18, 10, 21]], 0],
  ["of two", [right, [18, 10, 21]], 0],
] as [string, Corner[], number][])("what lies %s", (_, corners, dropped) => {
  const labels = cubes(...corners);
  const before = voxels(labels);
  expect(withoutThird(labels, { leastMl: 20 })).toEqual(Array(dropped).fill(64));
  expect(voxels(labels)).toBe(before - 64 * dropped);
  if (dropped > 0) expect(labels.data[18 + 40 * (10 + 30 * 21)]).toBe(0);
});
