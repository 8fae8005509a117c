import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readNifti, writeNifti } from "../../../src/imaging/formats/nifti/index.ts";
import { cropCase } from "../../../src/learning/crop/crop.ts";
import { parseTrainSettings } from "../../../src/learning/trained/settings.ts";
import type { Volume } from "../../../src/numerics/volume/index.ts";
import { checkCohort } from "../../../src/patients/cohort/check/check.ts";
import { measureMask } from "../../../src/patients/cohort/kits/measureMask.ts";
import { labelsOf } from "../../../src/patients/cohort/labels.ts";
import { scoreMask } from "../../../src/patients/cohort/scores/scoreMask.ts";
import { readMask } from "../../../src/patients/study/mask/readMask.ts";
import { python, pythonModule } from "../../imaging/formats/dicom/write/peers.ts";
import { caseOf } from "./arbitrary.ts";
import { ct, kidneys } from "./bodies.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-labels-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

/** An image of these values beside each other. */
const row = (...values: number[]): Volume<Float32Array> => ({
  size: [values.length, 1, 1],
  spacing: [1, 1, 1],
  origin: [0, 0, 0],
  direction: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  data: Float32Array.from(values),
});

describe("labels near whole numbers", () => {
  test.each<[string, number[], number[]]>([
    ["floating-point error", [0, 0.99999994, 2.0000002], [0, 1, 2]],
    ["16-bit scaling", [0, 1.00001526, 2], [0, 1, 2]],
    ["8-bit scaling, 254/255", [0, 0.99607849, 2], [0, 1, 2]],
    ["8-bit scaling cut, not rounded: a step of 3/255", [0, 0.98824, 2.98824, 3], [0, 1, 3, 3]],
    ["below zero", [-0.002, 1, 2], [0, 1, 2]],
  ])("%s are rounded, with a remark", (_, values, labels) => {
    const { mask, remarks } = labelsOf(row(...values), "a.nii");
    expect([...mask.data]).toEqual(labels);
    expect(remarks).toEqual([
      expect.stringMatching(/^\d voxels? holds? (a label|labels) near a whole number.*: rounded$/),
    ]);
  });

  test("whole numbers are taken as they are, bytes without a copy", () => {
    expect(labelsOf(row(0, 1, 2, 3), "a.nii")).toMatchObject({ remarks: [] });
    const bytes = { ...row(0), data: Uint8Array.of(2) };
    expect(labelsOf(bytes, "a.nii").mask.data).toBe(bytes.data);
  });

  test.each([0.5, 1.2, 0.9, 0.95, 1.02, 2.97, 0.3, 4, -1, 255, Number.NaN, Infinity, -Infinity])(
    "%d is refused",
    (value) => {
      expect(() => labelsOf(row(0, 1, 2, value), "a.nii")).toThrow(
        expect.objectContaining({ code: "E_MASK", message: expect.stringContaining("a.nii: label ") }),
      );
    },
  );

  test("of 0 and 1 alone a probability is told by less than a hundredth", () => {
    for (const value of [0.006, 0.01, 0.99])
      expect(() => labelsOf(row(0, 1, value), "a.nii")).toThrow(/is none of/);
  });
});

/** Masks as nibabel stores them: scaled to bytes or 16 bits by scl_slope and scl_inter, or computed with in floats. */
const maker = `
import json, os, sys, numpy as np, nibabel as nib
folder = sys.argv[1]
image = nib.load(os.path.join(folder, "whole.nii.gz"))
labels = np.asanyarray(image.dataobj).astype(int)
out = []
def save(name, stored, slope=None, inter=None):
    new = nib.Nifti1Image(stored, image.affine)
    new.set_data_dtype(stored.dtype)
    if slope is not None: new.header.set_slope_inter(slope, inter)
    path = os.path.join(folder, name + ".nii.gz")
    raw = nib.Nifti1Image(stored, image.affine, new.header)
    nib.save(raw, path)
    if slope is not None:
        import gzip, struct
        b = bytearray(gzip.open(path).read()); b[112:120] = struct.pack("<2f", slope, inter); gzip.open(path, "wb").write(bytes(b))
    back = np.asanyarray(nib.load(path).dataobj)
    assert (np.rint(back) == labels).all() and not (back == labels).all(), name
    out.append(path)
save("bytes", np.floor(labels * 127.5).astype("u1"), 2 / 255, 0.0)
save("words", np.rint((labels - 1) * 32767 / 2.7).astype("<i2"), 2.7 / 32767, 1.0)
save("float", (labels.astype("f4") / np.float32(3.3) * np.float32(3.3) + (labels == 1) * np.float32(6e-8)).astype("<f4"))
save("double", (labels / 255.0 * 254.0 + labels * 1e-9).astype("<f8"))
print(json.dumps(out))`;

