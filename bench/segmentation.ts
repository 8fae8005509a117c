/**
 * A training step of the segmentation network against PyTorch's, on the same weights, data and threads, in turns:
 * `node bench/segmentation.ts [pairs] [side]`. Needs Debian's python3-torch and libopenblas0-pthread.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { random } from "../src/base/random.ts";
import type { SegmentationConfig } from "../src/learning/model/segmentation.ts";
import { openStepper } from "../src/learning/train/learner/stepper.ts";
import { initialize, parametersIn } from "../src/numerics/graph/index.ts";
import { quantile } from "../src/numerics/stats/index.ts";

const [pairs, side] = [Number(process.argv[2] ?? 7), Number(process.argv[3] ?? 64)];
const [threads, batch, width, stages, classes, learningRate] = [2, 2, 16, 4, 4, 1e-3];
const network: SegmentationConfig = {
  channels: 1,
  classes,
  patch: [side, side, side],
  backbone: { depth: 10, width, stages, stem: { kernel: 3, stride: 1 } },
  deepSupervision: true,
};
const optimizer = { kind: "adamw", weightDecay: 0, clipNorm: 5 } as const;
const objective = { kind: "segmentation", network } as const;
const stepper = await openStepper(
  { objective, batch, optimizer, averaging: 0.99, threads, device: "cpu" },
  1,
);
const { layout } = stepper;
const shapes = new Map(layout.parameters.map(({ name, shape }) => [name, shape]));
const { normal } = random(1);
const image = Float32Array.from({ length: batch * side ** 3 }, normal);
const labels = image.map((x) => (x > 1.5 ? 3 : x > 1 ? 2 : x > 0 ? 1 : 0));
const listed = (data: Float32Array, shape: readonly number[]) => ({ data: [...data], shape });
const job = {
  ...{ threads, type: "float32", width, stages, classes, learningRate },
  image: listed(image, [batch, 1, side, side, side]),
  labels: listed(labels, [batch, 1, side, side, side]),
  parameters: Object.fromEntries(
    [...parametersIn(initialize(layout, 1), layout)].map(([name, data]) => [
      name,
      listed(data, shapes.get(name)!),
    ]),
  ),
};
const peer = spawn("/usr/bin/python3", [join(import.meta.dirname, "engine", "segmentation_peer.py")], {
  env: { ...process.env, OMP_NUM_THREADS: `${threads}` },
  stdio: ["pipe", "pipe", "inherit"],
});
const lines = createInterface(peer.stdout)[Symbol.asyncIterator]();
peer.stdin.write(`${JSON.stringify(job)}\n`);

async function theirs(steps: number): Promise<{ seconds: number; losses: number[] }> {
  peer.stdin.write(`${JSON.stringify({ steps })}\n`);
  return JSON.parse((await lines.next()).value ?? "");
}

async function ours(steps: number): Promise<{ seconds: number; losses: number[] }> {
  const start = performance.now();
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) losses.push(await stepper.step({ image, labels }, learningRate));
  return { seconds: (performance.now() - start) / 1000, losses };
}

const [a, b] = [await ours(3), await theirs(3)];
const difference = Math.max(...a.losses.map((loss, i) => Math.abs(loss / b.losses[i] - 1)));
const times: [number, number][] = [];
for (let pair = 0; pair < pairs; pair++) {
  // Asked when the other's threads, which spin for a while after their work, are asleep.
  await setTimeout(200);
  const own = (await ours(1)).seconds;
  await setTimeout(200);
  times.push([own, (await theirs(1)).seconds]);
}
const median = (values: readonly number[]) => quantile(values, 0.5);
const ratios = times.map(([own, other]) => own / other);
console.log(
  `batch ${batch}, 1×${side}³, width ${width}: ${median(ratios).toFixed(2)} of PyTorch's time (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}); ${median(times.map(([own]) => own)).toFixed(2)} s and ${median(times.map(([, other]) => other)).toFixed(2)} s a step; losses of three steps differ by ${difference.toExponential(1)}`,
);
await stepper.close();
peer.stdin.end();
