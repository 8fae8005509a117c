import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readDataset } from "../../../src/learning/segmentation/dataset/readDataset.ts";
import { trainSegmentation } from "../../../src/learning/segmentation/train/trainSegmentation.ts";
import { smallSettings } from "../../learning/segmentation/train/blobs.ts";
import { kidneyBlobs } from "../../learning/segmentation/twoStage/kidneyBlobs.ts";
import { here } from "./inProcess.ts";

let data: string;
let model: string;
let out: string;
beforeAll(async () => {
  data = await kidneyBlobs(3);
  out = await mkdtemp(join(tmpdir(), "join-"));
  model = join(out, "model");
  const settings = smallSettings({ stepsPerEpoch: 1, epochs: 1 });
  await trainSegmentation(await readDataset(data), settings, { folder: model });
});
afterAll(async () => {
  for (const folder of [data, out]) await rm(folder, { recursive: true, force: true });
});

test("segment join makes a model that segment runs", async () => {
  const settings = join(out, "settings.json");
  await writeFile(settings, JSON.stringify({ leastMl: 0.5 }));
  const joined = join(out, "joined");
  const made = await here("segment", "join", model, model, "--out", joined, "--settings", settings, "--json");
  expect(JSON.parse(made.stdout)).toEqual(JSON.parse(await readFile(join(joined, "two-stage.json"), "utf8")));
  expect(JSON.parse(made.stdout).leastMl).toBe(0.5);
  const image = join(data, "imagesTr", "case_00_0000.nii.gz");
  const mask = join(out, "mask.nii.gz");
  const ran = await here("segment", image, "--model", joined, "--out", mask, "--json");
  const found = JSON.parse(ran.stdout);
  expect(found.model).toEqual({ kind: "trinephron", labels: { "1": "kidney", "2": "tumor" } });
  expect(found.remarks.join()).toMatch(/kidneys? found/);
  const again = await here("segment", "join", model, model, "--out", joined);
  expect(again.stderr).toMatch(/^E_FILE_EXISTS: .*\n$/);
});

test("settings that do not fit are refused in a line", async () => {
  const settings = join(out, "bad.json");
  await writeFile(settings, JSON.stringify({ marginMm: -1 }));
  const bad = await here("segment", "join", model, model, "--out", join(out, "no"), "--settings", settings);
  expect(bad.stderr).toMatch(/^E_USAGE: .*marginMm.*\n$/);
  expect(bad.status).toBe(2);
});
