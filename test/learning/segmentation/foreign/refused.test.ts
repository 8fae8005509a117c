import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readNnunetPlan } from "../../../../src/learning/segmentation/foreign/nnunetPlan.ts";
import { kidneyLabels } from "../../../../src/learning/segmentation/kidneyLabels.ts";
import { regionBox } from "../../../../src/learning/segmentation/run/region.ts";
import { openSegmentationModel } from "../../../../src/learning/segmentation/segmentationModel.ts";
import { type Geometry, lpsDirection, type Volume } from "../../../../src/numerics/volume/index.ts";
import { hasPython } from "../../../python.ts";
import { python } from "./python.ts";

const root = mkdtempSync(join(tmpdir(), "refused-"));
afterAll(() => rmSync(root, { recursive: true }));

const kwargs = { is_seg: false, order: 1, order_z: 0, force_separate_z: null };
const configuration = {
  patch_size: [4, 8, 8],
  spacing: [1, 1, 1],
  normalization_schemes: ["NoNormalization"],
  use_mask_for_norm: [false],
  resampling_fn_data: "resample_data_or_seg_to_shape",
  resampling_fn_data_kwargs: kwargs,
  resampling_fn_probabilities: "resample_data_or_seg_to_shape",
  resampling_fn_probabilities_kwargs: kwargs,
};
const base = {
  transpose_forward: [0, 1, 2],
  image_reader_writer: "SimpleITKIO",
  configurations: { "3d_fullres": configuration },
};
const kidney = { channel_names: { "0": "CT" }, labels: { background: 0, kidney: 1, tumor: 2 } };

let made = 0;
function written(plans: object, dataset: object = kidney): string {
  const folder = join(root, String(made++));
  mkdirSync(folder);
  writeFileSync(join(folder, "plans.json"), JSON.stringify(plans));
  writeFileSync(join(folder, "dataset.json"), JSON.stringify(dataset));
  return folder;
}
const having = (change: object) => ({
  ...base,
  configurations: { "3d_fullres": { ...configuration, ...change } },
});

const plans: Readonly<
  Record<string, readonly [plans: object, code: string, message: string, dataset?: object]>
> = {
  "a cascade": [
    having({ previous_stage: "3d_lowres" }),
    "E_MODEL",
    "a cascade on 3d_lowres is not supported",
  ],
  "another resampler": [
    having({ resampling_fn_data: "resample_torch_fornnunet" }),
    "E_MODEL",
    "the resampler resample_torch_fornnunet is not supported",
  ],
  "probabilities by splines": [
    having({ resampling_fn_probabilities_kwargs: { ...kwargs, order: 3 } }),
    "E_MODEL",
    "resampling of probabilities of order 3",
  ],
  "another order": [
    having({ resampling_fn_data_kwargs: { ...kwargs, order: 2 } }),
    "E_MODEL",
    "resampling of order 2",
  ],
  "another normalisation": [
    having({ normalization_schemes: ["OwnNormalization"] }),
    "E_MODEL",
    "the normalisation OwnNormalization",
  ],
  "another preprocessor": [having({ preprocessor_name: "Own" }), "E_MODEL", "the preprocessor Own"],
  "another reader": [{ ...base, image_reader_writer: "Tiff3DIO" }, "E_MODEL", "the image reader Tiff3DIO"],
  "a configuration without patch": [having({ patch_size: undefined }), "E_MODEL", "3d_fullres: patch_size"],
  "a circle of configurations": [
    having({ inherits_from: "3d_fullres" }),
    "E_MODEL",
    "inherits from 3d_fullres",
  ],
  "several configurations without the usual one": [
    { ...base, configurations: { a: configuration, b: configuration } },
    "E_USAGE",
    "no configuration 3d_fullres",
  ],
  "axes that stand twice": [{ ...base, transpose_forward: [0, 0, 2] }, "E_FORMAT", "not each axis once"],
  "labels with a gap": [
    base,
    "E_MODEL",
    "labels are not 0, 1, 2",
    { ...kidney, labels: { background: 0, tumor: 2 } },
  ],
  "regions without order": [
    base,
    "E_MODEL",
    "2 regions, but regions_class_order has none",
    { ...kidney, labels: { background: 0, kidney: [1, 2], tumor: 2 } },
  ],
};

test.each(Object.entries(plans))("a plan with %s is refused", async (_, [plan, code, message, dataset]) => {
  const error = await readNnunetPlan(written(plan, dataset)).catch((reason) => reason);
  expect(`${error.code} ${error.message}`).toContain(message);
  expect(error.code).toBe(code);
});

test("folders without a model or without networks are refused", async () => {
  const empty = join(root, "empty");
  mkdirSync(empty);
  const refused = (folder: string) =>
    openSegmentationModel(folder).catch(({ code, message }) => `${code} ${message}`);
  expect(await refused(empty)).toContain("E_MODEL");
  expect(await refused(join(root, "nowhere"))).toContain("E_FILE_MISSING");
  const folder = written(base);
  expect(await refused(folder)).toContain("no network as an ONNX file");
  writeFileSync(join(folder, "fold_0.onnx"), "not a network");
  expect(await refused(folder)).toContain("damaged or not an ONNX file");
});

