import { random } from "../../src/base/random.ts";
import { caseWeights } from "../../src/learning/model/loss.ts";
import { classificationOf, trainingModel } from "../../src/learning/model/model.ts";
import {
  compile,
  encodeOnnx,
  initialize,
  next,
  type SessionOptions,
} from "../../src/numerics/graph/index.ts";

export interface Trained {
  /** Of each step. */
  readonly losses: readonly number[];
  /** The weights after the last. */
  readonly theta: readonly number[];
  /** The ONNX file of the gradient. */
  readonly onnx: readonly number[];
}

const [batch, steps, voxels] = [2, 10, 16];

/** Ten AdamW steps of a small three-task network on two drawn cases: the same code in Node and in a page. */
export async function train(options: SessionOptions): Promise<Trained> {
  const graphs = trainingModel(
    classificationOf(
      {
        tasks: ["histology", "stage", "complexity"],
        features: "learnt",
        channels: 3,
        cubes: 1,
        masks: false,
        outlines: false,
        voxels,
        backbone: {
          depth: 10,
          width: 4,
          stages: 2,
          stem: { kernel: 3, stride: 2 },
        },
        embedding: 8,
        ple: { levels: 2, expertsPerTask: 1, sharedExperts: 1, units: 8 },
        tower: 8,
      },
      { kind: "uncertainty" },
    ),
    batch,
    { kind: "adamw", weightDecay: 0.01, clipNorm: 5 },
  );
  const { layout, inputs } = graphs;
  const gradient = await compile(graphs.gradient, options);
  const update = await compile(graphs.update, options);
  const { normal } = random(7);
  const size = 3 * voxels ** 3;
  const images = Float32Array.from({ length: batch * size }, (_, i) => normal() + Math.floor(i / size) - 0.5);
  const labels = Float32Array.of(0, 1, 0, 1, 0, 1);
  const weights = caseWeights(new Float32Array(labels.length).fill(1), 3);
  const dropout = { data: new Float32Array(inputs.dropout[1]).fill(1), shape: inputs.dropout };
  const row = (values: Float32Array, n: number) => ({ data: values.slice(3 * n, 3 * n + 3), shape: [1, 3] });
  const flat = (data: Float32Array) => ({ data, shape: [data.length] });

  const vectors: Record<string, Float32Array> = { theta: initialize(layout, 3) };
  for (const [name, length] of Object.entries(graphs.state)) vectors[name] = new Float32Array(length);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const sum = new Float32Array(layout.trained);
    let loss = 0;
    for (let n = 0; n < batch; n++) {
      const image = { data: images.slice(n * size, (n + 1) * size), shape: inputs.image };
      const feeds = { image, dropout, labels: row(labels, n), weights: row(weights, n) };
      const found = await gradient.run({ ...feeds, theta: flat(vectors.theta) });
      found.gradient.forEach((g, i) => {
        sum[i] += g;
      });
      loss += found.loss[0];
    }
    losses.push(loss);
    const state = Object.entries(vectors).map(([name, data]) => [name, flat(data)] as const);
    // Written in place, as the training loop does.
    await update.run(
      { ...Object.fromEntries(state), gradient: flat(sum), learningRate: flat(Float32Array.of(0.02)) },
      Object.fromEntries(state.map(([name, feed]) => [next(name), feed])),
    );
  }
  await Promise.all([gradient.close(), update.close()]);
  return { losses, theta: [...vectors.theta], onnx: [...encodeOnnx(graphs.gradient)] };
}
