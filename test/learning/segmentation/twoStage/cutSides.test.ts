import { expect, test } from "vitest";
import { cutSides, isCut, widened } from "../../../../src/learning/segmentation/twoStage/cutSides.ts";
import type { Box, Vec3 } from "../../../../src/numerics/volume/index.ts";

const size: Vec3 = [40, 30, 20];
const spacing: Vec3 = [2, 3, 5];
const box: Box = { start: [10, 0, 5], end: [20, 12, 15] };
/** Labels of the box, 1 where `inside` says of voxels counted from its corner. */
const labels = (inside: (i: number, j: number, k: number) => boolean) =>
  Uint8Array.from({ length: 10 * 12 * 10 }, (_, n) =>
    Number(inside(n % 10, Math.floor(n / 10) % 12, Math.floor(n / 120))),
  );

test("sides that an outline touches are cut, but for the image's own edge", () => {
  const whole = cutSides(
    labels(() => true),
    box,
    size,
    spacing,
  );
  expect(whole).toEqual([
    [true, true],
    [false, true],
    [true, true],
  ]);
  const within = labels((i, j, k) => i > 0 && i < 9 && j < 11 && k > 0 && k < 9);
  expect(isCut(cutSides(within, box, size, spacing))).toBe(false);
  expect(isCut(whole)).toBe(true);
});

test("a touch of less than a square centimetre does not count", () => {
  // Voxels of 3 × 5 mm on the side across i: six are 90 mm², seven 105 mm².
  const touch = (count: number) => labels((i, j, k) => i === 9 && k === 4 && j >= 2 && j < 2 + count);
  expect(isCut(cutSides(touch(6), box, size, spacing))).toBe(false);
  expect(cutSides(touch(7), box, size, spacing)[0]).toEqual([false, true]);
});

test("a box is widened where it cuts, in whole voxels", () => {
  const sides = [
    [false, true],
    [false, false],
    [true, false],
  ] as const;
  expect(widened(box, sides, 11, spacing)).toEqual({ start: [10, 0, 2], end: [26, 12, 15] });
});
