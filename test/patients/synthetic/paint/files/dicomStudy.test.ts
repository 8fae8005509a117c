import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { register as paint } from "../../../../../src/apps/cli/cohort/cohortPaint.ts";
import { register as phantom } from "../../../../../src/apps/cli/cohort/cohortPhantom.ts";
import { register as info } from "../../../../../src/apps/cli/dicom/dicomInfo.ts";
import {
  readHeaders,
  readVolume,
  seriesOf,
  sourcesOf,
} from "../../../../../src/imaging/formats/dicom/index.ts";
import { readNifti } from "../../../../../src/imaging/formats/nifti/index.ts";
import { apply, indexMap } from "../../../../../src/numerics/volume/geometry.ts";
import type { Volume } from "../../../../../src/numerics/volume/index.ts";
import { type Phase, phases } from "../../../../../src/patients/cohort/case.ts";
import { dciodvfy, peer, python, pythonModule } from "../../../../imaging/formats/dicom/write/peers.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-dicom-paint-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...path: string[]) => join(folder, ...path);

/** Runs commands of one group; what they print. */
async function run(args: readonly string[]): Promise<string> {
  const printed = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  const quiet = vi.spyOn(process.stderr, "write").mockImplementation(() => true);
  try {
    const program = new Command().exitOverride();
    for (const register of [paint, phantom, info]) register(program);
    await program.parseAsync([...args], { from: "user" });
    return printed.mock.calls.map(([text]) => text).join("");
  } finally {
    printed.mockRestore();
    quiet.mockRestore();
  }
}

let study = "";
let name = "";
const image = (phase: Phase | "mask") => readNifti(at("nifti", "images", name, `${phase}.nii.gz`));

beforeAll(async () => {
  const cases = ["--cases-a", "1", "--cases-b", "1", "--spacing", "3"];
  await run(["phantom", "--out", at("masks"), ...cases]);
  for (const format of ["nifti", "dicom"])
    await run(["paint", at("masks"), "--out", at(format), "--spacing", "3", "--format", format]);
  [name] = readdirSync(at("dicom", "studies"));
  study = at("dicom", "studies", name);
});

test("each phase is read back as the voxels that painting NIfTI gives, in the order of injection", async () => {
  const series = seriesOf(await readHeaders(await sourcesOf(study)));
  expect(series.map(({ header }) => header.modality)).toEqual(["CT", "CT", "CT", "SEG"]);
  let before = 0;
  for (const [n, phase] of phases.entries()) {
    const { header, stacks } = series[n];
    const { volume, remarks } = await readVolume(stacks[0], phase);
    expect(remarks).toEqual([]);
    expect(differences(volume, await image(phase))).toBe(0);
    const delay = header.acquisitionTime! - header.contrastStartTime!;
    expect(delay).toBeGreaterThan(before);
    before = delay;
    expect(header).toMatchObject({
      patient: { id: `PAINTED-${name}` },
      imageType: ["DERIVED", "SECONDARY", "AXIAL", "PAINTED"],
      manufacturer: "trinephron",
    });
  }
});

test("`dicom info --pixels` names the three volumes and the segmentation", async () => {
  const text = await run(["info", study, "--pixels"]);
  for (const phase of phases) expect(text).toMatch(new RegExp(`${phase} 3.0 mm, painted +CT`));
  expect(text).toContain("not a CT image: Segmentation");
});

test("clinical.csv has the labels by Patient ID, and that the images are painted", () => {
  const [head, first] = readFileSync(at("dicom", "clinical.csv"), "utf8").split("\n");
  expect(head).toBe("patient_id,center,age,sex,histology,stage,complexity,renal,size_mm,necrosis,source");
  expect(first).toMatch(new RegExp(`^PAINTED-${name},.*,procedural$`));
  expect(existsSync(at("dicom", "cohort.csv"))).toBe(false);
});

