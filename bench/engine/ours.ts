/** The bench's network on this project's engine: answers one JSON line for each (see peer.ts). */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { classificationOf, deployedModel, trainingModel } from "../../src/learning/model/model.ts";
import { openCaseThreads, sharedFeed } from "../../src/learning/train/learner/caseThreads.ts";
import { openLearner } from "../../src/learning/train/learner/learner.ts";
import { trainSettings } from "../../src/learning/trained/settings.ts";
import { encodeOnnx, type Feed, openModel, parametersIn } from "../../src/numerics/graph/index.ts";
import { lowerModel } from "../../src/numerics/graph/lowering/lowerModel.ts";
import type { Answer, Command, Job } from "./peer.ts";

const lines = createInterface(process.stdin);
const messages = lines[Symbol.asyncIterator]();
const job: Job = JSON.parse((await messages.next()).value ?? "");
const { config, batch, threads } = job;
const tasks = config.tasks.length;
const settings = trainSettings.parse({
  tasks: config.tasks,
  center: "A",
  features: config.features,
  crop: { voxels: config.voxels, maskChannels: false },
  backbone: config.backbone,
  embedding: config.embedding,
  ple: config.ple,
  tower: config.tower,
  dropout: 0,
  optimizer: { kind: "adamw", weightDecay: 0.05, clipNorm: 5 },
  averaging: job.averaging,
  batch,
  threads,
});
const trainer = once(openTrainer);
const predictors = new Map<number, () => Promise<() => Promise<number[]>>>();

for await (const line of messages) {
  const command: Command = JSON.parse(line);
  const compiling = performance.now();
  let run: () => Promise<number[]>;
  if ("idle" in command) {
    await import("onnxruntime-node");
    run = async () => [];
  } else if ("steps" in command) {
    const train = await trainer();
    run = () => train(command.steps);
  } else {
    const { cases } = command;
    if (!predictors.has(cases))
      predictors.set(
        cases,
        once(() => openPredictor(cases)),
      );
    run = await predictors.get(cases)!();
  }
  const start = performance.now();
  const values = await run();
  const answer: Answer = {
    seconds: (performance.now() - start) / 1000,
    values,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    compileSeconds: (start - compiling) / 1000,
  };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
// Threads of open models would keep the process alive.
process.exit();

async function openTrainer() {
  const learner = await openLearner(settings);
  const theta = floats(job.theta);
  learner.vectors = { ...learner.vectors, theta, averaged: theta };
  const inputs = {
    input: image(batch).data,
    labels: floats(job.data, -batch * tasks).map((x) => Number(x > 0)),
    weights: new Float32Array(batch * tasks).fill(1),
  };
  return async (steps: number) => {
    const losses: number[] = [];
    for (let step = 0; step < steps; step++)
      losses.push(await learner.step(inputs, job.learningRate, [1, step]));
    return losses;
  };
}

/** One case by one session of all threads; several each by a thread of its own. */
async function openPredictor(cases: number) {
  const { layout } = trainingModel(classificationOf(config), batch, { kind: "sgd" });
  const uncalibrated = config.tasks.map(() => ({ slope: 1, intercept: 0 }));
  const file = encodeOnnx(deployedModel(config, parametersIn(floats(job.theta), layout), uncalibrated, {}), {
    shapes: true,
  });
  if (cases === 1) {
    const session = await openModel(file, { threads });
    const input = image(1);
    return async () => [...(await session.run({ image: input })).probabilities];
  }
  const lowered = (await lowerModel(file))!;
  const images = sharedFeed(image(1).shape, cases);
  images.data.set(image(cases).data);
  const probabilities = sharedFeed([1, tasks], cases);
  const predict = {
    onnx: encodeOnnx({ ...lowered.graph, outputs: { probabilities: lowered.graph.outputs.probabilities } }),
    shared: mapped(await lowered.weights(), shared),
    byCase: { image: images },
    results: { probabilities },
  };
  const running = await openCaseThreads({ predict }, { cases: threads });
  return async () => {
    await running.run("predict", cases);
    return [...probabilities.data];
  };
}

function mapped<A, B>(record: Readonly<Record<string, A>>, f: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value)]));
}

function shared({ data, shape }: Feed): Feed {
  const feed = sharedFeed(shape);
  feed.data.set(data);
  return feed;
}

function image(n: number): Feed {
  const shape = [n, config.channels, config.voxels, config.voxels, config.voxels];
  return {
    data: floats(
      job.data,
      0,
      shape.reduce((a, b) => a * b),
    ),
    shape,
  };
}

function floats(path: string, from = 0, to?: number): Float32Array {
  const bytes = readFileSync(path);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4).slice(from, to);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
