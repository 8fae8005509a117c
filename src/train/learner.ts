import { compile, type Feed, initialise, next, type ParameterLayout, type Session } from "../graph/index.ts";
import { type NetworkConfig, standardisation, trainingModel } from "../model/index.ts";
import { derivedSeed, random } from "../random.ts";
import type { TrainSettings } from "./settings.ts";

/** What a step or an evaluation reads: one batch, every array row-major. */
export interface LearnerBatch {
  /** `[N, C, V, V, V]` */
  readonly input: Float32Array;
  /** `[N, T]` */
  readonly labels: Float32Array;
  /** `[N, T]`, 0 where a label is unknown. */
  readonly weights: Float32Array;
}

export interface Learner {
  readonly layout: ParameterLayout;
  /** Flat vectors by name: `theta`, `averaged` and the optimiser's state; the step after the next writes over them. */
  vectors: Readonly<Record<string, Float32Array>>;
  /** One optimiser step; returns the batch's loss. `at` names the step, so that its dropout is its own. */
  step(
    batch: LearnerBatch,
    learningRate: number,
    at: readonly [epoch: number, batch: number],
  ): Promise<number>;
  /** Loss and logits `[N, T]` of the averaged weights, without dropout. */
  evaluate(batch: LearnerBatch): Promise<{ loss: number; logits: Float32Array }>;
  /** Starts the features' mean and deviation from batches of the training cases; before the first step. */
  standardise(batches: Iterable<LearnerBatch>): Promise<void>;
  close(): Promise<void>;
}

/** The network a run's settings describe. */
export function networkConfig(settings: TrainSettings): NetworkConfig {
  const { crop, tasks, backbone, ple, tower } = settings;
  return {
    tasks,
    channels: crop.phases.length + (crop.maskChannels ? 2 : 0),
    masks: crop.maskChannels,
    voxels: crop.voxels,
    backbone,
    ple,
    tower,
  };
}

/** Compiles the training step and the evaluation; weights start from the settings' seed. */
export async function openLearner(settings: TrainSettings): Promise<Learner> {
  const config = networkConfig(settings);
  const { batch, tasks, seed, threads } = settings;
  const weighting =
    settings.weighting.kind === "fixed" && settings.weighting.weights.length === 0
      ? { kind: "fixed" as const, weights: tasks.map(() => 1) }
      : settings.weighting;
  const graphs = trainingModel(config, batch, weighting, settings.optimizer, settings.averaging);
  const [step, evaluation] = [
    await compile(graphs.step, { threads }),
    await compile(graphs.evaluate, { threads }),
  ];

  const theta = initialise(graphs.layout, seed);
  let vectors: Record<string, Float32Array> = { theta };
  for (const [name, length] of Object.entries(graphs.state))
    vectors[name] = name === "averaged" ? theta.slice() : new Float32Array(length);
  // Steps write to the two in turn.
  let spare: Record<string, Float32Array> = Object.fromEntries(
    Object.entries(vectors).map(([name, { length }]) => [name, new Float32Array(length)]),
  );

  const imageShape = [batch, config.channels, config.voxels, config.voxels, config.voxels];
  const features = graphs.inputs.dropout;
  const feed = ({ input, labels, weights }: LearnerBatch, dropout: Float32Array): Record<string, Feed> => ({
    image: { data: input, shape: imageShape },
    labels: { data: labels, shape: [batch, tasks.length] },
    weights: { data: weights, shape: [batch, tasks.length] },
    dropout: { data: dropout, shape: features },
  });
  const flat = (data: Float32Array): Feed => ({ data, shape: [data.length] });
  const none = new Float32Array(features[0] * features[1]).fill(1);

  return {
    layout: graphs.layout,
    get vectors() {
      return vectors;
    },
    set vectors(restored) {
      vectors = Object.fromEntries(Object.entries(restored).map(([name, data]) => [name, data.slice()]));
    },
    async step(batch, learningRate, at) {
      const named = (from: typeof vectors, rename: (name: string) => string) =>
        Object.fromEntries(Object.entries(from).map(([name, data]) => [rename(name), flat(data)]));
      const outputs = await step.run(
        {
          ...feed(batch, dropoutMask(none.length, settings.dropout, derivedSeed(seed, "dropout", ...at))),
          ...named(vectors, (name) => name),
          learningRate: flat(Float32Array.of(learningRate)),
        },
        named(spare, next),
      );
      [vectors, spare] = [spare, vectors];
      return outputs.loss[0];
    },
    async evaluate(batch) {
      const outputs = await evaluation.run({ ...feed(batch, none), theta: flat(vectors.averaged) });
      return { loss: outputs.loss[0], logits: outputs.logits };
    },
    async standardise(batches) {
      const [sums, squares] = [new Float64Array(features[1]), new Float64Array(features[1])];
      let n = 0;
      for (const batch of batches) {
        const { pooled } = await evaluation.run({ ...feed(batch, none), theta: flat(vectors.theta) });
        pooled.forEach((x, i) => {
          sums[i % features[1]] += x;
          squares[i % features[1]] += x * x;
        });
        n += features[0];
      }
      const theta = vectors.theta.slice();
      const [mean, gain] = [standardisation.mean, standardisation.gain].map(
        (name) => graphs.layout.offsets.get(name)!,
      );
      for (let f = 0; f < features[1]; f++) {
        const average = sums[f] / n;
        theta[mean + f] = average;
        theta[gain + f] = 1 / Math.sqrt(Math.max(squares[f] / n - average ** 2, 0) + 1e-6);
      }
      vectors = { ...vectors, theta, averaged: theta.slice() };
    },
    close: async () => {
      await closeAll([step, evaluation]);
    },
  };
}

/** Inverted dropout: 0 with probability `rate`, else 1 / (1 − rate). */
function dropoutMask(length: number, rate: number, seed: number): Float32Array {
  const { uniform } = random(seed);
  return Float32Array.from({ length }, () => (uniform() < rate ? 0 : 1 / (1 - rate)));
}

const closeAll = (sessions: readonly Session[]) => Promise.all(sessions.map((session) => session.close()));
