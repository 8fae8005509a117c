import { expect, test } from "vitest";
import { kidneyBoxes } from "../../../../src/learning/segmentation/twoStage/kidneyBoxes.ts";
import type { Vec3, Volume } from "../../../../src/numerics/volume/index.ts";

/** 4 mm voxels, j turned round; voxel (0, 0, 0) lies at LPS (−100, 80, 10). */
const size: Vec3 = [50, 40, 30];
function mask(...blocks: readonly [start: Vec3, end: Vec3][]): Volume<Uint8Array> {
  const data = new Uint8Array(size[0] * size[1] * size[2]);
  for (const [start, end] of blocks)
    for (let k = start[2]; k < end[2]; k++)
      for (let j = start[1]; j < end[1]; j++)
        data.fill(1, start[0] + size[0] * (j + size[1] * k), end[0] + size[0] * (j + size[1] * k));
  const direction = [
    [1, 0, 0],
    [0, -1, 0],
    [0, 0, 1],
  ] as const;
  return { size, spacing: [4, 4, 4], origin: [-100, 80, 10], direction, data };
}
const options = { leastMl: 20, marginMm: 8, mostBoxes: 4 };

test("a box around each plausible find, largest first, in the patient's millimetres", () => {
  // 8·8·8 and 10·8·8 voxels of 0.064 mL, and one of 6·6·6 = 13.8 mL.
  const found = mask(
    [
      [4, 5, 6],
      [12, 13, 14],
    ],
    [
      [30, 20, 10],
      [40, 28, 18],
    ],
    [
      [20, 32, 20],
      [26, 38, 26],
    ],
  );
  const { boxes, passedOver } = kidneyBoxes(found, options);
  expect(passedOver).toBe(0);
  expect(boxes).toEqual([
    [
      [-100 + 29.5 * 4 - 8, 80 - 27.5 * 4 - 8, 10 + 9.5 * 4 - 8],
      [-100 + 39.5 * 4 + 8, 80 - 19.5 * 4 + 8, 10 + 17.5 * 4 + 8],
    ],
    [
      [-100 + 3.5 * 4 - 8, 80 - 12.5 * 4 - 8, 10 + 5.5 * 4 - 8],
      [-100 + 11.5 * 4 + 8, 80 - 4.5 * 4 + 8, 10 + 13.5 * 4 + 8],
    ],
  ]);
  expect(kidneyBoxes(found, { ...options, mostBoxes: 1 })).toEqual({ boxes: [boxes[0]], passedOver: 1 });
});

test("two pieces of one kidney are looked at once; nothing is no box", () => {
  const halves = mask(
    [
      [10, 10, 4],
      [18, 18, 12],
    ],
    [
      [10, 10, 13],
      [18, 18, 21],
    ],
  );
  const { boxes } = kidneyBoxes(halves, { ...options, marginMm: 40 });
  expect(boxes).toEqual([
    [
      [-100 + 9.5 * 4 - 40, 80 - 17.5 * 4 - 40, 10 + 3.5 * 4 - 40],
      [-100 + 17.5 * 4 + 40, 80 - 9.5 * 4 + 40, 10 + 20.5 * 4 + 40],
    ],
  ]);
  expect(kidneyBoxes(mask(), options)).toEqual({ boxes: [], passedOver: 0 });
});
