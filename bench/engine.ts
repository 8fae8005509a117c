/**
 * Training and inference against PyTorch on the same network, weights, data and threads, interleaved:
 * `node bench/engine.ts [pairs]`. Needs Debian's python3-torch and libopenblas0-pthread.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { textTable } from "../src/apps/cli/support/io.ts";
import { random } from "../src/base/random.ts";
import { classificationOf, trainingModel } from "../src/learning/model/model.ts";
import type { NetworkConfig } from "../src/learning/model/network.ts";
import { initialize } from "../src/numerics/graph/index.ts";
import { quantile } from "../src/numerics/stats/index.ts";
import { type Command, type Job, openPeer, type Peer } from "./engine/peer.ts";
import { type Cost, sharing } from "./engine/sharing.ts";

const pairs = Number(process.argv[2] ?? 7);
const threads = 2;
const averaging = 0.99;
const allTasks = ["histology", "stage", "complexity"];
const sizes = [
  { batch: 4, voxels: 64, width: 16 },
  { batch: 2, voxels: 96, width: 32 },
  { batch: 8, voxels: 48, width: 16 },
];
const chosen = process.argv[3] ? [sizes[Number(process.argv[3])]] : sizes;
// As the command does: sources are compiled once, not in every process and thread.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), "node-compile-cache");
const folder = mkdtempSync(join(tmpdir(), "bench-engine-"));
const here = (file: string) => resolve(import.meta.dirname, "engine", file);
const ours = (job: Job) => openPeer(process.execPath, [here("ours.ts")], job);
const torch = (job: Job) => openPeer("/usr/bin/python3", [here("torch_peer.py")], job);
const median = (values: readonly number[]) => quantile(values, 0.5);

/** Asked when the other's threads, which spin for a while after their work, are asleep. */
async function idle(peer: Peer, command: Command) {
  await setTimeout(200);
  return peer.ask(command);
}

type Ratio = Awaited<ReturnType<typeof ratio>>;

/** Median of the paired ratios ours ÷ PyTorch, with the smallest and the largest. */
async function ratio(us: Peer, them: Peer, command: Command) {
  await us.ask(command);
  await them.ask(command);
  const ratios: number[] = [];
  const seconds: [number, number][] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const [a, b] = [await idle(us, command), await idle(them, command)];
    ratios.push(a.seconds / b.seconds);
    seconds.push([a.seconds, b.seconds]);
  }
  return {
    ratio: median(ratios),
    smallest: Math.min(...ratios),
    largest: Math.max(...ratios),
    oursSeconds: median(seconds.map(([a]) => a)),
    torchSeconds: median(seconds.map(([, b]) => b)),
  };
}

async function measured(size: (typeof sizes)[number]) {
  const job = prepared(size);
  const [us, them] = [ours(job), torch(job)];
  const [a, b] = [await us.ask({ steps: 10 }), await them.ask({ steps: 10 })];
  const difference = Math.max(
    ...a.values.map((loss, i) => Math.abs(loss - b.values[i]) / Math.abs(b.values[i])),
  );
  if (!(difference < 1e-3)) console.warn(`losses of ten steps differ by ${difference}: unequal work`);
  const training = await ratio(us, them, { steps: 2 });
  const memory = (await us.ask({ steps: 1 })).peakBytes / (await them.ask({ steps: 1 })).peakBytes;
  us.close();
  them.close();

  const [usInfer, themInfer] = [ours(job), torch(job)];
  const inference = {
    batch1: await ratio(usInfer, themInfer, { cases: 1 }),
    batch4: await ratio(usInfer, themInfer, { cases: 4 }),
  };
  usInfer.close();
  themInfer.close();
  return {
    network: size,
    lossDifference: difference,
    compileSeconds: a.compileSeconds ?? 0,
    training: { ...training, oursSeconds: training.oursSeconds / 2, torchSeconds: training.torchSeconds / 2 },
    peakMemory: { ratio: memory, oursBytes: a.peakBytes, torchBytes: b.peakBytes },
    inference,
  };
}

