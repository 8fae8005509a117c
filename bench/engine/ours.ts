/** The bench's network on this project's engine: answers one JSON line for each (see peer.ts). */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { compile, type Feed, next } from "../../src/graph/index.ts";
import { deployedModel, type NetworkConfig, trainingModel } from "../../src/model/index.ts";
import type { Answer, Command, Job } from "./peer.ts";

const lines = createInterface(process.stdin);
const messages = lines[Symbol.asyncIterator]();
const job: Job = JSON.parse((await messages.next()).value ?? "");
const { config, batch, threads } = job;
const tasks = config.tasks.length;
const graphs = trainingGraphsOf(config);
const trainer = once(openTrainer);
const predictors = new Map<number, () => Promise<() => Promise<number[]>>>();

for await (const line of messages) {
  const command: Command = JSON.parse(line);
  const compiling = performance.now();
  let run: () => Promise<number[]>;
  if ("steps" in command) {
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

function trainingGraphsOf(network: NetworkConfig) {
  const weighting = { kind: "fixed", weights: network.tasks.map(() => 1) } as const;
  const optimizer = { kind: "adamw", weightDecay: 0.05, clipNorm: 5 } as const;
  return trainingModel(network, batch, weighting, optimizer);
}

async function openTrainer() {
  const session = await compile(graphs.step, { threads });
  const flat = (data: Float32Array): Feed => ({ data, shape: [data.length] });
  const features = graphs.inputs.dropout;
  const inputs = {
    image: image(batch),
    labels: { data: floats(job.data, -batch * tasks).map((x) => Number(x > 0)), shape: [batch, tasks] },
    weights: { data: new Float32Array(batch * tasks).fill(1), shape: [batch, tasks] },
    dropout: { data: new Float32Array(features[0] * features[1]).fill(1), shape: features },
    learningRate: flat(Float32Array.of(job.learningRate)),
  };
  let vectors: Record<string, Float32Array> = { theta: floats(job.theta) };
  for (const [name, length] of Object.entries(graphs.state)) vectors[name] = new Float32Array(length);
  let spare: Record<string, Float32Array> = Object.fromEntries(
    Object.entries(vectors).map(([name, { length }]) => [name, new Float32Array(length)]),
  );
  const named = (from: typeof vectors, rename: (name: string) => string) =>
    Object.fromEntries(Object.entries(from).map(([name, data]) => [rename(name), flat(data)]));
  return async (steps: number) => {
    const losses: number[] = [];
    for (let step = 0; step < steps; step++) {
      const { loss } = await session.run(
        { ...inputs, ...named(vectors, (name) => name) },
        named(spare, next),
      );
      [vectors, spare] = [spare, vectors];
      losses.push(loss[0]);
    }
    return losses;
  };
}

async function openPredictor(cases: number) {
  const uncalibrated = config.tasks.map(() => ({ slope: 1, intercept: 0 }));
  const graph = deployedModel(config, floats(job.theta), graphs.layout, uncalibrated, {}, cases);
  const session = await compile(graph, { threads });
  const input = image(cases);
  return async () => [...(await session.run({ image: input })).probabilities];
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