const grid: Geometry = {
  size: [40, 30, 20],
  spacing: [1, 2, 3],
  origin: [10, 20, 30],
  direction: lpsDirection,
};
const image: Volume = { ...grid, data: new Int16Array(40 * 30 * 20).map((_, n) => (n * 37) % 200) };

describe.skipIf(!hasPython("torch", "scipy"))("a network", () => {
  const withNetwork = (deep: string, { plan = base as object, patch = [4, 8, 8] } = {}) => {
    const folder = written(plan);
    python(
      "g = json.load(sys.stdin)\nnetwork(1, 1, 3, g['patch'], [1, 2, 2], os.path.join(folder, 'fold_0.onnx'), g['deep'])",
      folder,
      { deep, patch },
    );
    return folder;
  };
  const run = async (
    folder: string,
    ...[images = [image], options]: Partial<
      Parameters<Awaited<ReturnType<typeof openSegmentationModel>>["segment"]>
    >
  ) => {
    try {
      const model = await openSegmentationModel(folder, { threads: 1 });
      try {
        return await model.segment(images, options);
      } finally {
        await model.close();
      }
    } catch (error) {
      return error as { code: string; message: string };
    }
  };

  test("whose first output is of lower resolution is refused", async () => {
    expect(await run(withNetwork("before"))).toMatchObject({ code: "E_MODEL" });
  });

  test("of another patch, or with classes that its labels lack, is refused", async () => {
    expect(await run(withNetwork("none", { patch: [4, 8, 16] }))).toMatchObject({
      code: "E_MODEL",
      message: expect.stringContaining("takes 1 × 1 × 4 × 8 × 16, where its plan has 1 × 1 × 4 × 8 × 8"),
    });
    const folder = withNetwork("none");
    writeFileSync(
      join(folder, "dataset.json"),
      JSON.stringify({ ...kidney, labels: { background: 0, kidney: 1 } }),
    );
    expect(await run(folder)).toMatchObject({
      message: expect.stringContaining("3 classes, its labels are 2"),
    });
  });

  test("sees no more than a box, and refuses images that do not fit", async () => {
    const folder = withNetwork("none");
    const box = [
      [20, 30, 36],
      [26, 40, 45],
    ] as const;
    const mask = await run(folder, [image], { box });
    if (!("data" in mask)) throw mask;
    const { start, end } = regionBox(grid, box, [8, 4, 2]);
    const outside = mask.data.filter((label, n) => {
      const at = [n % 40, Math.floor(n / 40) % 30, Math.floor(n / 1200)];
      return label !== 0 && at.some((i, axis) => i < start[axis] || i >= end[axis]);
    });
    expect(outside.length).toBe(0);
    expect(mask.data.some((label) => label !== 0)).toBe(true);
    const codes = async (...args: Parameters<typeof run> extends [string, ...infer R] ? R : never) =>
      (await run(folder, ...args)) as { code: string };
    expect(await codes([image, image])).toMatchObject({ code: "E_USAGE" });
    expect(
      await codes([{ ...image, data: Float32Array.from(image.data, (v, n) => (n === 7 ? NaN : v)) }]),
    ).toMatchObject({ code: "E_VALUE" });
    expect(await codes([image], { mirror: true })).toMatchObject({ code: "E_USAGE" });
    expect(await codes([image], { step: 0 })).toMatchObject({ code: "E_USAGE" });
    expect(await codes([image], { orientation: "RAR" })).toMatchObject({ code: "E_USAGE" });
    expect(await codes([image], { signal: AbortSignal.abort() })).toMatchObject({ code: "E_INTERRUPTED" });
    const far = [
      [900, 900, 900],
      [910, 910, 910],
    ] as const;
    expect(await codes([image], { box: far })).toMatchObject({ code: "E_GEOMETRY" });
  });
});

test("a box takes in what surrounds it, up to one tile, within the image", () => {
  const corner = [
    [10, 20, 30],
    [12, 22, 33],
  ] as const;
  expect(regionBox(grid, corner, [8, 4, 2])).toEqual({ start: [0, 0, 0], end: [8, 4, 2] });
  const middle = [
    [30, 50, 60],
    [32, 52, 63],
  ] as const;
  expect(regionBox(grid, middle, [9, 2, 100])).toEqual({ start: [17, 15, 0], end: [26, 17, 20] });
});

test("labels become kidney, tumour and cyst by their names or a table", () => {
  const labels: Volume<Uint8Array> = { ...grid, size: [6, 1, 1], data: Uint8Array.of(0, 1, 2, 3, 4, 5) };
  const names = new Map([
    [1, "liver"],
    [2, "kidney_left"],
    [3, "renal cyst"],
    [4, "kidney tumor"],
    [5, "thing"],
  ]);
  const found = kidneyLabels(labels, names);
  expect([...found.mask!.data]).toEqual([0, 0, 1, 3, 2, 0]);
  expect(found.remarks).toEqual(["names not understood, left out: thing"]);
  expect([...kidneyLabels(labels, names, new Map([["thing", 2]])).mask!.data]).toEqual([0, 0, 1, 3, 2, 2]);
  expect(kidneyLabels(labels, new Map([[1, "liver"]])).mask).toBeUndefined();
});
