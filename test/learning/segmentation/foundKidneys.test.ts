import { expect, test } from "vitest";
import { foundKidneys, foundText } from "../../../src/learning/segmentation/foundKidneys.ts";
import { lpsDirection, type Vec3, type Volume } from "../../../src/numerics/volume/index.ts";

const size: Vec3 = [60, 20, 20];
type Block = readonly [label: number, start: Vec3, end: Vec3];

/** Blocks of labels in a grid of 5 mm voxels (0.125 mL), its middle at LPS (0, 0, 0). */
function mask(...blocks: readonly Block[]): Volume<Uint8Array> {
  const data = new Uint8Array(size[0] * size[1] * size[2]);
  for (const [label, start, end] of blocks)
    for (let k = start[2]; k < end[2]; k++)
      for (let j = start[1]; j < end[1]; j++)
        data.fill(label, start[0] + size[0] * (j + size[1] * k), end[0] + size[0] * (j + size[1] * k));
  const origin = size.map((n) => -2.5 * (n - 1)) as unknown as Vec3;
  return { size, spacing: [5, 5, 5], origin, direction: lpsDirection, data };
}
const right: Block = [1, [4, 4, 4], [14, 14, 14]];

test("kidneys by side, the largest first, with the pieces that lie beside them", () => {
  const found = foundKidneys(
    mask(right, [1, [40, 4, 4], [48, 12, 12]], [2, [48, 4, 4], [50, 12, 12]], [3, [55, 4, 4], [56, 5, 6]]),
  );
  expect(found.map(({ side, kidney, tumor, cyst }) => [side, kidney, tumor, cyst])).toEqual([
    ["right", 125, 0, 0],
    ["left", 64, 16, 0.25],
  ]);
  expect(found[0].center).toEqual([-105, -5, -5]);
  expect(foundText(found)).toBe(
    "2 kidneys found: right 125 mL, left 64 mL with 16 mL of tumour and 0.3 mL of cyst",
  );
});

test("both kidneys may lie to one side of the image; one alone is told by the image's middle", () => {
  const sides = (...blocks: readonly Block[]) => foundKidneys(mask(...blocks)).map(({ side }) => side);
  expect(sides(right, [1, [17, 4, 4], [26, 13, 13]])).toEqual(["right", "left"]);
  expect(sides(right)).toEqual(["right"]);
  expect(sides([1, [40, 4, 4], [48, 12, 12]])).toEqual(["left"]);
  expect(foundKidneys(mask([1, [4, 4, 4], [9, 9, 9]]))).toEqual([]);
  expect(foundText(foundKidneys(mask()))).toBe("no kidney found");
});
