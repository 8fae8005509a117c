/**
 * Time and memory of a two-stage model on a whole CT of 512 × 512 × 300 voxels of 0.8 × 0.8 × 1.5 mm, with networks of
 * width 16 that have learnt nothing: the coarse one over the whole image, the fine one in boxes of 110 × 110 × 140 mm
 * around two kidneys that are given, for it would find anything. `node bench/twoStage.ts [threads]`.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployedSegmentation } from "../src/learning/model/model.ts";
import type { SegmentationConfig } from "../src/learning/model/segmentation.ts";
import { planOf } from "../src/learning/segmentation/own/segmentationPlan.ts";
import { exclusiveClasses } from "../src/learning/segmentation/run/classes.ts";
import { gridLabels } from "../src/learning/segmentation/run/gridLabels.ts";
import { openNetwork } from "../src/learning/segmentation/run/network.ts";
import { partLabels } from "../src/learning/segmentation/run/prepared.ts";
import { parseTwoStageTraining } from "../src/learning/segmentation/twoStage/twoStageTraining.ts";
import { withoutIslands } from "../src/learning/segmentation/twoStage/withoutIslands.ts";
import { openStepper } from "../src/learning/train/learner/stepper.ts";
import { encodeOnnx, parametersIn } from "../src/numerics/graph/index.ts";
import { boxSize, lpsDirection, type Vec3 } from "../src/numerics/volume/index.ts";

const threads = Number(process.argv[2] ?? 2);
const folder = await mkdtemp(join(tmpdir(), "two-stage-"));
const training = parseTwoStageTraining({});

/** A stage's network with its first weights, opened. */
async function stage(name: "coarse" | "fine", classes: number) {
  const { settings } = training[name];
  const { patch, backbone, deepSupervision, optimizer, averaging, overlap } = settings;
  const network: SegmentationConfig = { channels: 1, classes, patch, backbone, deepSupervision };
  const objective = { kind: "segmentation", network } as const;
  const stepper = await openStepper({ objective, batch: 1, optimizer, averaging, threads, device: "cpu" }, 1);
  const onnx = encodeOnnx(
    deployedSegmentation(network, parametersIn(stepper.vectors.theta, stepper.layout)),
    {
      shapes: true,
    },
  );
  await stepper.close();
  const path = join(folder, `${name}.onnx`);
  await writeFile(path, onnx);
  const names = ["kidney", "tumor", "cyst"].slice(0, classes - 1);
  const plan = planOf({
    ...{
      format: "trinephron-segmentation/1",
      software: "",
      channels: ["CT"],
      hounsfield: true,
      patch,
      overlap,
    },
    labels: names.map((label, l) => ({ name: label, value: l + 1 })),
    spacing: settings.spacing as [number, number, number],
    normalization: [{ kind: "fixed", low: -150, high: 350, mean: 100, deviation: 250 }],
    ...{ settings, parameters: 0, dataHash: "", cases: { train: 0, validation: 0 }, bestEpoch: 1, dice: {} },
  });
  return {
    ...{ plan, classes: exclusiveClasses(classes, new Map()) },
    network: await openNetwork([path], { channels: 1, patch }, { threads }),
  };
}

let [wall, used] = [performance.now(), process.cpuUsage()];
function lap(what: string): void {
  const { user, system } = process.cpuUsage(used);
  const seconds = ((performance.now() - wall) / 1000).toFixed(1);
  const peak = (process.resourceUsage().maxRSS / 1e6).toFixed(2);
  console.log(`${what}: ${seconds} s, ${((user + system) / 1e6).toFixed(1)} s of processor; peak ${peak} GB`);
  [wall, used] = [performance.now(), process.cpuUsage()];
}

const [coarse, fine] = [await stage("coarse", 2), await stage("fine", 4)];
const size: Vec3 = [512, 512, 300];
const data = Int16Array.from({ length: 512 * 512 * 300 }, (_, n) => ((n * 2654435761) >>> 20) % 300);
const image = {
  size,
  spacing: [0.8, 0.8, 1.5] as Vec3,
  origin: [0, 0, 0] as Vec3,
  direction: lpsDirection,
  data,
};
lap("made");
const whole = coarse.plan.prepare([image], {});
await gridLabels(whole, coarse.network.model, coarse.classes, {});
lap("coarse, the whole image");
for (const left of [80, 220]) {
  const corners = [
    [left, 150, 150],
    [left + 110, 260, 290],
  ] as const;
  const prepared = fine.plan.prepare([image], { box: corners });
  const labels = await partLabels(prepared, fine.network.model, fine.classes, {});
  withoutIslands(labels, boxSize(prepared.place.box), image.spacing, { leastMl: 20, islandMm: 10 });
  lap("fine, a kidney");
}
await coarse.network.close();
await fine.network.close();
await rm(folder, { recursive: true });
