import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeNifti } from "../../../src/imaging/formats/nifti/index.ts";
import { developmentCases, developmentData, labeled } from "../../../src/learning/train/development.ts";
import type { Case, Stage } from "../../../src/patients/cohort/case.ts";
import { caseOf } from "../../patients/cohort/arbitrary.ts";
import { ct, kidneys } from "../../patients/cohort/bodies.ts";
import { tinySettings } from "./tinyRun.ts";

const folder = await mkdtemp(join(tmpdir(), "trinephron-development-"));
afterAll(() => rm(folder, { recursive: true }));
await writeNifti(join(folder, "mask.nii"), kidneys());
await writeNifti(join(folder, "image.nii"), ct(kidneys(), 195, 180, 12));

const stages: Stage[] = ["I", "III", "II", "IV"];
const cases = Array.from({ length: 20 }, (_, i) =>
  caseOf(`c${i}`, {
    // Two studies of each person.
    patient: `p${i >> 1}`,
    images: { nephrographic: "image.nii" },
    mask: "mask.nii",
    histology: (i >> 1) % 2 ? "clear_cell" : "papillary",
    ...(i !== 7 && { stage: stages[(i >> 1) % 4] }),
  }),
);
const options = { cacheFolder: join(folder, "cache"), threads: 1 };
const load = (all: readonly Case[], more = {}) =>
  developmentData({ folder, cases: all }, tinySettings({ validationFraction: 0.4, ...more }), options);

test("holds the centre's own cases, split by patient; no file of another centre is opened", async () => {
  const foreign = caseOf("z", { center: "B", images: { nephrographic: "nowhere.nii" }, mask: "nowhere.nii" });
  const data = await load([...cases, foreign]);
  expect(data.crops.map((crop) => crop.case)).toEqual(cases.map((c) => c.case));
  expect([...data.train, ...data.validation].sort((a, b) => a - b)).toEqual(cases.map((_, i) => i));
  const patients = (part: readonly number[]) => new Set(part.map((i) => cases[i].patient));
  const seen = patients(data.train);
  expect([...patients(data.validation)].filter((patient) => seen.has(patient))).toEqual([]);
  expect(data.labels[7]).toEqual([1, undefined]);
  expect(data).toEqual(await load(cases));
});

test("its hash follows names, labels and split", async () => {
  const { hash } = await load(cases);
  const [first, ...rest] = cases;
  expect((await load([{ ...first, age: 50 }, ...rest])).hash).toBe(hash);
  expect((await load([{ ...first, case: "other" }, ...rest])).hash).not.toBe(hash);
  expect((await load([{ ...first, stage: "IV" }, ...rest])).hash).not.toBe(hash);
  expect((await load(cases, { validationFraction: 0.3 })).hash).not.toBe(hash);
});

test("given parts take the place of the split, and labels withheld are unknown", () => {
  const validation = cases.slice(4, 12).map((c) => c.case);
  const settings = tinySettings({ validationFraction: 0.4 });
  const withheld = (stage: string[]) =>
    developmentCases({ folder, cases }, settings, { validation, unlabeled: { stage } });
  const { tasks, labels, train, validation: validating } = withheld(["c0", "c13"]);
  expect(validating.map((i) => cases[i].case)).toEqual(validation);
  expect(train).toEqual([...cases.keys()].filter((i) => i < 4 || i > 11));
  const stageAt = tasks.findIndex(({ name }) => name === "stage");
  labels.forEach((row, i) =>
    expect(row).toEqual(
      withheld([]).labels[i].map((label, t) => (t === stageAt && (i === 0 || i === 13) ? undefined : label)),
    ),
  );
  expect(() => developmentCases({ folder, cases }, settings, { validation: validation.slice(1) })).toThrow(
    expect.objectContaining({ code: "E_COHORT", message: "patient p2 both trains and validates" }),
  );
  const late = cases.flatMap((c) => (c.stage === "III" || c.stage === "IV" ? [c.case] : []));
  expect(() => withheld(late)).toThrow(
    expect.objectContaining({ code: "E_ONE_CLASS", message: expect.stringContaining("stage") }),
  );
});

test("class weights make both classes weigh the same, one a case in the mean", async () => {
  const { classWeights, train, labels } = await load(cases, { classWeights: true });
  classWeights.forEach((weights, t) => {
    const of = (value: 0 | 1) => train.filter((i) => labels[i][t] === value).length * weights[value];
    expect(of(0)).toBeCloseTo(of(1), 12);
    expect(of(0) + of(1)).toBeCloseTo(train.filter((i) => labels[i][t] !== undefined).length, 12);
  });
});

test("labelled leaves out what is unknown", async () => {
  const data = await load(cases);
  const logits = Float32Array.from({ length: 40 }, (_, i) => i);
  const all = cases.map((_, i) => i);
  expect(labeled(data, all, logits, 0).logits.length).toBe(20);
  const { logits: known } = labeled(data, all, logits, 1);
  expect(known).toEqual(all.filter((i) => i !== 7).map((i) => 2 * i + 1));
});

test("no case of the centre, one class in either part, fewer cases than a batch", async () => {
  await expect(load(cases, { center: "C" })).rejects.toMatchObject({ code: "E_COHORT" });
  const all = cases.map((c) => ({ ...c, stage: "I" as const }));
  await expect(load(all)).rejects.toMatchObject({
    code: "E_ONE_CLASS",
    message: expect.stringContaining("stage"),
  });
  await expect(load(cases, { batch: 13 })).rejects.toMatchObject({ code: "E_TOO_FEW" });
});
