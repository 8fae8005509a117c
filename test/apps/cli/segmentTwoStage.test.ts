import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeNifti } from "../../../src/imaging/formats/nifti/index.ts";
import { readTwoStage } from "../../../src/learning/segmentation/twoStage/twoStageFolder.ts";
import { scene } from "../../learning/segmentation/twoStage/kidneyBlobs.ts";
import { here } from "./inProcess.ts";

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "kidneys-"));
});
afterAll(() => rm(out, { recursive: true, force: true }));

const tiny = {
  ...{ scans: 2, spacing: [8, 8, 8], patch: [8, 8, 8], backbone: { width: 4, stages: 2 }, threads: 1 },
  ...{ stepsPerEpoch: 1, epochs: 1, validationFraction: 0.4, drawn: { extent: [64, 64, 64] } },
};
const model = () => join(out, "model");

test("segment kidneys trains both networks on drawn scans and joins them; again it trains nothing", async () => {
  const settings = join(out, "settings.json");
  const coarse = { ...tiny, spacing: [16, 16, 16], drawn: { finer: 1 } };
  await writeFile(settings, JSON.stringify({ coarse, fine: tiny, join: { marginMm: 12 } }));
  const command = ["segment", "kidneys", "--out", model(), "--settings", settings, "--seed", "5", "--json"];
  const trained = await here(...command);
  expect(trained.stderr).not.toMatch(/^E_/m);
  const found = await readTwoStage(model());
  expect(JSON.parse(trained.stdout)).toEqual(found.config);
  expect(found.config).toMatchObject({ marginMm: 12, coarse: "coarse", fine: "fine" });
  expect(found.coarse).toMatchObject({ source: "drawn", spacing: [16, 16, 16], cases: { train: 1 } });
  expect(found.coarse.labels).toEqual([{ name: "kidney", value: 1 }]);
  expect(found.coarse.settings).toMatchObject({ seed: 5, drawn: { extent: "scan", lesions: "kidney" } });
  expect(found.fine.labels.map(({ value }) => value)).toEqual([1, 2, 3]);
  const files = ["coarse", "fine"].map((name) => join(model(), name, "segmentation.onnx"));
  const before = await Promise.all(files.map((file) => readFile(file)));
  const again = await here(...command);
  expect(again.stderr).not.toContain("training");
  expect(await Promise.all(files.map((file) => readFile(file)))).toEqual(before);
});

test("segment join makes one model of two that are there, and segment runs it", async () => {
  const settings = join(out, "join.json");
  await writeFile(settings, JSON.stringify({ leastMl: 0.5 }));
  const joined = join(out, "joined");
  const stages = ["coarse", "fine"].map((name) => join(model(), name));
  const made = await here("segment", "join", ...stages, "--out", joined, "--settings", settings, "--json");
  expect(JSON.parse(made.stdout)).toEqual(JSON.parse(await readFile(join(joined, "two-stage.json"), "utf8")));
  expect(JSON.parse(made.stdout).leastMl).toBe(0.5);
  const [image, mask] = ["image.nii.gz", "mask.nii.gz"].map((name) => join(out, name));
  await writeNifti(image, scene([40, 40, 40], [{ center: [20, 20, 20], radius: 9 }]).image);
  const ran = await here("segment", image, "--model", joined, "--out", mask, "--json");
  const found = JSON.parse(ran.stdout);
  expect(found.model).toEqual({
    kind: "trinephron",
    labels: { "1": "kidney", "2": "tumor", "3": "cyst" },
  });
  expect(found.remarks.join()).toMatch(/simulated scans alone.*kidneys? found/);
  const again = await here("segment", "join", ...stages, "--out", joined);
  expect(again.stderr).toMatch(/^E_FILE_EXISTS: .*\n$/);
});

test("settings of a join that do not fit are refused in a line", async () => {
  const settings = join(out, "bad join.json");
  await writeFile(settings, JSON.stringify({ marginMm: -1 }));
  const bad = await here("segment", "join", "a", "b", "--out", join(out, "no"), "--settings", settings);
  expect(bad.stderr).toMatch(/^E_USAGE: .*marginMm.*\n$/);
  expect(bad.status).toBe(2);
});

test.each([
  [{ fine: { scans: 1 } }, "fine: scans"],
  [{ coarse: { patch: [20, 20, 20] } }, "coarse: patch"],
  [{ medium: {} }, "medium"],
  [{ join: { islandMm: "far" } }, "join: islandMm"],
])("settings that do not fit are refused by name: %j", async (settings, words) => {
  const file = join(out, "bad.json");
  await writeFile(file, JSON.stringify(settings));
  const { stderr, status } = await here("segment", "kidneys", "--out", join(out, "bad"), "--settings", file);
  expect(stderr).toMatch(/^E_USAGE: .*\n$/);
  expect(stderr).toContain(words);
  expect(status).toBe(2);
});
