import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { prepareNnunet } from "../../../../src/learning/segmentation/foreign/nnunet.ts";
import { readNnunetPlan } from "../../../../src/learning/segmentation/foreign/nnunetPlan.ts";
import { openNetwork } from "../../../../src/learning/segmentation/run/network.ts";
import { classSlices } from "../../../../src/learning/segmentation/run/prepared.ts";
import { openSegmentationModel } from "../../../../src/learning/segmentation/segmentationModel.ts";
import { mirrored } from "../../../../src/learning/segmentation/window/tileModel.ts";
import { lpsDirection, type Vec3, type Volume } from "../../../../src/numerics/volume/index.ts";
import { hasPython } from "../../../python.ts";
import { python } from "./python.ts";

const root = mkdtempSync(join(tmpdir(), "nnunet-"));
afterAll(() => rmSync(root, { recursive: true }));

/** A small trained nnU-Net: what varies between plans. */
interface Plan {
  readonly patch: readonly number[];
  /** mm along the network's axes. */
  readonly spacing: readonly number[];
  readonly stride: readonly number[];
  readonly transpose: Vec3;
  readonly schemes: readonly string[];
  readonly masked: readonly boolean[];
  readonly labels: Readonly<Record<string, number | readonly number[]>>;
  readonly order?: readonly number[];
  readonly folds: number;
  readonly mirror: readonly number[];
  readonly separate: boolean | null;
  readonly deep?: "after" | "before";
  /** Voxels along x, y, z and mm. */
  readonly size: Vec3;
  readonly mm: Vec3;
}

const kidney = { background: 0, kidney: 1, tumor: 2 };
const isotropic: Plan = {
  patch: [12, 16, 16],
  spacing: [1.2, 1.2, 1.2],
  stride: [2, 2, 2],
  transpose: [0, 1, 2],
  schemes: ["CTNormalization"],
  masked: [false],
  labels: kidney,
  folds: 1,
  mirror: [],
  separate: null,
  size: [21, 25, 17],
  mm: [1.1, 1.05, 1.5],
};

const cases: Readonly<Record<string, Plan>> = {
  isotropic,
  "of thick slices along another axis": {
    ...isotropic,
    patch: [4, 16, 12],
    spacing: [4.3, 1, 1],
    stride: [1, 2, 2],
    transpose: [1, 0, 2],
    schemes: ["ZScoreNormalization"],
    masked: [true],
    size: [19, 9, 22],
    mm: [0.8, 5, 0.9],
  },
  "of regions, two channels, two folds, mirrored, brought to thick slices": {
    ...isotropic,
    patch: [4, 16, 16],
    spacing: [4, 1.1, 1.1],
    stride: [1, 2, 2],
    schemes: ["CTNormalization", "RescaleTo01Normalization"],
    masked: [false, false],
    labels: { background: 0, kidney: [1, 2, 3], mass: [2, 3], tumor: 2 },
    order: [1, 3, 2],
    folds: 2,
    mirror: [0, 2],
    size: [18, 20, 14],
    mm: [1, 1, 2],
  },
  "of an image smaller than a tile, never by slices, with deep supervision": {
    ...isotropic,
    transpose: [2, 1, 0],
    separate: false,
    deep: "after",
    size: [9, 11, 30],
    mm: [4, 1.2, 1],
  },
  "that reads slices": {
    ...isotropic,
    patch: [16, 12],
    spacing: [1.1, 1.3],
    stride: [2, 2],
    schemes: ["ZScoreNormalization"],
    size: [20, 18, 5],
    mm: [1, 1, 5],
  },
};