test("the same command keeps what is there; another seed needs --force and leaves no old slice", async () => {
  const command = ["paint", at("masks"), "--out", at("dicom"), "--spacing", "3", "--format", "dicom"];
  const file = join(study, "mask", "segmentation.dcm");
  const before = readFileSync(file);
  await run(command);
  expect(readFileSync(file).equals(before)).toBe(true);
  await expect(run([...command, "--seed", "2"])).rejects.toMatchObject({ code: "E_FILE_EXISTS" });
  await run([...command.with(5, "4"), "--force"]);
  expect((await seriesOf(await readHeaders(await sourcesOf(study)))).length).toBe(4);
  await run([...command, "--force"]);
  expect(readFileSync(file).equals(before)).toBe(true);
});

describe.skipIf(!peer("dciodvfy"))("dciodvfy", () => {
  test("finds no error in a slice of each phase and in the segmentation", () => {
    const bytes = (...path: string[]) => readFileSync(join(study, ...path));
    for (const phase of phases) expect(dciodvfy(bytes(phase, "0001.dcm"), "CTImage")).toEqual([]);
    expect(dciodvfy(bytes("mask", "segmentation.dcm"), "Segmentation")).toEqual([]);
  });
});

describe.skipIf(!peer("dcm2niix"))("dcm2niix", () => {
  test.each(phases)("converts the %s phase to the painted voxels", async (phase) => {
    execFileSync("dcm2niix", ["-z", "n", "-o", folder, "-f", phase, join(study, phase)], { stdio: "ignore" });
    expect(differences(await readNifti(at(`${phase}.nii`)), await image(phase))).toBe(0);
  });
});

describe.skipIf(!pythonModule("pydicom"))("pydicom", () => {
  test("reads the segmentation as the mask, each frame drawn on the slice at its place", async () => {
    const script = `
import json, sys, glob, pydicom
d = pydicom.dcmread(sys.argv[1] + "/mask/segmentation.dcm")
z = {s.SOPInstanceUID: [float(v) for v in s.ImagePositionPatient] for s in map(pydicom.dcmread, glob.glob(sys.argv[1] + "/nephrographic/*.dcm"))}
counts = {s.SegmentLabel: 0 for s in d.SegmentSequence}
apart = 0
for frame, g in zip(d.pixel_array, d.PerFrameFunctionalGroupsSequence):
    counts[d.SegmentSequence[g.SegmentIdentificationSequence[0].ReferencedSegmentNumber - 1].SegmentLabel] += int(frame.sum())
    source = z[g.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID]
    apart = max(apart, *[abs(a - float(b)) for a, b in zip(source, g.PlanePositionSequence[0].ImagePositionPatient)])
print(json.dumps({"counts": counts, "apart": apart}))`;
    const { data } = await image("mask");
    const count = (label: number) => data.filter((v) => v === label).length;
    const { counts, apart } = python<{ counts: object; apart: number }>(script, [study]);
    const cyst = count(3);
    expect(counts).toEqual({ Kidney: count(1), Tumor: count(2), ...(cyst > 0 && { Cyst: cyst }) });
    expect(apart).toBe(0);
  });
});

/** Voxels that differ, of two images whose axes may run otherwise. */
function differences(a: Volume, b: Volume): number {
  expect(a.size.toSorted()).toEqual(b.size.toSorted());
  const map = indexMap(a, b);
  let [n, found] = [0, 0];
  for (let k = 0; k < a.size[2]; k++)
    for (let j = 0; j < a.size[1]; j++)
      for (let i = 0; i < a.size[0]; i++, n++) {
        const exact = apply(map, [i, j, k]);
        const [x, y, z] = exact.map(Math.round);
        const near = Math.max(...exact.map((v) => Math.abs(v - Math.round(v)))) < 0.01;
        if (!near || a.data[n] !== b.data[x + b.size[0] * (y + b.size[1] * z)]) found++;
      }
  return found;
}
