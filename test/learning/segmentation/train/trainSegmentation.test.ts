import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readNifti } from "../../../../src/imaging/formats/nifti/index.ts";
import { readDataset } from "../../../../src/learning/segmentation/dataset/readDataset.ts";
import { openSegmentation } from "../../../../src/learning/segmentation/own/openSegmentation.ts";
import { readSegmentationFolder } from "../../../../src/learning/segmentation/own/segmentationFolder.ts";
import { dealtFolds } from "../../../../src/learning/segmentation/train/folds.ts";
import { dices } from "../../../../src/learning/segmentation/train/overlap.ts";
import { trainSegmentation } from "../../../../src/learning/segmentation/train/trainSegmentation.ts";
import { resample } from "../../../../src/numerics/volume/index.ts";
import { blobs, smallSettings } from "./blobs.ts";

let data: string;
let out: string;
const settings = smallSettings();
beforeAll(async () => {
  data = await blobs(10);
  out = await mkdtemp(join(tmpdir(), "segmentation-"));
});
afterAll(async () => {
  for (const folder of [data, out]) await rm(folder, { recursive: true, force: true });
});
const onnx = (folder: string) => readFile(join(folder, "segmentation.onnx"));

test("learns to outline, holds a fold out, and goes on from a stop to the same bits", async () => {
  const dataset = await readDataset(data);
  const cacheFolder = join(out, "cache");
  const heldOut = { folds: dealtFolds(dataset.cases, 5, settings.seed), fold: 1 };
  const whole = join(out, "whole");
  const config = await trainSegmentation(dataset, settings, { folder: whole, cacheFolder, heldOut });
  expect(config.cases).toEqual({ train: 7, validation: 1 });
  expect(config.fold).toMatchObject({ fold: 1, folds: 5, cases: 2 });
  for (const { name } of config.labels) expect(config.fold!.dice[name]).toBeGreaterThan(0.8);
  expect((await readdir(whole)).sort()).toEqual([
    "MODEL_CARD.md",
    "config.json",
    "folds.json",
    "segmentation.onnx",
    "training-log.csv",
  ]);
  expect((await readSegmentationFolder(whole)).config).toEqual(
    JSON.parse(await readFile(join(whole, "config.json"), "utf8")),
  );

  // Stopped in its second epoch, then called again.
  const stopped = join(out, "stopped");
  const controller = new AbortController();
  const progress = (step: string, done: number) => {
    if (step === "training" && done === 32) controller.abort();
  };
  const options = { folder: stopped, cacheFolder, heldOut };
  await expect(
    trainSegmentation(dataset, settings, { ...options, signal: controller.signal, progress }),
  ).rejects.toMatchObject({ code: "E_INTERRUPTED" });
  await trainSegmentation(dataset, settings, options);
  expect((await onnx(stopped)).equals(await onnx(whole))).toBe(true);

  // There already: returned as it is; of other settings: refused.
  expect(await trainSegmentation(dataset, settings, options)).toEqual(config);
  await expect(
    trainSegmentation(dataset, { ...settings, learningRate: 0.03 }, options),
  ).rejects.toMatchObject({ code: "E_FILE_EXISTS" });

  // An image that lies otherwise, of other voxels, is outlined where its ball is.
  const model = await openSegmentation(whole, { threads: 1 });
  const image = await readNifti(join(data, "imagesTr", "case_00_0000.nii.gz"));
  const truth = await readNifti(join(data, "labelsTr", "case_00.nii.gz"));
  const turned = {
    size: [16, 30, 20] as const,
    spacing: [1.25, 0.7, 0.9] as const,
    origin: [19, 0.2, 17] as const,
    direction: [
      [-1, 0, 0],
      [0, 1, 0],
      [0, 0, -1],
    ] as const,
  };
  const found = await model.segment([resample(image, turned)], { mirror: true });
  await model.close();
  const expected = Uint8Array.from(resample(truth, turned, { interpolation: "nearest" }).data);
  for (const dice of dices(found.data, expected, 2)) expect(dice).toBeGreaterThan(0.75);
  expect(found).toMatchObject(turned);
});

test("a model's folder that is damaged, or another's file, is refused by name", async () => {
  const folder = await mkdtemp(join(out, "none-"));
  await expect(readSegmentationFolder(folder)).rejects.toMatchObject({ code: "E_FILE_MISSING" });
});