const oracle = pythonModule("nibabel");

describe.skipIf(!oracle)("a mask whose labels were scaled is read as the whole one, everywhere", () => {
  const whole = kidneys();
  beforeAll(async () => {
    await writeNifti(at("whole.nii.gz"), whole);
    await writeNifti(at("np.nii.gz"), ct(whole, 195, 180, 12));
    expect(python<string[]>(maker, [folder])).toHaveLength(4);
  });
  const remark = expect.stringMatching(/near a whole number.*rounded/);
  const names = ["bytes", "words", "float", "double"];

  test.each(names)("%s: nephrometry", async (name) => {
    const settings = {
      rules: "refined",
      diameter: "in-plane",
      tumors: "largest",
      uncertainty: false,
    } as const;
    const score = (mask: string) => scoreMask({ ...settings, mask: at(mask), title: "" });
    const [first] = (await score(`${name}.nii.gz`)).tumors;
    const [plain] = (await score("whole.nii.gz")).tumors;
    expect(first.renal).toEqual(plain.renal);
    expect(first.caveats).toEqual([remark, ...plain.caveats]);
    expect(first.summary).toContain("rounded");
  });

  test.each(names)("%s: cohort check, crops, KiTS import, a study's mask", async (name) => {
    const mask = `${name}.nii.gz`;
    const c = caseOf("a", { images: { nephrographic: "np.nii.gz" }, mask });
    const found = await checkCohort({ folder, cases: [c] }, { threads: 1 });
    expect(found.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(found).toContainEqual({ severity: "warning", code: "E_MASK", case: "a", message: remark });

    const { crop } = parseTrainSettings({ tasks: ["stage"], center: "A", threads: 1 }, "test");
    const settings = { ...crop, voxels: 16 };
    expect(await cropCase(folder, c, settings)).toEqual(
      await cropCase(folder, { ...c, mask: "whole.nii.gz" }, settings),
    );

    const { remarks, ...measured } = await measureMask(at(mask));
    const { remarks: none, ...plain } = await measureMask(at("whole.nii.gz"));
    expect(measured).toEqual(plain);
    expect(remarks).toEqual([remark, ...none]);

    const study = await readMask(at(mask), whole);
    expect(study.volume.data).toEqual(whole.data);
    expect(study.remarks.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^kidney, tumor: .*rounded/),
    );
  });

  test("by a user's table", async () => {
    writeFileSync(at("table.csv"), "name,label\n1,kidney\n2,tumor\n");
    const { volume, remarks } = await readMask(at("words.nii.gz"), whole, { labels: at("table.csv") });
    expect(volume.data).toEqual(whole.data);
    expect(remarks.map(({ text }) => text)).toEqual([remark]);
  });

  test("one structure a file; a probability is none", async () => {
    mkdirSync(at("structures"));
    for (const [label, name] of [
      [1, "kidney"],
      [2, "tumor"],
    ] as const)
      await writeNifti(at(`structures/${name}.nii.gz`), {
        ...whole,
        data: Float32Array.from(whole.data, (l) => (l === label ? 254 / 255 : 1e-9)),
      });
    const folders = await readMask(at("structures"), whole);
    expect(folders.volume.data).toEqual(whole.data);
    await writeNifti(at("structures/tumor.nii.gz"), {
      ...whole,
      data: Float32Array.from(whole.data, (l) => (l === 2 ? 0.7 : 0.02)),
    });
    await expect(readMask(at("structures"), whole)).rejects.toMatchObject({
      code: "E_MASK",
      message: expect.stringMatching(/tumor\.nii\.gz: the value 0\.\d+ is no label/),
    });
  });
});

const reports = "../shared/data/field_reports/16-float-labels";
if (!existsSync(reports)) console.warn(`skipped: no ${reports}`);
test.skipIf(!existsSync(reports)).each(["b-float32-off.nii.gz", "e-uint8-slope.nii.gz"])(
  "as reported: %s",
  async (name) => {
    const { mask, remarks } = labelsOf(await readNifti(join(reports, name)), name);
    // numpy.rint of nibabel's values.
    expect([0, 1, 2].map((l) => mask.data.filter((v) => v === l).length)).toEqual([149989, 17069, 4932]);
    expect(remarks).toHaveLength(1);
  },
);
