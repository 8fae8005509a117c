import { expect, test } from "vitest";
import { occlusion } from "../../../../src/evidence/predict/reasons/occlusion.ts";
import type { Crop } from "../../../../src/learning/crop/cropInput.ts";
import type { Predictor } from "../../../../src/learning/trained/predictor.ts";
import { settings } from "../../../learning/train/crops.ts";

const side = settings.voxels;
const size = side ** 3;
const at = (i: number, j: number, k: number) => i + side * (j + side * k);

/** A model that looks at one voxel of the first phase alone. */
const looksAt = (voxel: number): Predictor => ({
  answer: async ({ hu }) => ({
    probabilities: { histology: hu[voxel] > 100 ? 0.9 : 0.2, stage: 0.5 },
    logits: {},
    gates: [],
  }),
  close: async () => {},
});

const mask = new Uint8Array(2 * size).fill(255);
const hu = new Int16Array(3 * size);
hu[at(5, 2, 3)] = 300;
const crop: Crop = { case: "one bright voxel", hu, present: [true, true, true], mask };

test("the probability falls where the voxel it rests on is covered, and nowhere else", async () => {
  const maps = await occlusion(looksAt(at(5, 2, 3)), crop, settings, ["histology", "stage"]);
  const map = maps.histology!;
  expect(map.indexOf(Math.max(...map))).toBeGreaterThanOrEqual(0);
  expect(map[at(5, 2, 3)]).toBeCloseTo(0.7, 6);
  expect(map[at(0, 7, 7)]).toBe(0);
  expect(maps.stage!.every((value) => value === 0)).toBe(true);
});

test("what is covered is covered in the wider cube too", async () => {
  const wide = { ...settings, contextMm: 2 * settings.fieldOfViewMm };
  // The crop's voxels 4 and 5, of 8, lie in the wider cube's 4.
  const looksWider: Predictor = {
    ...looksAt(0),
    answer: async ({ context }) => ({
      probabilities: { histology: context!.hu[at(4, 3, 3)] > 100 ? 0.9 : 0.2 },
      logits: {},
      gates: [],
    }),
  };
  const context = { hu: Int16Array.from(hu, (_, v) => (v === at(4, 3, 3) ? 300 : 0)), mask };
  const map = (await occlusion(looksWider, { ...crop, context }, wide, ["histology"])).histology!;
  expect(map[at(4, 2, 2)]).toBeGreaterThan(0);
  expect(map[at(0, 7, 7)]).toBe(0);
});

test("only cubes that touch the kidney are covered", async () => {
  const lone = { ...crop, mask: mask.map((_, v) => (v % size === at(0, 0, 0) ? 255 : 0)) };
  let total = 0;
  await occlusion(looksAt(0), lone, settings, ["histology"], { progress: (_, n) => (total = n) });
  expect(total).toBe(1);
});

test("stops when told", async () => {
  const signal = AbortSignal.abort();
  await expect(occlusion(looksAt(0), crop, settings, ["histology"], { signal })).rejects.toThrow();
});