const script = `
plan = json.load(sys.stdin)
resampling = lambda order: {"is_seg": False, "order": order, "order_z": 0, "force_separate_z": plan["separate"]}
config = {"patch_size": plan["patch"], "spacing": plan["spacing"], "normalization_schemes": plan["schemes"], "use_mask_for_norm": plan["masked"],
          "preprocessor_name": "DefaultPreprocessor",
          "resampling_fn_data": "resample_data_or_seg_to_shape", "resampling_fn_data_kwargs": resampling(3),
          "resampling_fn_probabilities": "resample_data_or_seg_to_shape", "resampling_fn_probabilities_kwargs": resampling(1)}
forward = plan["transpose"]
plans = {"transpose_forward": forward, "transpose_backward": [forward.index(a) for a in range(3)], "image_reader_writer": "SimpleITKIO",
         "label_manager": "LabelManager",
         "configurations": {"base": {**config, "spacing": [9, 9, 9]}, "3d_fullres": {"inherits_from": "base", "spacing": plan["spacing"]}},
         "foreground_intensity_properties_per_channel": {"0": {"mean": 30.0, "std": 80.0, "percentile_00_5": -120.0, "percentile_99_5": 210.0}}}
dataset = {"channel_names": {str(n): "CT" for n in range(len(plan["schemes"]))}, "labels": plan["labels"], "file_ending": ".nii.gz"}
if "order" in plan: dataset["regions_class_order"] = plan["order"]
write(folder, "plans.json", plans)
write(folder, "dataset.json", dataset)
write(folder, "export.json", {"configuration": "3d_fullres", "mirror_axes": plan["mirror"]})
channels, classes = len(plan["schemes"]), len(plan.get("order", plan["labels"]))
nets = [network(7 + f, channels, classes, plan["patch"], plan["stride"], os.path.join(folder, f"fold_{f}", "network.onnx"), plan.get("deep", "none")) for f in range(plan["folds"])]
average = lambda x: sum(net(x) for net in nets) / len(nets)
rng = np.random.default_rng(3)
shape = plan["size"][::-1]
image = np.stack([zoom(rng.normal(20, 120, [max(2, n // 3) for n in shape]), [n / max(2, n // 3) for n in shape], order=1, grid_mode=True, mode="nearest")
                  + rng.normal(0, 15, shape) for _ in range(channels)]).astype(np.float32)
# What is not zero is smaller than the image, and has a hole.
image[:, :1], image[:, :, -2:], image[..., :1] = 0, 0, 0
image[:, shape[0] // 2, shape[1] // 2, shape[2] // 2] = 0
run = mirror_all(average, plan["mirror"])
if plan.get("deep") != "before": save(folder, image, *nnunet(image, plan["mm"][::-1], plans, dataset, config, run))
else: save(folder, image, image, image)
`;

function made(name: string, plan: Plan) {
  const folder = join(root, name.replaceAll(/\W+/g, "-"));
  python(`os.makedirs(folder, exist_ok=True)\n${script}`, folder, plan);
  const bytes = (file: string) => new Uint8Array(readFileSync(join(folder, file))).buffer;
  const voxels = plan.size.reduce((a, b) => a * b);
  const image = new Float32Array(bytes("image.bin"));
  const images = plan.schemes.map(
    (_, c): Volume => ({
      size: plan.size,
      spacing: plan.mm,
      origin: [-12, 30, 100],
      direction: lpsDirection,
      data: image.slice(c * voxels, (c + 1) * voxels),
    }),
  );
  return {
    folder,
    images,
    probabilities: new Float32Array(bytes("probabilities.bin")),
    labels: new Uint8Array(bytes("labels.bin")),
  };
}

/** Answers before they become labels, [K, D, H, W] of the part that the network reads. */
async function answers(folder: string, images: readonly Volume[], { mirror, order, folds }: Plan) {
  const plan = await readNnunetPlan(folder);
  const paths = Array.from({ length: folds }, (_, f) => join(folder, `fold_${f}`, "network.onnx"));
  const network = await openNetwork(
    paths,
    { channels: plan.channels.length, patch: plan.patch },
    { threads: 1 },
  );
  const slices: Float32Array[] = [];
  const model = mirrored(network.model, mirror);
  for await (const { data } of classSlices(prepareNnunet(plan, images), model, plan.classes, {}))
    slices.push(data.slice());
  await network.close();
  const { channels } = plan.classes;
  const area = slices[0].length / channels;
  const found = new Float32Array(channels * slices.length * area);
  for (const [d, slice] of slices.entries())
    for (let n = 0; n < area; n++) {
      const values = Array.from({ length: channels }, (_, k) => slice[k * area + n]);
      const sum = values.reduce((total, value) => total + Math.exp(value), 0);
      for (const [k, value] of values.entries())
        found[(k * slices.length + d) * area + n] = order
          ? 1 / (1 + Math.exp(-value))
          : Math.exp(value) / sum;
    }
  return found;
}

describe.skipIf(!hasPython("torch", "scipy"))("an nnU-Net", () => {
  test.each(Object.entries(cases))(
    "%s answers as PyTorch and SciPy do by the published steps",
    async (name, plan) => {
      const { folder, images, probabilities, labels } = made(name, plan);
      const found = await answers(folder, images, plan);
      expect(found.length).toBe(probabilities.length);
      const worst = found.reduce((max, p, n) => Math.max(max, Math.abs(p - probabilities[n])), 0);
      expect(worst).toBeLessThan(1e-4);
      // The network must tell voxels apart, or the test could not fail.
      expect(new Set(labels).size).toBeGreaterThan(2);
      const model = await openSegmentationModel(folder, { threads: 1 });
      const mask = await model.segment(images, { mirror: plan.mirror.length > 0 });
      await model.close();
      expect([mask.size, mask.spacing, mask.origin]).toEqual([plan.size, plan.mm, images[0].origin]);
      const others = mask.data.reduce((sum, label, n) => sum + (label === labels[n] ? 0 : 1), 0);
      // Of voxels where two classes are within 1e-5 of each other either may win.
      expect(others).toBeLessThanOrEqual(1);
      expect(model.remarks.length).toBe(plan.deep || plan.folds > 1 ? 1 : 0);
    },
  );
});
