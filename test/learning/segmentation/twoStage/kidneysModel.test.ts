import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readNifti } from "../../../../src/imaging/formats/nifti/index.ts";
import { foundKidneys } from "../../../../src/learning/segmentation/foundKidneys.ts";
import { outlineWith } from "../../../../src/learning/segmentation/outline/outlineWith.ts";
import type { SegmentationModel } from "../../../../src/learning/segmentation/run/segmenter.ts";
import { dice, overlap } from "../../../../src/learning/segmentation/scores/overlap.ts";
import { openSegmentationModel } from "../../../../src/learning/segmentation/segmentationModel.ts";
import { readTwoStage } from "../../../../src/learning/segmentation/twoStage/twoStageFolder.ts";
import { parseTwoStageTraining } from "../../../../src/learning/segmentation/twoStage/twoStageTraining.ts";
import { type Geometry, lpsDirection, reorient } from "../../../../src/numerics/volume/index.ts";
import { maskOf } from "../../../../src/numerics/volume/maskOf.ts";
import { onGrid } from "../../../../src/patients/study/align.ts";
import {
  type AbdomenSettings,
  drawAbdomen,
  planAbdomen,
} from "../../../../src/patients/synthetic/abdomen/abdomen.ts";

const folder = fileURLToPath(new URL("../../../../models/kidneys", import.meta.url));
let model: SegmentationModel;
beforeAll(async () => {
  model = await openSegmentationModel(folder, { threads: 1 });
});
afterAll(() => model.close());

const isAny = (label: number) => label > 0;
const diceOf = (a: Uint8Array, b: Uint8Array) => dice(overlap(maskOf(a, isAny), maskOf(b, isAny)));

test("the model that comes along is what the command makes by itself, and names what it learnt from", async () => {
  const { config, coarse, fine } = await readTwoStage(folder);
  const training = parseTwoStageTraining({});
  // Threads and device are the machine's.
  const { threads: _, device: __, ...ofCoarse } = training.coarse.settings;
  const { threads: ___, device: ____, ...ofFine } = training.fine.settings;
  expect(coarse.settings).toMatchObject(ofCoarse);
  expect(fine.settings).toMatchObject(ofFine);
  expect(config).toMatchObject(training.join);
  for (const { source, cases } of [coarse, fine]) {
    expect(source).toBe("drawn");
    expect(cases.train).toBeGreaterThan(100);
  }
});

describe("a simulated abdomen that it has not seen", () => {
  const seed = 20_261_130;
  const drawn = (settings: AbdomenSettings) => {
    const { low, high } = planAbdomen(seed, settings);
    const spacing = 3;
    const size = (a: number) => Math.round((high[a] - low[a]) / spacing);
    const grid: Geometry = {
      size: [size(0), size(1), size(2)],
      spacing: [spacing, spacing, spacing],
      origin: low,
      direction: lpsDirection,
    };
    return drawAbdomen(seed, grid, settings);
  };

  test("two kidneys are outlined", async () => {
    const { image, labels } = drawn({ kidneys: "both", phase: "nephrographic", wide: 0 });
    const found = await model.segment([image]);
    expect(diceOf(found.data, labels.data)).toBeGreaterThan(0.9);
    expect(foundKidneys(found).map(({ side }) => side)).toEqual(expect.arrayContaining(["left", "right"]));
  });

  test("without kidneys, a study is refused", async () => {
    const { image } = drawn({ kidneys: "none", phase: "nephrographic", wide: 0 });
    await expect(outlineWith(folder, { threads: 1 })(image, "nephrographic")).rejects.toMatchObject({
      code: "E_MASK",
    });
  });
});

const data = fileURLToPath(new URL("../../../../../shared/data/nifti_nrrd_suite/nibabel/", import.meta.url));
if (!existsSync(data)) console.warn("skipped: ../shared/data/nifti_nrrd_suite is absent");

describe.skipIf(!existsSync(data))("real images (../shared/data)", () => {
  test("an MR image of a brain is refused", async () => {
    const stored = reorient(await readNifti(join(data, "anatomical.nii")));
    const image = onGrid(stored, stored);
    await expect(outlineWith(folder, { threads: 1 })(image, "nephrographic")).rejects.toMatchObject({
      code: "E_MASK",
    });
  });
});
