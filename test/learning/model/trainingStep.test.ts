import { expect, test } from "vitest";
import { caseWeights } from "../../../src/learning/model/loss.ts";
import { classificationOf, trainingModel } from "../../../src/learning/model/model.ts";
import { compile, initialize } from "../../../src/numerics/graph/index.ts";
import { count, sorted, type Tensor } from "../../../src/numerics/graph/tensor.ts";
import { draws } from "../../numerics/graph/check.ts";
import { evaluate } from "../../numerics/graph/interpreter.ts";

const config = {
  tasks: ["histology", "stage", "complexity"],
  features: "both",
  channels: 8,
  cubes: 2,
  masks: true,
  outlines: false,
  voxels: 8,
  backbone: { depth: 10, width: 4, stages: 2, stem: { kernel: 3, stride: 2 } },
  embedding: 7,
  ple: { levels: 2, expertsPerTask: 2, sharedExperts: 1, units: 6 },
  tower: 5,
} as const;

const batch = 3;
const optimizer = { kind: "sgd", momentum: 0.9, weightDecay: 0.01, clipNorm: 1 } as const;
const graphs = trainingModel(classificationOf(config, { kind: "uncertainty" }), batch, optimizer, 0.9);
const { layout } = graphs;

const labels = Float32Array.of(1, 0, 1, 0, 1, 0, 0, 0, 1);
const weights = caseWeights(Float32Array.of(1, 0, 2, 1, 1, 0.5, 0, 1, 1), 3);
const image = Float32Array.from(draws(batch * 8 * 512, 5), (x, i) =>
  // Masks, the last two of a cube’s four channels, are occupancies.
  i % (4 * 512) < 2 * 512 ? x : Math.min(1, Math.abs(x)),
);
const all: Record<string, Float32Array> = {
  image,
  labels,
  weights,
  dropout: Float32Array.from({ length: batch * graphs.inputs.dropout[1] }, (_, i) =>
    i % 5 === 0 ? 0 : 1.25,
  ),
};
const ofCase = (name: string, index: number) => {
  const length = count(graphs.inputs[name]);
  return all[name].subarray(index * length, (index + 1) * length);
};

test("three whole training steps equal the double-precision oracle", async () => {
  const run = await runtime();
  const check = oracle();
  const start = initialize(layout, 3);
  // Weights that start at zero would hide what lies behind them.
  for (let i = 0; i < start.length; i++) start[i] += 0.05 * Math.sin(i);
  let [a, b] = [stateFrom(start), stateFrom(start)];
  for (let step = 0; step < 3; step++) {
    const [found, expected] = [await run(a), check(b)];
    for (const name of Object.keys(expected)) {
      const scale = Math.max(...expected[name].map(Math.abs));
      const worst = Math.max(...expected[name].map((x, i) => Math.abs(x - found[name][i])));
      expect(worst / scale, `${name}, step ${step + 1}`).toBeLessThan(1e-4);
    }
    [a, b] = [found, expected];
  }
});

type Vectors = Record<string, Float32Array | Float64Array>;

const stateFrom = (theta: Float32Array): Vectors => ({
  theta,
  averaged: theta,
  velocity: new Float32Array(theta.length),
});
const moved = (next: Vectors): Vectors =>
  Object.fromEntries(["theta", "averaged", "velocity"].map((name) => [name, next[`${name}Next`]]));

/** One step on ONNX Runtime: the cases' gradients added up, then the update. */
async function runtime() {
  const [gradient, update] = [await compile(graphs.gradient), await compile(graphs.update)];
  const flat = (data: Float32Array | Float64Array) => ({
    data: Float32Array.from(data),
    shape: [data.length],
  });
  return async (state: Vectors): Promise<Vectors> => {
    const [total, loss] = [new Float64Array(layout.trained), [0]];
    for (let index = 0; index < batch; index++) {
      const feeds = Object.keys(all).map((name) => [
        name,
        { data: ofCase(name, index), shape: graphs.inputs[name] },
      ]);
      const outputs = await gradient.run({ ...Object.fromEntries(feeds), theta: flat(state.theta) });
      outputs.gradient.forEach((x, i) => {
        total[i] += x;
      });
      loss[0] += outputs.loss[0];
    }
    const next = await update.run({
      ...Object.fromEntries(Object.entries(state).map(([name, data]) => [name, flat(data)])),
      gradient: flat(total),
      learningRate: flat(Float32Array.of(0.1)),
    });
    return { ...moved(next), loss: Float64Array.from(loss), gradient: total };
  };
}

/** The same in double precision, by the interpreter. */
function oracle() {
  const inputsOf = (outputs: Readonly<Record<string, Tensor>>) =>
    new Map(sorted(Object.values(outputs)).flatMap((x) => (x.op === "Input" ? [[x.name!, x] as const] : [])));
  return (state: Vectors): Vectors => {
    const [total, loss] = [new Float64Array(layout.trained), Float64Array.of(0)];
    const { outputs } = graphs.gradient;
    const inputs = inputsOf(outputs);
    for (let index = 0; index < batch; index++) {
      const feeds = new Map(
        [...inputs].map(([name, x]) => [
          x,
          Float64Array.from(name === "theta" ? state.theta : ofCase(name, index)),
        ]),
      );
      const [gradient, ofLoss] = evaluate([outputs.gradient, outputs.loss], feeds);
      gradient.forEach((x, i) => {
        total[i] += x;
      });
      loss[0] += ofLoss[0];
    }
    const given: Vectors = { ...state, gradient: total, learningRate: Float64Array.of(0.1) };
    const feeds = new Map(
      [...inputsOf(graphs.update.outputs)].map(([name, x]) => [x, Float64Array.from(given[name])]),
    );
    const names = Object.keys(graphs.update.outputs);
    const values = evaluate(Object.values(graphs.update.outputs), feeds);
    const next = Object.fromEntries(names.map((name, i) => [name, Float64Array.from(values[i])]));
    return { ...moved(next), loss, gradient: total };
  };
}
