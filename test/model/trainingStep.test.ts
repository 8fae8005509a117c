import { expect, test } from "vitest";
import { compile, initialise } from "../../src/graph/index.ts";
import { count, sorted, type Tensor } from "../../src/graph/tensor.ts";
import { trainingModel } from "../../src/model/index.ts";
import { draws } from "../graph/check.ts";
import { evaluate } from "../graph/interpreter.ts";

const config = {
  tasks: ["histology", "stage", "complexity"],
  channels: 4,
  masks: true,
  voxels: 8,
  backbone: { depth: 10, width: 4, stages: 2, stem: { kernel: 3, stride: 2, maxPool: false }, groups: 2 },
  ple: { levels: 2, expertsPerTask: 2, sharedExperts: 1, units: 6 },
  tower: 5,
} as const;

test("three whole training steps equal the double-precision oracle", async () => {
  const batch = 3;
  const optimizer = { kind: "sgd", momentum: 0.9, weightDecay: 0.01, clipNorm: 1 } as const;
  const graphs = trainingModel(config, batch, { kind: "uncertainty" }, optimizer, 0.9);
  const { outputs } = graphs.step;
  const session = await compile(graphs.step);
  const inputs = sorted(Object.values(outputs)).filter((tensor) => tensor.op === "Input");
  const theta = initialise(graphs.layout, 3);
  // Weights that start at zero would hide what lies behind them.
  for (let i = 0; i < theta.length; i++) theta[i] += 0.05 * Math.sin(i);

  const first = (tensor: Tensor): Float32Array => {
    const n = count(tensor.shape);
    if (tensor.name === "theta" || tensor.name === "averaged") return theta;
    if (tensor.name === "learningRate") return Float32Array.of(0.1);
    if (tensor.name === "velocity") return new Float32Array(n);
    if (tensor.name === "labels") return Float32Array.of(1, 0, 1, 0, 1, 0, 0, 0, 1);
    if (tensor.name === "weights") return Float32Array.of(1, 0, 2, 1, 1, 0.5, 0, 1, 1);
    if (tensor.name === "dropout")
      return Float32Array.from({ length: n }, (_, i) => (i % 5 === 0 ? 0 : 1.25));
    return Float32Array.from(draws(n, 5), (x, i) => (i % (4 * 512) < 2 * 512 ? x : Math.min(1, Math.abs(x))));
  };
  let runtime = new Map(inputs.map((tensor) => [tensor.name!, first(tensor)]));
  let oracle = new Map<Tensor, Float64Array>(
    inputs.map((tensor) => [tensor, Float64Array.from(first(tensor))]),
  );
  for (let step = 0; step < 3; step++) {
    const computed = await session.run(
      Object.fromEntries(
        inputs.map((tensor) => [tensor.name!, { data: runtime.get(tensor.name!)!, shape: tensor.shape }]),
      ),
    );
    const names = Object.keys(outputs);
    const expected = evaluate(Object.values(outputs), oracle);
    names.forEach((name, o) => {
      const scale = Math.max(...expected[o].map(Math.abs));
      const worst = Math.max(...expected[o].map((x, i) => Math.abs(x - computed[name][i])));
      expect(worst / scale, `${name}, step ${step + 1}`).toBeLessThan(1e-4);
    });
    const moved = (name: string) => names.indexOf(`${name}Next`);
    runtime = new Map([...runtime].map(([name, data]) => [name, computed[`${name}Next`] ?? data]));
    oracle = new Map(
      [...oracle].map(([tensor, data]) => [
        tensor,
        moved(tensor.name!) < 0 ? data : expected[moved(tensor.name!)],
      ]),
    );
  }
  await session.close();
});
