import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { deployedSegmentation, trainingModel } from "../../../src/learning/model/model.ts";
import {
  type SegmentationConfig,
  segmentationLoss,
  segmentationTraining,
} from "../../../src/learning/model/segmentation.ts";
import { compile, type Feed, initialize, input, parametersIn } from "../../../src/numerics/graph/index.ts";
import { draws, gradientError, runtimeError } from "../../numerics/graph/check.ts";
import { hasPython, runPython } from "../../python.ts";

const config: SegmentationConfig = {
  channels: 2,
  classes: 3,
  patch: [8, 12, 4],
  backbone: { depth: 10, width: 4, stages: 3, stem: { kernel: 3, stride: 1 } },
  deepSupervision: true,
};
const batch = 2;
const voxels = 8 * 12 * 4;
const image = { data: Float32Array.from(draws(batch * 2 * voxels, 1)), shape: [batch, 2, ...config.patch] };
const labels = {
  data: Float32Array.from(draws(batch * voxels, 2), (x) => (x > 1 ? 2 : x > 0 ? 1 : 0)),
  shape: [batch, 1, ...config.patch],
};
const model = trainingModel({ kind: "segmentation", network: config }, batch, { kind: "sgd" });
const { layout } = model;
// Biases and scales start at 0 and 1, where a fault of theirs would not show.
const theta = initialize(layout, 3).map((value, i) => value + 0.1 * Math.sin(i));

/** One case of several. */
const caseOf = ({ data, shape }: Feed, i: number): Feed => {
  const length = data.length / shape[0];
  return { data: data.slice(i * length, (i + 1) * length), shape: [1, ...shape.slice(1)] };
};

async function run(graph: Parameters<typeof compile>[0], feeds: Readonly<Record<string, Feed>>) {
  const session = await compile(graph, { threads: 1 });
  try {
    return await session.run(feeds);
  } finally {
    await session.close();
  }
}

describe.skipIf(!hasPython("torch"))("the network in PyTorch", () => {
  test("has the same loss, logits and gradients", async () => {
    const listed = ({ data, shape }: Feed) => ({ data: [...data], shape });
    const shapes = new Map(layout.parameters.map(({ name, shape }) => [name, shape]));
    const job = {
      image: listed(image),
      labels: listed(labels),
      ...{ threads: 1, type: "float64", width: 4 },
      stages: 3,
      classes: 3,
      parameters: Object.fromEntries(
        [...parametersIn(theta, layout)].map(([name, data]) => [
          name,
          { data: [...data], shape: shapes.get(name) },
        ]),
      ),
    };
    const script = readFileSync(
      new URL("../../../bench/engine/segmentation_peer.py", import.meta.url),
      "utf8",
    );
    const answer = runPython(script, [], `${JSON.stringify(job)}\n{}\n`);
    const peer = JSON.parse(answer.stdout || JSON.stringify(answer.stderr));

    let loss = 0;
    const logits: number[] = [];
    const gradient = new Float32Array(layout.trained);
    for (let i = 0; i < batch; i++) {
      const feeds = {
        image: caseOf(image, i),
        labels: caseOf(labels, i),
        theta: { data: theta, shape: [theta.length] },
      };
      const own = await run(model.gradient, feeds);
      loss += own.loss[0];
      logits.push(...own.logits);
      own.gradient.forEach((value, n) => (gradient[n] += value));
    }
    expect(loss).toBeCloseTo(peer.loss, 5);
    const worst = (found: readonly number[], expected: readonly number[]) => {
      const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      return expected.reduce((most, value, n) => Math.max(most, Math.abs(value - found[n]) / scale), 0);
    };
    expect(worst(logits, peer.logits)).toBeLessThan(1e-5);
    for (const [name, own] of parametersIn(gradient, layout))
      expect(worst([...own], peer.gradients[name]), name).toBeLessThan(1e-4);
  });
});

test("deployed, with its weights folded, it answers as in training", async () => {
  const first = { image: caseOf(image, 0), labels: caseOf(labels, 0) };
  const trained = await run(model.evaluate, { ...first, theta: { data: theta, shape: [theta.length] } });
  const deployed = await run(deployedSegmentation(config, parametersIn(theta, layout)), {
    image: first.image,
  });
  deployed.logits.forEach((value, n) => expect(value).toBeCloseTo(trained.logits[n], 4));
});

test("the loss has the gradient it should, on ONNX Runtime too", async () => {
  const shape = [1, 3, 2, 3, 2];
  const logits = input("logits", shape);
  const truth = input("truth", shape);
  const feeds = new Map([
    [logits, draws(36, 4)],
    [truth, Float64Array.from({ length: 36 }, (_, n) => Number(Math.floor(n / 12) === (n * 7) % 3))],
  ]);
  const loss = segmentationLoss(logits, truth);
  expect(gradientError(loss, [logits], feeds)).toBeLessThan(1e-7);
  expect(await runtimeError({ loss }, feeds)).toBeLessThan(5e-5);
});

test("logits that are the labels cost nothing, however large", async () => {
  const shape = [1, 3, 2, 2, 2];
  const data = Float32Array.from({ length: 24 }, (_, n) => Number(Math.floor(n / 8) === n % 3));
  const truth = input("truth", shape);
  const loss = segmentationLoss(input("logits", shape), truth);
  const { found } = await run(
    { outputs: { found: loss } },
    { truth: { data, shape }, logits: { data: data.map((x) => 1e4 * x), shape } },
  );
  expect(found[0]).toBeCloseTo(0, 6);
});

test("a stem with stride 2 does not cost the answer its resolution", () => {
  const strided = {
    ...config,
    patch: [8, 16, 8],
    backbone: { ...config.backbone, stem: { kernel: 3, stride: 2 } },
  } as const;
  const { logits } = segmentationTraining(strided, 1, ({ name, shape }) => input(name, shape));
  expect(logits.shape).toEqual([1, 3, 8, 16, 8]);
});
