import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readBundle } from "../../../../src/learning/segmentation/foreign/bundle.ts";
import { monaiPlan } from "../../../../src/learning/segmentation/foreign/monai.ts";
import { openNetwork } from "../../../../src/learning/segmentation/run/network.ts";
import { classSlices } from "../../../../src/learning/segmentation/run/prepared.ts";
import { openSegmentationModel } from "../../../../src/learning/segmentation/segmentationModel.ts";
import type { Volume } from "../../../../src/numerics/volume/index.ts";
import { oriented } from "../../../../src/numerics/volume/resample/orient.ts";
import { hasPython } from "../../../python.ts";
import { python } from "./python.ts";

const root = mkdtempSync(join(tmpdir(), "monai-"));
afterAll(() => rmSync(root, { recursive: true }));

/** As MONAI's model zoo writes them: references, expressions where no number is needed, transforms of dictionaries. */
const bundle = (change: Readonly<Record<string, unknown>> = {}, transforms: readonly object[] = spleen) => ({
  imports: ["$import glob"],
  bundle_root: "/workspace/bundle",
  device: "$torch.device('cuda:0' if torch.cuda.is_available() else 'cpu')",
  window: { size: [16, 12, 8] },
  pixdim: [1.5, 1.5, 2],
  preprocessing: { _target_: "Compose", transforms },
  inferer: {
    _target_: "SlidingWindowInferer",
    roi_size: "@window#size",
    sw_batch_size: 4,
    overlap: 0.5,
    mode: "gaussian",
    device: "@device",
  },
  postprocessing: {
    _target_: "Compose",
    transforms: [
      { _target_: "Activationsd", keys: "pred", softmax: true },
      {
        _target_: "Invertd",
        keys: "pred",
        transform: "@preprocessing",
        orig_keys: "image",
        meta_key_postfix: "meta_dict",
        nearest_interp: false,
        to_tensor: true,
      },
      { _target_: "AsDiscreted", keys: "pred", argmax: true },
      { _target_: "SaveImaged", keys: "pred", output_dir: "@output_dir" },
    ],
  },
  ...change,
});
const loaded = [
  { _target_: "LoadImaged", keys: "image" },
  { _target_: "EnsureChannelFirstd", keys: "image" },
  { _target_: "monai.transforms.Orientationd", keys: "image", axcodes: "RAS" },
];
const spleen = [
  ...loaded,
  { _target_: "Spacingd", keys: "image", pixdim: "@pixdim", mode: "bilinear" },
  { _target_: "ScaleIntensityRanged", keys: "image", a_min: -57, a_max: 164, b_min: 0, b_max: 1, clip: true },
  { _target_: "RandFlipd", keys: "image", _disabled_: true },
  { _target_: "EnsureTyped", keys: "image" },
];
const cropped = [
  ...loaded,
  { _target_: "CropForegroundd", keys: ["image"], source_key: "image", select_fn: "$lambda x: x > -90" },
  { _target_: "Spacingd", keys: ["image"], pixdim: [2, 1, 1.7], mode: ["bilinear"] },
  { _target_: "NormalizeIntensityd", keys: "image", nonzero: true, channel_wise: "$True" },
];

const metadata = {
  network_data_format: {
    inputs: { image: { type: "image", num_channels: 1, spatial_shape: [16, 12, 8] } },
    outputs: { pred: { channel_def: { "0": "background", "1": "kidney", "2": "tumor" } } },
  },
};

