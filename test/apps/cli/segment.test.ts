import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ctSeries } from "../../../src/imaging/formats/dicom/index.ts";
import { readNifti, writeNifti } from "../../../src/imaging/formats/nifti/index.ts";
import { type Geometry, lpsDirection } from "../../../src/numerics/volume/index.ts";
import { python } from "../../learning/segmentation/foreign/python.ts";
import { hasPython, runPython } from "../../python.ts";
import { here } from "./inProcess.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-segment-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

const grid: Geometry = { size: [12, 10, 6], spacing: [1, 1, 2], origin: [5, 6, 7], direction: lpsDirection };
const hu = Int16Array.from({ length: 720 }, (_, n) => (n % 12 < 6 ? -100 : n % 12 < 9 ? 100 : 300));

/** A network of one convolution: class 0 below 0, class 1 about 100, class 2 above 200 HU. */
const thresholds = `
class Steps(nn.Module):
    def forward(self, x): return torch.cat([0 * x + 1, x / 50 + 0.5, x / 25 - 4], 1)
torch.onnx.export(Steps(), torch.zeros(1, 1, 4, 8, 8), os.path.join(folder, "fold_0.onnx"), opset_version=13,
                  input_names=["image"], output_names=["logits"])
`;
const kwargs = { is_seg: false, order: 1, order_z: 0, force_separate_z: null };
const plans = {
  transpose_forward: [0, 1, 2],
  image_reader_writer: "SimpleITKIO",
  configurations: {
    "3d_fullres": {
      patch_size: [4, 8, 8],
      spacing: [2, 1, 1],
      normalization_schemes: ["NoNormalization"],
      use_mask_for_norm: [false],
      resampling_fn_data: "resample_data_or_seg_to_shape",
      resampling_fn_data_kwargs: kwargs,
      resampling_fn_probabilities: "resample_data_or_seg_to_shape",
      resampling_fn_probabilities_kwargs: kwargs,
    },
  },
};

describe.skipIf(!hasPython("torch", "scipy"))("trinephron segment", () => {
  beforeAll(async () => {
    mkdirSync(at("model"));
    writeFileSync(join(at("model"), "plans.json"), JSON.stringify(plans));
    const dataset = { channel_names: { "0": "CT" }, labels: { background: 0, tumor: 1, kidneys: 2 } };
    writeFileSync(join(at("model"), "dataset.json"), JSON.stringify(dataset));
    python(thresholds, at("model"), {});
    await writeNifti(at("ct.nii.gz"), { ...grid, data: hu });
  });
  const segment = (...args: string[]) =>
    here("segment", at("ct.nii.gz"), "--model", at("model"), "--threads", "1", ...args);

  test("writes kidney, tumour and cyst by the names of the model's labels", async () => {
    const { status, stdout, stderr } = await segment("--out", at("mask.nii.gz"), "--json");
    expect(stderr).toContain("tiles");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      out: at("mask.nii.gz"),
      model: { kind: "nnU-Net", labels: { "1": "tumor", "2": "kidneys" } },
      labels: [
        { label: 1, name: "kidney", voxels: 180, ml: 0.36 },
        { label: 2, name: "tumor", voxels: 180, ml: 0.36 },
        { label: 3, name: "cyst", voxels: 0, ml: 0 },
      ],
    });
    const mask = await readNifti(at("mask.nii.gz"));
    expect({ ...mask, data: 0 }).toEqual({ ...grid, data: 0 });
    expect(Array.from(mask.data)).toEqual(Array.from(hu, (v) => (v > 200 ? 1 : v > 0 ? 2 : 0)));
  });

  test("keeps the model's own labels where asked, and mirrors along named axes", async () => {
    const { status } = await segment(
      "--out",
      at("own.nii"),
      "--own-labels",
      "--mirror",
      "0,2",
      "--step",
      "1",
    );
    expect(status).toBe(0);
    const { data } = await readNifti(at("own.nii"));
    expect(Array.from(data)).toEqual(Array.from(hu, (v) => (v > 200 ? 2 : v > 0 ? 1 : 0)));
  });

  test.each([
    [["--out", "mask.png"], "E_USAGE", 2],
    [["--out", "mask.dcm"], "E_USAGE", 2],
    [["--out", "x.nii", "--mirror", "3"], "E_USAGE", 2],
    [["--out", "x.nii", "--mirror"], "E_USAGE", 2],
    [["--out", "x.nii", "--configuration", "2d"], "E_USAGE", 2],
    [["--out", "x.nii", "--box", "1,2,3"], "E_USAGE", 2],
    [["--out", "x.nii", "--box", "500,500,500,510,510,510"], "E_GEOMETRY", 1],
  ])("refuses %s with %s and writes nothing", async (args, code, exit) => {
    const [, name] = args;
    const { status, stderr } = await segment(...args.map((word) => (word === name ? at(name) : word)));
    expect(stderr).toContain(code);
    expect(status).toBe(exit);
    expect(existsSync(at(name))).toBe(false);
  });

  test.skipIf(!hasPython("pydicom"))(
    "reads a DICOM series and writes a DICOM Segmentation of it",
    async () => {
      mkdirSync(at("series"));
      const size = [12, 10, 24] as const;
      const volume = { ...grid, size, data: Int16Array.from({ length: 2880 }, (_, n) => hu[n % 720]) };
      const context = { patient: { id: "P1" }, study: { uid: "1.2.3" }, frameOfReference: "1.2.4" };
      const series = { uid: "1.2.5", number: 3, description: "art" };
      const slices = ctSeries(volume, { context, series, acquired: new Date(0), name: "ct" });
      for (const [k, { bytes }] of [...slices].entries())
        writeFileSync(join(at("series"), `${k}.dcm`), bytes);
      const args = ["--model", at("model"), "--threads", "1", "--series", "art", "--out", at("mask.seg.dcm")];
      const { status, stderr } = await here("segment", "image", at("series"), ...args);
      expect(stderr).not.toContain("E_");
      expect(status).toBe(0);
      const script = `
import sys, json, pydicom
d = pydicom.dcmread(sys.argv[1])
of = lambda n: int(sum(f.sum() for f, g in zip(d.pixel_array, d.PerFrameFunctionalGroupsSequence) if g.SegmentIdentificationSequence[0].ReferencedSegmentNumber == n))
print(json.dumps([d.StudyInstanceUID, d.ReferencedSeriesSequence[0].SeriesInstanceUID, [[s.SegmentLabel, s.SegmentAlgorithmType, of(s.SegmentNumber)] for s in d.SegmentSequence]]))`;
      const read = runPython(script, [at("mask.seg.dcm")]);
      expect(read.stderr).toBe("");
      expect(JSON.parse(read.stdout)).toEqual([
        "1.2.3",
        "1.2.5",
        [
          ["Kidney", "AUTOMATIC", 720],
          ["Tumor", "AUTOMATIC", 720],
        ],
      ]);
    },
  );

  test("does not overwrite, and needs a model", async () => {
    expect(await segment("--out", at("mask.nii.gz"))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("E_FILE_EXISTS"),
    });
    const none = await here("segment", at("ct.nii.gz"), "--model", folder, "--out", at("y.nii"));
    expect(none).toMatchObject({ status: 1, stderr: expect.stringContaining("E_MODEL") });
  });
});
