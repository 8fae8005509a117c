import { expect, test } from "vitest";
import { mirroredCorners } from "../../../../src/learning/segmentation/outline/pointedRegion.ts";
import { pointedLesion, withTumor } from "../../../../src/learning/segmentation/outline/pointedTumor.ts";
import { lpsDirection, type Vec3, type Volume } from "../../../../src/numerics/volume/index.ts";

/** Kidney with a tumour at i 4…7, a cyst at 12…14 and a tumour at 20…23, each within j, k 4…7; voxels of 2 mm from −10 mm. */
function mask(): Volume<Uint8Array<ArrayBuffer>> {
  const size: Vec3 = [30, 12, 12];
  const data = new Uint8Array(30 * 12 * 12).fill(1);
  const fill = (i0: number, i1: number, label: number) => {
    for (let k = 4; k <= 7; k++)
      for (let j = 4; j <= 7; j++) for (let i = i0; i <= i1; i++) data[i + 30 * (j + 12 * k)] = label;
  };
  fill(4, 7, 2);
  fill(12, 14, 3);
  fill(20, 23, 2);
  return { size, spacing: [2, 2, 2], origin: [-10, -10, -10], direction: lpsDirection, data };
}
const mm = (i: number, j = 5, k = 5): Vec3 => [-10 + 2 * i, -10 + 2 * j, -10 + 2 * k];
const firstOf = (piece: Uint8Array | undefined) =>
  piece && [piece.indexOf(1) % 30, piece.lastIndexOf(1) % 30];

test("a click means the lesion it lies in, or the nearest within 5 mm; a cyst too", () => {
  expect(firstOf(pointedLesion(mask(), { point: mm(5) }))).toEqual([4, 7]);
  expect(firstOf(pointedLesion(mask(), { point: mm(9) }))).toEqual([4, 7]);
  expect(firstOf(pointedLesion(mask(), { point: mm(13) }))).toEqual([12, 14]);
  expect(firstOf(pointedLesion(mask(), { point: mm(21) }))).toEqual([20, 23]);
  expect(pointedLesion(mask(), { point: mm(26.6) })).toBeUndefined();
  expect(pointedLesion({ ...mask(), data: new Uint8Array(30 * 144) }, { point: mm(5) })).toBeUndefined();
});

test("a box means the lesion of its place and size", () => {
  expect(firstOf(pointedLesion(mask(), { box: [mm(20, 4, 4), mm(23, 7, 7)] }))).toEqual([20, 23]);
  // The corners may be given in any order, and the box may be drawn a little wide.
  expect(firstOf(pointedLesion(mask(), { box: [mm(24, 7, 7), mm(20, 4, 3)] }))).toEqual([20, 23]);
  expect(pointedLesion(mask(), { box: [mm(0, 0, 0), mm(29, 11, 11)] })).toBeUndefined();
});

test("the tumour is what is pointed at; what else was taken for one is kidney", () => {
  const before = mask();
  const cyst = pointedLesion(before, { point: mm(13) })!;
  const { volume, elsewhereMl } = withTumor(before, cyst);
  expect(volume.data[5 + 30 * (5 + 12 * 5)]).toBe(1);
  expect(volume.data[13 + 30 * (5 + 12 * 5)]).toBe(2);
  expect(elsewhereMl).toBeCloseTo((2 * 64 * 8) / 1000);
  expect(before).toEqual(mask());
});

test("corners are mirrored about the middle of the image", () => {
  const corners = [mm(2, 1, 3), mm(6, 4, 9)] as const;
  expect(mirroredCorners(mask(), corners)).toEqual([mm(23, 1, 3), mm(27, 4, 9)]);
});