/** The published steps of both bundles; the image lies in LPS order, as DICOM has it. */
const script = `
given = json.load(sys.stdin)
roi, overlap, mode = given["roi"], given["overlap"], given["mode"]
run = network(11, 1, 3, roi, [2, 2, 2], os.path.join(folder, "models", "model.onnx"), dynamic=True)
rng = np.random.default_rng(5)
shape = given["size"][::-1]
image = (zoom(rng.normal(20, 120, [max(2, n // 3) for n in shape]), [n / max(2, n // 3) for n in shape], order=1, grid_mode=True, mode="nearest")
         + rng.normal(0, 15, shape)).astype(np.float32)
image[:2], image[:, -3:] = -500, -500
x = image.transpose(2, 1, 0)[::-1, ::-1][None]  # (x, y, z), to R, A, S
spacing, box = given["mm"], None
if given["crop"]:
    found = np.where(x[0] > -90)
    box = tuple(slice(a.min(), a.max() + 1) for a in found)
    x = x[(slice(None), *box)]
before = x.shape[1:]
count = [int(np.round((n - 1) * o / p)) + 1 for n, o, p in zip(before, spacing, given["pixdim"])]
x = monai_grid(x, count, [p / o for p, o in zip(given["pixdim"], spacing)], 1).astype(np.float32)
if given["crop"]:
    inside = x != 0
    x[inside] = (x[inside] - x[inside].mean()) / x[inside].std()
else: x = np.clip((x + 57) / 221, 0, 1).astype(np.float32)
logits = sliding(torch.from_numpy(x), roi, monai_starts(overlap), monai_weights(roi, mode), run)
values = torch.softmax(logits, 0).numpy()
back = [o / p for p, o in zip(given["pixdim"], spacing)]
values = monai_grid(values, before, back, 0 if given["nearest"] else 1)
if box is not None:
    whole = np.zeros((len(values), *[given["size"][a] for a in range(3)]))
    whole[(slice(None), *box)] = values
    values = whole
labels = values.argmax(0)[::-1, ::-1].transpose(2, 1, 0)
save(folder, image, values, labels)
`;

const cases = {
  "with softmax brought back linearly": {
    config: bundle(),
    given: {
      roi: [16, 12, 8],
      overlap: 0.5,
      mode: "gaussian",
      crop: false,
      pixdim: [1.5, 1.5, 2],
      nearest: false,
    },
  },
  "cropped to its foreground, tiles smaller than the image, brought back by the nearest voxel": {
    config: bundle(
      {
        inferer: { _target_: "SlidingWindowInferer", roi_size: [10, 16, 8], overlap: 0.3 },
        postprocessing: {
          _target_: "Compose",
          transforms: [
            { _target_: "Activationsd", keys: "pred", softmax: true },
            { _target_: "AsDiscreted", keys: "pred", argmax: true },
            { _target_: "Invertd", keys: "pred", transform: "@preprocessing", orig_keys: "image" },
          ],
        },
      },
      cropped,
    ),
    given: {
      roi: [10, 16, 8],
      overlap: 0.3,
      mode: "constant",
      crop: true,
      pixdim: [2, 1, 1.7],
      nearest: true,
    },
  },
} as const;

const size = [24, 20, 12] as const;
const mm = [1.1, 1.3, 2.5] as const;

describe.skipIf(!hasPython("torch", "scipy"))("a MONAI bundle", () => {
  test.each(Object.entries(cases))("%s answers as PyTorch and SciPy do", async (name, { config, given }) => {
    const folder = written(name.replaceAll(/\W+/g, "-"), config);
    python(script, folder, { ...given, size, mm });
    const bytes = (file: string) => new Uint8Array(readFileSync(join(folder, file))).buffer;
    const image: Volume = {
      size,
      spacing: mm,
      origin: [0, 0, 0],
      direction: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      data: new Float32Array(bytes("image.bin")),
    };
    const plan = monaiPlan(await readBundle(folder));
    const network = await openNetwork(
      [join(folder, "models", "model.onnx")],
      { channels: 1, patch: plan.roi },
      { threads: 1 },
    );
    const expected = new Float32Array(bytes("probabilities.bin"));
    const area = size[1] * size[2];
    let worst = 0;
    let slices = 0;
    const prepared = plan.prepare([oriented(image, "RAS")]);
    for await (const { index, data } of classSlices(prepared, network.model, plan.classes, {})) {
      slices++;
      for (let k = 0; k < 3; k++)
        for (let n = 0; n < area; n++)
          worst = Math.max(worst, Math.abs(data[k * area + n] - expected[(k * size[0] + index) * area + n]));
    }
    await network.close();
    expect(slices).toBe(size[0]);
    expect(worst).toBeLessThan(1e-4);
    const labels = new Uint8Array(bytes("labels.bin"));
    // The network must tell voxels apart, or the test could not fail.
    expect(new Set(labels).size).toBeGreaterThan(1);
    const model = await openSegmentationModel(folder, { threads: 1 });
    const mask = await model.segment([image]);
    await model.close();
    expect(mask.data.reduce((sum, label, n) => sum + (label === labels[n] ? 0 : 1), 0)).toBeLessThanOrEqual(
      1,
    );
    expect([...model.labels]).toEqual([
      [1, "kidney"],
      [2, "tumor"],
    ]);
  });
});

