import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readNifti } from "../../../../src/imaging/formats/nifti/index.ts";
import type { SegmentationDataset } from "../../../../src/learning/segmentation/dataset/dataset.ts";
import { readDataset } from "../../../../src/learning/segmentation/dataset/readDataset.ts";
import type { SegmentationConfig } from "../../../../src/learning/segmentation/own/segmentationConfig.ts";
import { readSegmentationFolder } from "../../../../src/learning/segmentation/own/segmentationFolder.ts";
import { openSegmentationModel } from "../../../../src/learning/segmentation/segmentationModel.ts";
import { dealtFolds } from "../../../../src/learning/segmentation/train/folds.ts";
import { dices } from "../../../../src/learning/segmentation/train/meanDice.ts";
import type { SegmentSettingsInput } from "../../../../src/learning/segmentation/train/segmentSettings.ts";
import {
  type TrainSegmentationOptions as Options,
  trainSegmentation,
} from "../../../../src/learning/segmentation/train/trainSegmentation.ts";
import { resample } from "../../../../src/numerics/volume/index.ts";
import { blobs, smallSettings } from "./blobs.ts";

let data: string;
let out: string;
let whole: string;
let dataset: SegmentationDataset;
let config: SegmentationConfig;
const heldOut = () => ({ folds: dealtFolds(dataset.cases, 5, 1), fold: 1 });
const train = (name: string, more: SegmentSettingsInput = {}, options: Partial<Options> = {}) =>
  trainSegmentation(dataset, smallSettings(more), {
    ...{ folder: join(out, name), cacheFolder: join(out, "cache"), heldOut: heldOut() },
    ...options,
  });
const onnx = (name: string) => readFile(join(out, name, "segmentation.onnx"));

beforeAll(async () => {
  data = await blobs(10);
  out = await mkdtemp(join(tmpdir(), "segmentation-"));
  whole = join(out, "whole");
  dataset = await readDataset(data);
  config = await train("whole");
});
afterAll(async () => {
  for (const folder of [data, out]) await rm(folder, { recursive: true, force: true });
});

test("learns to outline, and holds a fold out", async () => {
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
});

test("goes on from a stop to the same bits; finished, it is returned as it is", async () => {
  const short = { stepsPerEpoch: 3, epochs: 3 };
  const first = await train("never stopped", short);
  // Stopped in its second epoch, then called again.
  const controller = new AbortController();
  const progress = (step: string, done: number) => {
    if (step === "training" && done === 5) controller.abort();
  };
  await expect(train("stopped", short, { signal: controller.signal, progress })).rejects.toMatchObject({
    code: "E_INTERRUPTED",
  });
  await train("stopped", short);
  expect((await onnx("stopped")).equals(await onnx("never stopped"))).toBe(true);
  expect(await train("stopped", short)).toEqual(first);
  await expect(train("stopped", { ...short, learningRate: 0.01 })).rejects.toMatchObject({
    code: "E_FILE_EXISTS",
  });
});

test("starts from another model's weights where its init names one", async () => {
  const short = { stepsPerEpoch: 2, epochs: 1, warmupSteps: 1000 };
  const first = async (name: string, init: string) => {
    const config = await train(name, { ...short, init });
    const [, row] = (await readFile(join(out, name, "training-log.csv"), "utf8")).split("\n");
    return { config, loss: Number(row.split(",")[2]) };
  };
  const [random, started] = [await first("random", "none"), await first("started", whole)];
  expect(started.loss).toBeLessThan(0.5 * random.loss);
  expect(random.config.startedFrom).toBeUndefined();
  expect(started.config.startedFrom).toBe(
    createHash("sha256")
      .update(await onnx(basename(whole)))
      .digest("hex"),
  );
  await expect(
    train("wider", { ...short, init: whole, backbone: { width: 5, stages: 2 } }),
  ).rejects.toMatchObject({ code: "E_USAGE" });
});

test("outlines an image that lies otherwise, of other voxels, where its ball is", async () => {
  const model = await openSegmentationModel(whole, { threads: 1 });
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
