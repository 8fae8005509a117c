import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { blobs, smallSettings } from "../../learning/segmentation/train/blobs.ts";
import { here } from "./inProcess.ts";
import { sharedCohort } from "./tinyExperiment.ts";

let data: string;
let out: string;
beforeAll(async () => {
  data = await blobs(6);
  out = await mkdtemp(join(tmpdir(), "segment-"));
});
afterAll(async () => {
  for (const folder of [data, out]) await rm(folder, { recursive: true, force: true });
});

test("segment train writes a model that segment runs", async () => {
  const settings = join(out, "settings.json");
  await writeFile(settings, JSON.stringify(smallSettings({ stepsPerEpoch: 2 })));
  const model = join(out, "model");
  const options = ["--settings", settings, "--epochs", "1", "--folds", "3", "--fold", "2", "--json"];
  const trained = await here("segment", "train", data, "--out", model, ...options);
  expect(trained.stderr).not.toMatch(/^E_/m);
  const config = JSON.parse(trained.stdout);
  expect(config).toEqual(JSON.parse(await readFile(join(model, "config.json"), "utf8")));
  expect(config.settings).toEqual(smallSettings({ stepsPerEpoch: 2, epochs: 1 }));
  expect(config.fold).toMatchObject({ fold: 2, folds: 3, cases: 2 });

  const image = join(data, "imagesTr", "case_03_0000.nii.gz");
  const mask = join(out, "mask.nii.gz");
  const ran = await here("segment", image, "--model", model, "--out", mask, "--own-labels", "--json");
  expect(ran.status).toBe(0);
  expect(JSON.parse(ran.stdout).model).toEqual({ kind: "trinephron", labels: { "1": "ball", "2": "core" } });
});

test("a cohort's phases are images of one kind, by the outlines of its masks", async () => {
  const shared = await sharedCohort();
  const cohort = join(out, "cohort");
  await mkdir(cohort);
  await symlink(join(shared, "images"), join(cohort, "images"));
  const rows = (await readFile(join(shared, "cohort.csv"), "utf8")).split("\n");
  await writeFile(join(cohort, "cohort.csv"), rows.slice(0, 5).join("\n"));
  const settings = join(out, "of a cohort.json");
  await writeFile(
    settings,
    JSON.stringify(smallSettings({ spacing: [6, 6, 6], stepsPerEpoch: 2, epochs: 1 })),
  );
  const model = join(out, "from a cohort");
  const trained = await here("segment", "train", cohort, "--out", model, "--settings", settings, "--json");
  expect(trained.stderr).not.toMatch(/^E_/m);
  expect(JSON.parse(trained.stdout)).toMatchObject({
    labels: [
      { name: "kidney", value: 1 },
      { name: "tumor", value: 2 },
      { name: "cyst", value: 3 },
    ],
    cases: { train: 3, validation: 1 },
  });
  // Any one phase of a case will do.
  const image = join(cohort, "images", "A-0001", "excretory.nii.gz");
  const mask = join(out, "of a phase.nii.gz");
  expect((await here("segment", image, "--model", model, "--out", mask)).status).toBe(0);
});

test("drawn scans take the place of data, and the model says that they are simulated", async () => {
  const settings = join(out, "drawn.json");
  const drawn = {
    extent: [96, 96, 96] as [number, number, number],
    lesions: "kidney" as const,
    phantoms: 0.25,
  };
  const run = smallSettings({ spacing: [6, 6, 6], drawn, stepsPerEpoch: 2, epochs: 1 });
  await writeFile(settings, JSON.stringify(run));
  const model = join(out, "from drawn");
  const options = ["--drawn", "4", "--settings", settings, "--json"];
  const trained = await here("segment", "train", "--out", model, ...options);
  expect(trained.stderr).not.toMatch(/^E_/m);
  expect(JSON.parse(trained.stdout)).toMatchObject({
    labels: [{ name: "kidney", value: 1 }],
    channels: ["CT"],
    cases: { train: 3, validation: 1 },
    source: "drawn",
  });
  expect(await readFile(join(model, "MODEL_CARD.md"), "utf8")).toMatch(
    /3 simulated scans \(drawn abdomens.*, 25 % of them phantoms/,
  );
});

test.each([
  ["no data", []],
  ["both", [".", "--drawn", "4"]],
  ["--drawn 1", ["--drawn", "1"]],
  ["settings: spacing", ["--drawn", "4"]],
])("either data or drawn scans: %s", async (words, given) => {
  const { stderr, status } = await here("segment", "train", ...given, "--out", join(out, "neither"));
  expect(stderr).toMatch(/^E_USAGE: .*\n$/);
  expect(stderr).toContain(words);
  expect(status).toBe(2);
});

test.each([
  ["E_USAGE", ["--folds", "3"]],
  ["E_USAGE", ["--folds", "3", "--fold", "3"]],
  ["E_TOO_FEW", ["--folds", "7", "--fold", "0"]],
  ["E_FILE_MISSING", ["--settings", "none.json"]],
  ["E_FILE_MISSING", ["--folds", "none.json", "--fold", "0"]],
])("wrong options are refused in a line: %s %j", async (code, options) => {
  const { stderr, status } = await here("segment", "train", data, "--out", join(out, "none"), ...options);
  expect(stderr).toMatch(new RegExp(`^${code}: .*\\n$`));
  expect(status).toBe(code === "E_USAGE" ? 2 : 1);
});

test.each([
  [{ patch: [20, 16, 16] }, "multiples of 8"],
  [{ normalization: [1, 0] }, "the lower end first"],
  [{ images: ["CT"] }, "no image of this data set"],
  [{ folding: 1 }, "folding"],
])("settings that do not fit are refused: %j", async (settings, words) => {
  const file = join(out, "bad.json");
  await writeFile(file, JSON.stringify(settings));
  const { stderr, status } = await here(
    "segment",
    "train",
    data,
    "--out",
    join(out, "bad"),
    "--settings",
    file,
  );
  expect(stderr).toContain(words);
  expect(status).toBe(2);
});