function written(name: string, config: object, about: object = metadata): string {
  const folder = join(root, name);
  mkdirSync(join(folder, "configs"), { recursive: true });
  writeFileSync(join(folder, "configs", "inference.json"), JSON.stringify(config));
  writeFileSync(join(folder, "configs", "metadata.json"), JSON.stringify(about));
  return folder;
}

const invert = { _target_: "Invertd", keys: "pred", nearest_interp: false };
const refused: Readonly<Record<string, readonly [config: object, message: string]>> = {
  "a transform that is not known": [
    bundle({}, [...loaded, { _target_: "ThresholdIntensityd", keys: "image", threshold: 0 }]),
    "the transform ThresholdIntensity is not supported",
  ],
  "an argument that is not known": [
    bundle({}, [...loaded, { _target_: "Spacingd", pixdim: [1, 1, 1], min_pixdim: [1, 1, 1] }]),
    "Spacing: min_pixdim [1,1,1] is not supported",
  ],
  "an expression where a number is needed": [
    bundle({}, [...loaded, { _target_: "Spacingd", pixdim: "$tuple(x for x in (1, 1, 1))" }]),
    'Spacing: pixdim "$tuple(x for x in (1, 1, 1))" is not supported',
  ],
  "a function that is no threshold": [
    bundle({}, [...loaded, { _target_: "CropForegroundd", select_fn: "$lambda x: x.abs() > 1" }]),
    "select_fn $lambda x: x.abs() > 1 is not supported",
  ],
  "orientation after spacing": [
    bundle({}, [{ _target_: "Spacingd", pixdim: [1, 1, 1] }, ...loaded]),
    "Orientation after Spacing is not supported",
  ],
  "another inferer": [bundle({ inferer: { _target_: "SimpleInferer" } }), "the inferer SimpleInferer"],
  "a reference to nothing": [bundle({ inferer: "@nowhere" }), "@nowhere refers to nothing"],
  "a reference to itself": [bundle({ inferer: "@inferer" }), "@inferer refers to itself"],
  "labels brought back linearly": [
    bundle({
      postprocessing: {
        _target_: "Compose",
        transforms: [{ _target_: "AsDiscreted", argmax: true }, invert],
      },
    }),
    "Invert of labels without nearest_interp",
  ],
  "no decision": [
    bundle({ postprocessing: { _target_: "Compose", transforms: [invert] } }),
    "postprocessing without AsDiscrete",
  ],
  "another transform of labels": [
    bundle({
      postprocessing: { _target_: "Compose", transforms: [{ _target_: "KeepLargestConnectedComponentd" }] },
    }),
    "KeepLargestConnectedComponent at this place of postprocessing",
  ],
};

test.each(Object.entries(refused))("%s is refused", async (name, [config, message]) => {
  const folder = written(`refused-${name.replaceAll(/\W+/g, "-")}`, config);
  const reading = readBundle(folder).then(monaiPlan);
  const error = await reading.catch((reason) => reason);
  expect(`${error.code} ${error.message}`).toContain(message);
  expect(error.code).toBe("E_MODEL");
});
