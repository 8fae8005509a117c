import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readDataset } from "../../../../src/learning/segmentation/dataset/readDataset.ts";
import {
  openSegmentationModel,
  type SegmentationModel,
} from "../../../../src/learning/segmentation/segmentationModel.ts";
import { dices } from "../../../../src/learning/segmentation/train/meanDice.ts";
import { trainSegmentation } from "../../../../src/learning/segmentation/train/trainSegmentation.ts";
import { joinModels } from "../../../../src/learning/segmentation/twoStage/twoStageFolder.ts";
import { oriented } from "../../../../src/numerics/volume/resample/orient.ts";
import { blobs, smallSettings } from "../train/blobs.ts";
import { kidneyBlobs, scene } from "./kidneyBlobs.ts";

let data: string;
let out: string;
let model: SegmentationModel;
/** Balls of half a millilitre stand for kidneys. */
const looks = { leastMl: 0.3, marginMm: 5, islandMm: 3, wholeMm: 0 };

beforeAll(async () => {
  data = await kidneyBlobs(8);
  out = await mkdtemp(join(tmpdir(), "two-stage-"));
  const dataset = await readDataset(data);
  const train = (name: string, mm: number, side: number) =>
    trainSegmentation(
      dataset,
      smallSettings({ spacing: [mm, mm, mm], patch: [side, side, side], stepsPerEpoch: 40, epochs: 2 }),
      { folder: join(out, name) },
    );
  await train("coarse", 2, 8);
  await train("fine", 1, 16);
  await joinModels(join(out, "coarse"), join(out, "fine"), join(out, "joined"), looks);
  model = await openSegmentationModel(join(out, "joined"), { threads: 1 });
});
afterAll(async () => {
  await model?.close();
  for (const folder of [data, out]) await rm(folder, { recursive: true, force: true });
});

const two = scene(
  [64, 34, 36],
  [
    { center: [14, 16, 18], radius: 6.5 },
    { center: [48, 18, 16], radius: 6 },
  ],
);

test("outlines what the coarse network finds, on the image's own grid, and says which kidneys there are", async () => {
  const remarks: string[] = [];
  const steps = new Set<string>();
  const turned = oriented(two.image, "ASR");
  const found = await model.segment([turned], {
    onRemark: (remark) => remarks.push(remark),
    progress: (step) => steps.add(step),
  });
  expect(found).toMatchObject({ size: turned.size, origin: turned.origin, direction: turned.direction });
  for (const dice of dices(oriented(found, "LPS").data, two.labels.data, 2))
    expect(dice).toBeGreaterThan(0.8);
  expect([...steps]).toEqual(["finding kidneys", "outlining, 1 of 2", "outlining, 2 of 2"]);
  expect(remarks.join("\n")).toMatch(/2 kidneys found: .*mL of tumour/);
  for (const side of ["left", "right"]) expect(remarks.join()).toContain(side);
  expect(model.labels).toEqual(
    new Map([
      [1, "kidney"],
      [2, "tumor"],
    ]),
  );
});

test("looks within a box alone where it is told one", async () => {
  const box = [
    [-30, 5, 100],
    [0, 39, 136],
  ] as const;
  const { data } = await model.segment([two.image], { box });
  const [nx] = two.image.size;
  expect(data.some((label) => label > 0)).toBe(true);
  expect(data.every((label, n) => label === 0 || n % nx < 40)).toBe(true);
});

test("a small image is left to the fine network", async () => {
  const folder = join(out, "small");
  await joinModels(join(out, "coarse"), join(out, "fine"), folder, { ...looks, wholeMm: 64 });
  const small = await openSegmentationModel(folder, { threads: 1 });
  const steps = new Set<string>();
  const { data } = await small.segment([two.image], { progress: (step) => steps.add(step) });
  await small.close();
  for (const dice of dices(data, two.labels.data, 2)) expect(dice).toBeGreaterThan(0.8);
  expect([...steps]).toEqual(["outlining, 1 of 1"]);
});

test("a box that cuts an outline is looked at again, wider", async () => {
  // A rod along i of the balls' intensity; what the coarse network is not asked about lies beyond the box.
  const rod = scene(
    [90, 30, 30],
    Array.from({ length: 28 }, (_, n) => ({
      ...{ center: [18 + 2 * n, 15, 15] as const, radius: 6, core: false },
    })),
  );
  const box = [
    [-30, 5, 100],
    [0, 34, 129],
  ] as const;
  const reach = async (widenMm: number) => {
    const folder = join(out, `wider ${widenMm}`);
    await joinModels(join(out, "coarse"), join(out, "fine"), folder, { ...looks, widenMm });
    const wide = await openSegmentationModel(folder, { threads: 1 });
    const remarks: string[] = [];
    const { data } = await wide.segment([rod.image], { box, onRemark: (remark) => remarks.push(remark) });
    await wide.close();
    const last = data.reduce((most, label, n) => (label > 0 ? Math.max(most, n % 90) : most), 0);
    return { last, cut: remarks.some((remark) => remark.includes("reaches the edge")) };
  };
  const [never, once] = [await reach(0), await reach(20)];
  expect(never.cut).toBe(true);
  expect(once.last).toBeGreaterThan(never.last + 15);
});

test("an image without anything has no kidney, and what is too small is none", async () => {
  const remarks: string[] = [];
  const speck = scene([40, 30, 30], [{ center: [20, 15, 15], radius: 2.5, core: false }]);
  const { data } = await model.segment([speck.image], { onRemark: (remark) => remarks.push(remark) });
  expect(data.every((label) => label === 0)).toBe(true);
  expect(remarks).toContain("no kidney found");
});

test("models that do not go together, and broken folders, are refused by name", async () => {
  const others = await blobs(3);
  const dataset = await readDataset(others);
  await trainSegmentation(dataset, smallSettings({ patch: [8, 8, 8], stepsPerEpoch: 1, epochs: 1 }), {
    folder: join(out, "MR"),
  });
  await rm(others, { recursive: true });
  const join2 = (a: string, b: string, to: string) => joinModels(join(out, a), join(out, b), join(out, to));
  await expect(join2("coarse", "MR", "none")).rejects.toMatchObject({ code: "E_MODEL" });
  await expect(join2("coarse", "nothing", "none")).rejects.toMatchObject({ code: "E_FILE_MISSING" });
  await expect(join2("coarse", "fine", "joined")).rejects.toMatchObject({ code: "E_FILE_EXISTS" });
  await join2("coarse", "fine", "broken");
  const file = join(out, "broken", "two-stage.json");
  const config = JSON.parse(await readFile(file, "utf8"));
  for (const [change, code] of [
    [{ coarse: "../coarse" }, "E_FORMAT"],
    [{ coarse: "elsewhere" }, "E_FILE_MISSING"],
    [{ format: "trinephron-two-stage/2" }, "E_FORMAT"],
    [{ leastMl: 0 }, "E_FORMAT"],
  ] as const) {
    await writeFile(file, JSON.stringify({ ...config, ...change }));
    await expect(openSegmentationModel(join(out, "broken"))).rejects.toMatchObject({ code });
  }
});
