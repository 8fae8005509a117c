import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cohortDataset } from "../../../../src/learning/segmentation/dataset/cohortDataset.ts";
import { readDataset } from "../../../../src/learning/segmentation/dataset/readDataset.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dataset-"));
  for (const name of ["imagesTr", "labelsTr", "elsewhere"]) await mkdir(join(folder, name));
  for (const name of ["a_0000", "a_0001", "b_0000", "b_0001"])
    await writeFile(join(folder, "imagesTr", `${name}.nii.gz`), "");
  for (const name of ["b", "a"]) await writeFile(join(folder, "labelsTr", `${name}.nii.gz`), "");
});
afterAll(() => rm(folder, { recursive: true }));

const read = async (json: unknown, name = "dataset.json") => {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(json));
  return readDataset(path);
};

describe("a dataset.json", () => {
  test("of nnU-Net: labels by name, images by number", async () => {
    const found = await read({
      channel_names: { "0": "CT", "1": "CT" },
      labels: { background: 0, tumor: 2, kidney: 1 },
      file_ending: ".nii.gz",
      numTraining: 2,
    });
    expect(found.labels).toEqual([
      { name: "kidney", value: 1 },
      { name: "tumor", value: 2 },
    ]);
    expect(found.hounsfield).toBe(true);
    expect(found.cases.map((c) => c.case)).toEqual(["a", "b"]);
    expect(found.cases[0].images).toEqual([
      { path: join(folder, "imagesTr", "a_0000.nii.gz") },
      { path: join(folder, "imagesTr", "a_0001.nii.gz") },
    ]);
    // The folder that holds it means the same.
    expect(await readDataset(folder)).toEqual(found);
  });

  test("of the Decathlon: labels by value, cases listed, channels as frames; absolute paths, too", async () => {
    const found = await read({
      modality: { "0": "FLAIR", "1": "T1w" },
      labels: { "0": "background", "1": "edema" },
      training: [{ image: "./imagesTr/BRATS_001.nii.gz", label: "/data/labelsTr/BRATS_001.nii.gz" }],
    });
    const path = join(folder, "imagesTr", "BRATS_001.nii.gz");
    expect(found.cases).toEqual([
      {
        case: "BRATS_001",
        patient: "BRATS_001",
        images: [
          { path, frame: 0 },
          { path, frame: 1 },
        ],
        labels: "/data/labelsTr/BRATS_001.nii.gz",
      },
    ]);
    expect(found.channels).toEqual(["FLAIR", "T1w"]);
    expect(found.hounsfield).toBe(false);
  });

  test("may name other folders", async () => {
    const found = await read(
      { labels: { "0": "background", "1": "x" }, imagesTr: join(folder, "labelsTr"), labelsTr: "labelsTr" },
      "other.json",
    );
    expect(found.cases.map((c) => c.images[0]?.path)).toEqual(
      ["a", "b"].map((name) => join(folder, "labelsTr", `${name}.nii.gz`)),
    );
  });

  test.each([
    ["E_FORMAT", { labels: { "0": "background" } }],
    ["E_FORMAT", { labels: { "0": "background", a: 1, b: 1 } }],
    ["E_UNSUPPORTED", { labels: { background: 0, whole: [1, 2] } }],
    ["E_UNSUPPORTED", { labels: { background: 0, a: 1, ignore: 2 } }],
    ["E_FILE_MISSING", { labels: { a: 1 }, imagesTr: "elsewhere" }],
    ["E_FILE_MISSING", { labels: { a: 1 }, imagesTr: "nowhere" }],
    ["E_COHORT", { labels: { a: 1 }, labelsTr: "elsewhere" }],
    ["E_COHORT", { labels: { a: 1 }, training: Array(2).fill({ image: "a.nii", label: "a.nii" }) }],
    [
      "E_FORMAT",
      {
        modality: { "0": "x", "1": "y", "2": "z" },
        labels: { a: 1 },
        training: [{ image: ["a.nii", "b.nii"], label: "a.nii" }],
      },
    ],
    ["E_FORMAT", { nolabels: 1 }],
  ])("that does not serve is refused: %s %j", async (code, json) => {
    await expect(read(json, "bad.json")).rejects.toMatchObject({ code });
  });
});

test("a cohort gives its phases as images of one kind, and leaves out what has no mask", () => {
  const one = { center: "A", source: "real" as const };
  const cases = [
    { ...one, case: "1", patient: "p", images: { excretory: "1/e.nii" }, mask: "1/m.nii" },
    { ...one, case: "2", patient: "p", images: { excretory: "2/e.nii" } },
  ];
  const found = cohortDataset({ folder: "/c", cases });
  expect(found.cases).toEqual([
    { case: "1", patient: "p", images: [undefined, undefined, { path: "/c/1/e.nii" }], labels: "/c/1/m.nii" },
  ]);
  expect(found.labels.map((l) => l.value)).toEqual([1, 2, 3]);
  expect(cohortDataset({ folder: "/c", cases, masks: "tumor" }).labels).toEqual([
    { name: "tumor", value: 2 },
  ]);
  expect(() => cohortDataset({ folder: "/c", cases, masks: "none" })).toThrow("no masks");
  expect(() => cohortDataset({ folder: "/c", cases: [cases[1]] })).toThrow("no case");
});
