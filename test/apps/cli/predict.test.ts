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
import { headerOf } from "../../../src/imaging/formats/dicom/file/header.ts";
import { parseDataSet, readSegmentation, uid } from "../../../src/imaging/formats/dicom/index.ts";
import { writeNifti } from "../../../src/imaging/formats/nifti/index.ts";
import { writeModelFolder } from "../../../src/learning/trained/modelFolder.ts";
import { phases } from "../../../src/patients/cohort/case.ts";
import { tinyModel } from "../../evidence/predict/tinyModel.ts";
import { dciodvfy, peer, python, pythonModule } from "../../imaging/formats/dicom/write/peers.ts";
import { faults } from "../../imaging/formats/fhir/published.ts";
import { byLabel, phantomModel } from "../../learning/segmentation/outline/phantomModel.ts";
import { paintedPatient, seriesUid, studyFiles } from "../../patients/study/studyFiles.ts";
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
    const none = run(
      ...[at("study"), "--model", at("model"), "--out", at("none"), "--no-align"],
      ...["--phase", "excretory=99"],
    );
    await expect(none).rejects.toMatchObject({ code: "E_PHASE" });
    expect(existsSync(at("none"))).toBe(false);
  });
});

describe("a study without a mask", () => {
  let made: Awaited<ReturnType<typeof phantomModel>>;
  beforeAll(async () => {
    made = await phantomModel();
    mkdirSync(at("unmasked"));
    // One phase, that shows the labels alone: what the model has learnt.
    const seen = { ...painted, phases: { ...painted.phases, nephrographic: byLabel(painted.mask) } };
    for (const [n, { source, header }] of (await studyFiles(seen, { withMask: false })).entries())
      if (header?.series.uid === seriesUid("nephrographic"))
        writeFileSync(at("unmasked", `IM${n}`), await source.whole());
  });
  afterAll(() => rmSync(made.folder, { recursive: true, force: true }));

  test("is outlined by a segmentation model, and every output says by which", async () => {
    const args = [at("unmasked"), "--model", at("model"), "--phase", "nephrographic=6", "--no-explain"];
    const out = at("outlined");
    const { stdout } = await run(...args, "--segmentation", made.model, "--out", out);
    const prediction = predictionSchema.parse(JSON.parse(readFileSync(join(out, "prediction.json"), "utf8")));
    const { maskSource, outline, volumeMl } = prediction.tumor;
    expect(maskSource).toBe("outlined by a program");
    expect(outline).toMatchObject({
      phase: "nephrographic",
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const program = `trinephron segmentation model ${outline!.sha256.slice(0, 12)}`;
    const voxels = (data: ArrayLike<number>, label: number) =>
      Array.from(data).reduce((n, v) => n + (v === label ? 1 : 0), 0);
    expect(volumeMl / ((voxels(painted.mask.data, 2) * 8) / 1000)).toBeCloseTo(1, 0);
    expect(prediction.warningsAbout).toContain("outlined mask");
    expect(stdout).toContain(program);
    for (const name of ["report.html", "report.fhir.json", "report.sr.dcm", "mask.seg.dcm"])
      expect(readFileSync(join(out, name)).toString("latin1"), name).toContain(program);
    const seg = readFileSync(join(out, "mask.seg.dcm")).toString("latin1");
    expect(seg).toContain("AUTOMATIC");
    expect(seg).not.toContain("SEMIAUTOMATIC");
  });

  test("is refused where the model finds no tumour, and where there is no model", async () => {
    const healthy = { ...painted.mask, data: painted.mask.data.map((label) => Math.min(label, 1)) };
    await writeNifti(at("healthy.nii.gz"), byLabel(healthy));
    const args = ["--image", `nephrographic=${at("healthy.nii.gz")}`, "--model", at("model")];
    const options = ["--out", at("none")];
    await expect(run(...args, "--segmentation", made.model, ...options)).rejects.toMatchObject({
      code: "E_MASK",
      message: expect.stringContaining("no tumour found"),
    });
    await expect(run(...args, "--segmentation", at("nothing"), ...options)).rejects.toMatchObject({
      code: "E_FILE_MISSING",
    });
    expect(existsSync(at("none"))).toBe(false);
  });
});

describe.skipIf(!pythonModule("pydicom") || !peer("dciodvfy"))("a study that breaks DICOM's rules", () => {
  const broken = `
import glob, sys, warnings, pydicom
warnings.simplefilter("ignore")
pydicom.config.settings.reading_validation_mode = pydicom.config.settings.writing_validation_mode = 0
for f in glob.glob(sys.argv[1] + "/*"):
    d = pydicom.dcmread(f)
    d.StudyInstanceUID = "1.02.3"
    d.StudyDate, d.StudyTime, d.PatientBirthDate = "20210231", "256199", "1950.01.02"
    d.AccessionNumber, d.PatientID, d.PatientName = "A" * 20, "P" * 70, "A^B^C^D^E^F^G"
    d.StudyDescription = "d" * 80
    # dciodvfy looks for references in the first frame alone.
    if d.Modality == "CT" and d.InstanceNumber % 2 == 0: d.SOPInstanceUID = d.SOPInstanceUID + ".1" * 20
    d.save_as(f)
print("null")`;

  test("is read; SR, SEG, FHIR and JSON are valid, have the same identity, and say what they lack", async () => {
    mkdirSync(at("broken"));
    for (const [n, { source }] of (await studyFiles(painted)).entries())
      writeFileSync(at("broken", `IM${n}`), await source.whole());
    python(broken, [at("broken")]);
    const out = at("broken-out");
    const options = ["--model", at("model"), "--out", out, "--no-align", "--no-explain"];
    const { stdout } = await run(at("broken"), ...options);
    const prediction = predictionSchema.parse(JSON.parse(readFileSync(join(out, "prediction.json"), "utf8")));
    expect(prediction.patient).toEqual({
      name: "A^B^C^D^E F G",
      sex: "F",
      age: "060Y",
      birthDate: "19500102",
    });
    expect(prediction.study).toEqual({ uid: uid("in place of 1.02.3"), description: `${"d".repeat(61)}...` });
    const said = prediction.warnings.join("\n");
    for (const what of [
      "Patient ID (0010,0020) has 70 characters, more than the 64 of DICOM: left out of all outputs",
      "Accession Number (0008,0050) has 20 characters, more than the 16 of DICOM: left out of all outputs",
      "Patient Name (0010,0010) has 7 parts, more than the 5 of DICOM: the last ones are joined in the outputs",
      "Study Instance UID (0020,000d) is no valid UID: replaced by another in the outputs",
      "Study Description (0008,1030) has 80 characters, more than the 64 of DICOM: cut in the outputs",
      "Study Date (0008,0020) is no date: left out",
      "Study Time (0008,0030) is no time of day: left out",
      "Patient Birth Date (0010,0030) is written in another form than DICOM's: read as a date",
      "images have no valid UID: the outputs do not refer to them",
    ])
      expect(said).toContain(what);
    expect(stdout).toContain("more than the 64 of DICOM");

    const [report, mask] = ["report.sr.dcm", "mask.seg.dcm"].map((name) => readFileSync(join(out, name)));
    expect(dciodvfy(report, "ComprehensiveSR")).toEqual([]);
    expect(dciodvfy(mask, "Segmentation")).toEqual([]);
    for (const bytes of [report, mask])
      expect(headerOf(parseDataSet(bytes, "out"))).toMatchObject({
        study: { uid: prediction.study.uid, date: undefined, accessionNumber: undefined },
        patient: { id: undefined, name: "A^B^C^D^E F G" },
      });
    const fhir = JSON.parse(readFileSync(join(out, "report.fhir.json"), "utf8"));
    expect(faults(fhir)).toEqual([]);
    expect(JSON.stringify(fhir)).toContain(`urn:oid:${prediction.study.uid}`);
    expect(JSON.stringify(fhir)).not.toContain("effectiveDateTime");
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
