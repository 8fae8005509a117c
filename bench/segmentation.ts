/**
 * A training step of the segmentation network, and the deployed network on one patch, against PyTorch's on the same
 * weights, data and threads, in turns: `node bench/segmentation.ts [pairs] [side] [width]`. Needs Debian's python3-torch
 * and libopenblas0-pthread.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { random } from "../src/base/random.ts";
import { deployedSegmentation } from "../src/learning/model/model.ts";
import type { SegmentationConfig } from "../src/learning/model/segmentation.ts";
import { openStepper } from "../src/learning/train/learner/stepper.ts";
import { encodeOnnx, initialize, openModel, parametersIn } from "../src/numerics/graph/index.ts";
import { quantile } from "../src/numerics/stats/index.ts";

const [pairs, side, width] = [7, 64, 16].map((usual, n) => Number(process.argv[2 + n] ?? usual));
const [threads, batch, stages, classes, learningRate] = [2, 2, 4, 4, 1e-3];
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

async function answered(command: object) {
  peer.stdin.write(`${JSON.stringify(command)}\n`);
  return JSON.parse((await lines.next()).value ?? "");
}
const theirs = (steps: number): Promise<{ seconds: number; losses: number[] }> => answered({ steps });

async function ours(steps: number): Promise<{ seconds: number; losses: number[] }> {
  const start = performance.now();
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) losses.push(await stepper.step({ image, labels }, learningRate));
  return { seconds: (performance.now() - start) / 1000, losses };
}

const [a, b] = [await ours(3), await theirs(3)];
const difference = Math.max(...a.losses.map((loss, i) => Math.abs(loss / b.losses[i] - 1)));
/** Seconds of ours and theirs in turns, as a line of text. */
async function inTurns(own: () => Promise<number>, other: () => Promise<number>): Promise<string> {
  const times: [number, number][] = [];
  for (let pair = 0; pair < pairs; pair++) {
    // Asked when the other's threads, which spin for a while after their work, are asleep.
    await setTimeout(200);
    const mine = await own();
    await setTimeout(200);
    times.push([mine, await other()]);
  }
  const median = (values: readonly number[]) => quantile(values, 0.5);
  const ratios = times.map(([mine, yours]) => mine / yours);
  const [mine, yours] = [0, 1].map((n) => median(times.map((pair) => pair[n])).toFixed(3));
  return `${median(ratios).toFixed(2)} of PyTorch's time (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}); ${mine} s and ${yours} s`;
}
const training = await inTurns(
  async () => (await ours(1)).seconds,
  async () => (await theirs(1)).seconds,
);
console.log(
  `training, batch ${batch}, 1×${side}³, width ${width}: ${training} a step; losses of three steps differ by ${difference.toExponential(1)}`,
);
const model = await openModel(
  encodeOnnx(deployedSegmentation(network, parametersIn(stepper.vectors.theta, layout)), { shapes: true }),
  { threads },
);
const patch = { data: image.subarray(0, side ** 3), shape: [1, 1, side, side, side] };
const forwards = 3;
const inference = await inTurns(
  async () => {
    const start = performance.now();
    for (let n = 0; n < forwards; n++) await model.run({ image: patch });
    return (performance.now() - start) / 1000 / forwards;
  },
  async () => (await answered({ forwards })).seconds / forwards,
);
console.log(`inference, 1×${side}³, width ${width}: ${inference} a patch`);
await model.close();
await stepper.close();
peer.stdin.end();
