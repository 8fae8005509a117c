import { decode } from "fast-png";
import { expect, test } from "vitest";
import { failurePicture, worstCases } from "../../../../src/evidence/experiment/checks/failures.ts";
import type { Crop } from "../../../../src/learning/crop/cropInput.ts";
import { cropPicture } from "../../../../src/learning/crop/cropPicture.ts";
import { sigmoid } from "../../../../src/numerics/stats/index.ts";
import { studyTasks } from "../../../../src/patients/cohort/tasks.ts";
import { settings } from "../../../learning/train/crops.ts";
import { caseOf } from "../../../patients/cohort/arbitrary.ts";

test("the worst are those of the largest cross-entropy of the mean logit, each task by itself", () => {
  const cases = [0.5, -3, 2, -1, 900].map((_, i) =>
    caseOf(`c${i}`, { stage: i % 2 ? "III" : "I", ...(i < 4 && { histology: "clear_cell" }) }),
  );
  const model = (by: number) =>
    new Map(cases.map((c, i) => [c.case, { stage: [0.5, -3, 2, -1, 900][i] + by, histology: -i }]));
  const rows = worstCases(cases, studyTasks, [model(1), model(-1)], 3, (c) => `${c.case}.png`);
  const stage = rows.filter((row) => row.task === "stage");
  // c4, of stage I with a logit of 900, is wrong by more than a probability can say.
  expect(stage.map((row) => row.case)).toEqual(["c4", "c1", "c2"]);
  expect(stage[0].loss).toBeCloseTo(900, 10);
  expect(stage[1]).toMatchObject({ rank: 2, label: 1, stage: "III", sizeMm: null, picture: "c1.png" });
  expect(stage[1].loss).toBeCloseTo(-Math.log(sigmoid(-3)), 12);
  expect(stage[1].seeds).toEqual([sigmoid(-2), sigmoid(-4)]);
  expect(rows.filter((row) => row.task === "histology").map((row) => row.case)).toEqual(["c3", "c2", "c1"]);
});

test("a picture's name holds no path", () => {
  expect(failurePicture(caseOf("B-0001"))).toBe("failures/B-0001.png");
  expect(failurePicture(caseOf("../x"))).toMatch(/^failures\/[0-9a-f]{64}\.png$/);
});

test("a picture shows the slice of largest tumour area, each phase plain and under the masks", () => {
  const n = settings.voxels;
  const crop: Crop = {
    case: "c",
    present: [true, false, true],
    hu: new Int16Array(3 * n ** 3).fill(100),
    mask: new Uint8Array(2 * n ** 3),
  };
  const voxel = 2 + n * (3 + n * 5);
  crop.hu[voxel] = 350;
  for (const m of [0, 1]) crop.mask[m * n ** 3 + voxel] = 255;
  const picture = decode(cropPicture(crop, settings));
  expect([picture.width, picture.height, picture.channels]).toEqual([3 * n * 4, 2 * n * 4, 3]);
  const pixel = (tile: number, row: number, i: number, j: number) => {
    const at = 3 * (tile * n * 4 + 4 * i + 1 + picture.width * (row * n * 4 + 4 * j + 1));
    return [...picture.data.subarray(at, at + 3)];
  };
  expect(pixel(0, 0, 2, 3)).toEqual([255, 255, 255]);
  // Half of the window of −150 to 350 HU.
  expect(pixel(0, 0, 0, 0)).toEqual([128, 128, 128]);
  expect(pixel(0, 1, 0, 0)).toEqual([128, 128, 128]);
  const [red, , blue] = pixel(0, 1, 2, 3);
  expect(red).toBeGreaterThan(blue);
  expect(pixel(1, 0, 2, 3)).toEqual([0, 0, 0]);
  expect(pixel(2, 0, 0, 0)).toEqual([128, 128, 128]);
});
