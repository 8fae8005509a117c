import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { basicBlock } from "../../../src/learning/model/resnet.ts";
import { gradients } from "../../../src/numerics/graph/gradients.ts";
import {
  compile,
  constant,
  initialize,
  input,
  mul,
  next,
  type ParameterSource,
  reshape,
  sum,
  trainingGraphs,
} from "../../../src/numerics/graph/index.ts";
import { draws } from "./check.ts";

const python = "/usr/bin/python3";
const hasTorch =
  spawnSync(python, ["-c", "import importlib.util as i; exit(not i.find_spec('torch'))"]).status === 0;
if (!hasTorch) console.warn("skipped: python3-torch is not installed");

describe.skipIf(!hasTorch)("a residual block with stride 2, in PyTorch", () => {
  const [n, c, side, o] = [2, 4, 8, 6];
  const x = { data: draws(n * c * side ** 3, 1), shape: [n, c, side, side, side] };
  const weights = { data: draws(n * o * (side / 2) ** 3, 2), shape: [n, o, side / 2, side / 2, side / 2] };
  const build = (source: ParameterSource) => {
    const { x: y } = basicBlock({ x: input("x", x.shape), variance: 1 }, o, 2, "b", {
      source,
      folded: false,
    });
    return { loss: sum(mul(y, constant(Float32Array.from(weights.data), weights.shape))) };
  };
  const optimizer = { kind: "adamw", weightDecay: 0.01, clipNorm: 5 } as const;
  const graphs = trainingGraphs(build, optimizer);
  const theta = initialize(graphs.layout, 7);
  const parameters = graphs.layout.parameters.map(({ name, shape }) => {
    const start = graphs.layout.offsets.get(name)!;
    const length = shape.reduce((a, b) => a * b, 1);
    return { name, shape, data: theta.slice(start, start + length) };
  });
  const job = {
    x: { ...x, data: [...Float32Array.from(x.data)] },
    weights: { ...weights, data: [...Float32Array.from(weights.data)] },
    parameters: Object.fromEntries(
      parameters.map(({ name, shape, data }) => [name, { shape, data: [...data] }]),
    ),
  };
  const peer = hasTorch
    ? JSON.parse(
        spawnSync(python, [new URL("./residualBlock.py", import.meta.url).pathname], {
          input: JSON.stringify(job),
          maxBuffer: 1 << 28,
        }).stdout.toString(),
      )
    : undefined;
  const feed = { x: { data: Float32Array.from(x.data), shape: x.shape } };

  test("gradients agree", async () => {
    const inputs = parameters.map(({ name, shape }) => input(name, shape));
    const { loss } = build(({ name }) => inputs.find((tensor) => tensor.name === name)!);
    const outputs = Object.fromEntries(
      gradients(loss, inputs).map((g, i) => [
        `d ${parameters[i].name}`,
        reshape(mul(g, 1), [g.shape.reduce((a, b) => a * b, 1)]),
      ]),
    );
    const session = await compile({ outputs });
    const computed = await session.run({
      ...feed,
      ...Object.fromEntries(parameters.map((p) => [p.name, p])),
    });
    for (const { name } of parameters) {
      const expected: number[] = peer.gradients[name];
      const scale = Math.max(...expected.map(Math.abs));
      const worst = Math.max(...expected.map((g, i) => Math.abs(g - computed[`d ${name}`][i]) / scale));
      expect(worst, name).toBeLessThan(1e-4);
    }
    await session.close();
  });

  test("ten AdamW steps with clipping agree", async () => {
    const session = await compile(graphs.step);
    let vectors: Record<string, Float32Array> = {
      theta,
      ...Object.fromEntries(
        Object.entries(graphs.state).map(([name, length]) => [name, new Float32Array(length)]),
      ),
    };
    for (const expected of peer.losses as number[]) {
      const state = Object.entries(vectors).map(
        ([name, data]) => [name, { data, shape: [data.length] }] as const,
      );
      const outputs = await session.run({
        ...feed,
        ...Object.fromEntries(state),
        learningRate: { data: Float32Array.of(1e-2), shape: [1] },
      });
      expect(Math.abs(outputs.loss[0] - expected) / Math.abs(peer.losses[0])).toBeLessThan(1e-3);
      vectors = Object.fromEntries(Object.keys(vectors).map((name) => [name, outputs[next(name)]]));
    }
    await session.close();
  });
});
