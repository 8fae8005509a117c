import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { register } from "../../../src/apps/cli/predict.ts";
import { predictionSchema, researchUse } from "../../../src/evidence/predict/prediction.ts";
import { parseDataSet, readSegmentation } from "../../../src/imaging/formats/dicom/index.ts";
import { writeNifti } from "../../../src/imaging/formats/nifti/index.ts";
import { writeModelFolder } from "../../../src/learning/trained/modelFolder.ts";
import { phases } from "../../../src/patients/cohort/case.ts";
import { tinyModel } from "../../evidence/predict/tinyModel.ts";
import { paintedPatient, studyFiles } from "../../patients/study/studyFiles.ts";
import { inProcess } from "./inProcess.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-predict-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...path: string[]) => join(folder, ...path);
const painted = paintedPatient(5);

const run = (...args: string[]) => inProcess(register, "predict", ...args);

beforeAll(async () => {
  await writeModelFolder({ ...(await tinyModel()), folder: at("model") });
  mkdirSync(at("study"));
  const shifts = { excretory: [6, -9, 11] } as const;
  for (const [n, { source }] of (await studyFiles(painted, { shifts })).entries())
    writeFileSync(at("study", `IM${n}`), await source.whole());
  for (const phase of phases) await writeNifti(at(`${phase}.nii.gz`), painted.phases[phase]);
  await writeNifti(at("mask.nii.gz"), painted.mask);
});

describe("a DICOM study", () => {
  test("gives three phases, answers with reasons, and every file", async () => {
    const { stdout } = await run(at("study"), "--model", at("model"), "--out", at("out"));
    expect(stdout).toMatch(new RegExp(`^${researchUse.replaceAll(".", "\\.")}`));
    const prediction = predictionSchema.parse(JSON.parse(readFileSync(at("out", "prediction.json"), "utf8")));
    expect(prediction.phases.map(({ phase }) => phase)).toEqual(phases);
    expect(prediction.missingPhases).toEqual([]);
    expect(prediction.patient).toMatchObject({ id: "P1", name: "Test^Patient" });
    const { alignment } = prediction.phases[2];
    expect(alignment?.used).toBe(true);
    [6, -9, 11].forEach((mm, a) => expect(alignment?.translationMm[a]).toBeCloseTo(mm, 0));
    for (const { task, probability, reasons, gates } of prediction.answers) {
      expect(["histology", "stage"]).toContain(task);
      expect(probability).toBeGreaterThan(0);
      expect(reasons?.features.length).toBe(5);
      for (const { weights } of gates) expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    }
    // Trained on drawn noise: a kidney is unlike it, and the page says what the model was trained on.
    expect(prediction.familiarity?.unlike).toBe(true);
    expect(prediction.warnings.join()).toMatch(/trained on procedural images/);

    const seg = readSegmentation(parseDataSet(readFileSync(at("out", "mask.seg.dcm")), "seg"), "seg");
    const tumor = seg.segments.find(({ label }) => label === "Tumor")!;
    const voxels = (data: ArrayLike<number>, label: number) =>
      Array.from(data).reduce((n, v) => n + (v === label ? 1 : 0), 0);
    expect(voxels((await seg.mask(tumor.number)).data, 1)).toBe(voxels(painted.mask.data, 2));
    for (const name of ["report.html", "report.fhir.json"])
      expect(readFileSync(at("out", name), "utf8")).toContain(researchUse);
    expect(readFileSync(at("out", "report.sr.dcm")).toString("latin1")).toContain(researchUse);
    expect(existsSync(at("out", "report.sc.dcm")) || stdout.length > 0).toBe(true);
  });

  test("is not written over without --force", async () => {
    const again = run(at("study"), "--model", at("model"), "--out", at("out"));
    await expect(again).rejects.toMatchObject({ code: "E_FILE_EXISTS" });
  });

  test("a phase the user names goes over what was found; a series that is not there is E_PHASE", async () => {
    const { stdout } = await run(
      ...[at("study"), "--model", at("model"), "--out", at("named"), "--no-align", "--no-explain", "--json"],
      ...["--phase", "nephrographic=7"],
    );
    const prediction = predictionSchema.parse(JSON.parse(stdout));
    expect(prediction.phases.find(({ phase }) => phase === "nephrographic")?.series?.number).toBe(7);
    const none = run(at("study"), "--model", at("model"), "--out", at("none"), "--phase", "excretory=99");
    await expect(none).rejects.toMatchObject({ code: "E_PHASE" });
    expect(existsSync(at("none"))).toBe(false);
  });
});

test("NIfTI images with a mask: no DICOM comes out, and that is said", async () => {
  const images = phases.slice(0, 2).flatMap((phase) => ["--image", `${phase}=${at(`${phase}.nii.gz`)}`]);
  const { stderr } = await run(
    ...[...images, "--mask", at("mask.nii.gz"), "--model", at("model"), "--out", at("nifti"), "--no-explain"],
  );
  expect(stderr).toMatch(/no DICOM objects/);
  expect(readdirSync(at("nifti")).sort()).toEqual(["prediction.json", "report.fhir.json", "report.html"]);
  const prediction = JSON.parse(readFileSync(at("nifti", "prediction.json"), "utf8"));
  expect(prediction.missingPhases).toEqual(["excretory"]);
});

test.each([
  ["neither study nor images", [], "E_USAGE"],
  ["both", ["study", "--image", "excretory=x.nii"], "E_USAGE"],
  ["no such phase", ["--image", "venous=x.nii"], "E_USAGE"],
  ["a phase twice", ["--image", "excretory=x", "--image", "excretory=y"], "E_USAGE"],
  ["a point of two numbers", ["study", "--point", "1,2"], "E_USAGE"],
  ["a box that is none", ["study", "--box", "1,2,3,4,5,x"], "E_USAGE"],
  ["a study that is not there", ["nothing"], "E_FILE_MISSING"],
  ["no DICOM", ["model"], "E_FORMAT"],
])("%s", async (_, args, code) => {
  const own = args.map((arg) => (["study", "nothing", "model"].includes(arg) ? at(arg) : arg));
  const wrong = run(...own, "--model", at("model"), "--out", at("wrong"));
  await expect(wrong).rejects.toMatchObject({ code });
  expect(existsSync(at("wrong"))).toBe(false);
});