/** Network, weights and data of one seed, the last two in files that both sides read. */
function prepared(
  { batch, voxels, width }: (typeof sizes)[number],
  tasks: readonly string[] = allTasks,
): Job {
  const config: NetworkConfig = {
    tasks,
    features: "learnt",
    channels: 3,
    cubes: 1,
    masks: false,
    outlines: false,
    voxels,
    backbone: {
      depth: 18,
      width,
      stages: 4,
      stem: { kernel: 3, stride: 2 },
    },
    embedding: 64,
    ple: { levels: 2, expertsPerTask: 2, sharedExperts: 2, units: 32 },
    tower: 16,
  };
  const { layout } = trainingModel(classificationOf(config), batch, {
    kind: "adamw",
    weightDecay: 0.05,
    clipNorm: 5,
  });
  const { normal } = random(1);
  const images = Math.max(batch, 4) * config.channels * voxels ** 3;
  const data = Float32Array.from({ length: images + batch * config.tasks.length }, () => normal());
  const name = tasks.join("-");
  const [thetaPath, dataPath] = [join(folder, `theta-${name}`), join(folder, `data-${name}`)];
  writeFileSync(thetaPath, initialize(layout, 1));
  writeFileSync(dataPath, data);
  const parameters = layout.parameters.map(({ name, shape, decay, frozen = false }) => ({
    name,
    shape,
    decay,
    frozen,
    offset: layout.offsets.get(name)!,
  }));
  return {
    config,
    batch,
    threads,
    learningRate: 1e-4,
    averaging,
    theta: thetaPath,
    data: dataPath,
    parameters,
  };
}

const header = ["network", "figure", "median ratio", "smallest–largest", "ours", "PyTorch"];
const rows: string[][] = [];
const results = [];
for (const size of chosen) {
  const result = await measured(size);
  results.push(result);
  const name = `batch ${size.batch}, 3×${size.voxels}³, width ${size.width}`;
  const timed: [string, Ratio][] = [
    ["training step", result.training],
    ["inference, 1 case", result.inference.batch1],
    ["inference, 4 cases", result.inference.batch4],
  ];
  for (const [figure, { ratio, smallest, largest, oursSeconds, torchSeconds }] of timed)
    rows.push([
      name,
      figure,
      ratio.toFixed(2),
      `${smallest.toFixed(2)}–${largest.toFixed(2)}`,
      `${(oursSeconds * 1000).toFixed(0)} ms`,
      `${(torchSeconds * 1000).toFixed(0)} ms`,
    ]);
  const { ratio, oursBytes, torchBytes } = result.peakMemory;
  const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  rows.push([
    name,
    "peak memory of training",
    ratio.toFixed(2),
    "",
    megabytes(oursBytes),
    megabytes(torchBytes),
  ]);
  rows.push([name, "building and compiling", "", "", `${result.compileSeconds.toFixed(1)} s`, ""]);
}
const shared = await sharing(allTasks, 3, folder, (tasks) => prepared(sizes[0], tasks), ours);
rmSync(folder, { recursive: true });
console.log(textTable(header, rows));
const below = ({ mtdl, stdl }: Cost) => `${(100 * (1 - mtdl / stdl)).toFixed(1)} %`;
console.log(
  "One multi-task model below three single-task ones, first network, float32, medians of three rounds, of inference in five processes each:",
);
console.log(
  textTable(
    ["", "time", "memory above the runtime's"],
    [
      ["training", below(shared.training.seconds), below(shared.training.bytes)],
      ["inference, 1 case", below(shared.inference.seconds), below(shared.inference.bytes)],
      ["files", "", below(shared.fileBytes)],
    ],
  ),
);
console.log(
  `largest relative difference of ten losses: ${Math.max(...results.map((r) => r.lossDifference)).toExponential(1)}`,
);
writeFileSync(
  "bench-engine.json",
  `${JSON.stringify({ cpu: cpus()[0].model, threads, pairs, results, shared }, null, 1)}\n`,
);
