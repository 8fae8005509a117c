import { expect, test } from "vitest";
import { lpsDirection, type Volume } from "../../../src/numerics/volume/index.ts";
import { notHounsfield } from "../../../src/patients/study/notHounsfield.ts";

const grid = { size: [3, 1, 1], spacing: [1, 1, 1], origin: [0, 0, 0], direction: lpsDirection } as const;
const image = (...hu: number[]): Volume => ({ ...grid, data: Int16Array.from(hu) });
const kidney: Volume<Uint8Array> = { ...grid, data: Uint8Array.of(0, 1, 1) };

test.each([
  [image(-900, 30, 40), undefined],
  [image(-900, 250, 200), undefined],
  [image(0, 30, 40), "no voxel is below 0, so these are hardly Hounsfield units"],
  [image(-1024, 1054, 1064), "the kidney's median is 1.06e+3, so these are hardly Hounsfield units"],
  [image(-900, -100, -90), "the kidney's median is -90.0, so these are hardly Hounsfield units"],
])("what can hardly be HU is told", (volume, doubt) => {
  expect(notHounsfield(volume, kidney)).toBe(doubt);
});

test("without a kidney only what is below 0 tells", () => {
  expect(notHounsfield(image(-1024, 1054, 1064), undefined)).toBeUndefined();
});
