import {
  compile,
  type Device,
  deferred,
  type Feed,
  type Hoisted,
  hoisted,
  initialise,
  lowered,
  type OnnxGraph,
  type ParameterLayout,
  sorted,
} from "../graph/index.ts";
import {
  caseWeights,
  type NetworkConfig,
  standardisation,
  type TaskWeighting,
  trainingModel,
} from "../model/index.ts";
import { derivedSeed, random } from "../random.ts";
import { openCaseThreads, sharedFeed } from "./caseThreads.ts";
import type { TrainSettings } from "./settings.ts";
import { preparations, updateGraphs } from "./stepGraphs.ts";

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
  /** Flat vectors by name: `theta`, `averaged` and the optimiser's state; the next step writes over them. */
  vectors: Readonly<Record<string, Float32Array>>;
  /** One optimiser step; returns the batch's loss. `at` names the step, so that its dropout is its own. */
  step(
    batch: LearnerBatch,
    learningRate: number,
    at: readonly [epoch: number, batch: number],
  ): Promise<number>;
  /** Loss, logits `[N, T]` and features `[N, F]` of the averaged weights, without dropout. */
  evaluate(batch: LearnerBatch): Promise<{ loss: number; logits: Float32Array; features: Float32Array }>;
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

/** Compiles the gradient, the update and the evaluation; weights start from the settings' seed. */
export async function openLearner(settings: TrainSettings): Promise<Learner> {
  const { batch, tasks, seed, threads, device } = settings;
  const config = networkConfig(settings);
  const graphs = trainingModel(
    config,
    batch,
    taskWeighting(settings),
    settings.optimizer,
    settings.averaging,
  );
  const { layout } = graphs;
  const [gradient, evaluation] = [await split(graphs.gradient, device), await split(graphs.evaluate, device)];

  const byCase = mapValues(graphs.inputs, (shape) => sharedFeed(shape, batch));
  const results = {
    loss: sharedFeed([], batch),
    logits: sharedFeed([1, tasks.length], batch),
    pooled: sharedFeed(graphs.inputs.dropout, batch),
  };
  const gradientSum = sharedFeed([layout.trained]);
  const parts = deferred(gradient.outputs.gradient);
  const sums = Object.fromEntries(
    parts.map(({ name, start, length, unordered: { shape }, ordered }) => [
      name,
      ordered ? sharedFeed(shape) : { data: gradientSum.data.subarray(start, start + length), shape },
    ]),
  );
  const [sharedByGradient, sharedByEvaluation] = [gradient, evaluation].map(({ shared }) =>
    mapValues(shared, ({ shape }) => sharedFeed(shape)),
  );
  const vectors = mapValues({ theta: layout.length, ...graphs.state }, (length) => sharedFeed([length]));
  const scalars = { learningRate: sharedFeed([1]), ...(graphs.divisor && { divisor: sharedFeed([1]) }) };
  const { pieces, update, rest } = updateGraphs(graphs, vectors, gradientSum, scalars);
  const casesAtOnce = device === "cpu" && !large(config) ? Math.min(threads, batch) : 1;
  const threadsPerCase = Math.floor(threads / casesAtOnce);
  const prepared = (name: string, { shared }: Hoisted, theta: Feed, into: Record<string, Feed>) =>
    numbered(name, preparations(shared, { theta }, into, casesAtOnce));
  const beforeGradient = prepared("beforeGradient", gradient, vectors.theta, sharedByGradient);
  const beforeEvaluation = mapValues(
    prepared("beforeEvaluation", evaluation, vectors.averaged, sharedByEvaluation),
    (graph) => ({ ...graph, lazy: true }),
  );
  const moved = parts.filter(({ ordered }) => ordered !== undefined);
  const afterGradient = numbered(
    "afterGradient",
    preparations(
      Object.fromEntries(moved.map(({ name, ordered }) => [`${name}Ordered`, ordered!])),
      sums,
      Object.fromEntries(
        moved.map(({ name, start, length }) => [
          `${name}Ordered`,
          { data: gradientSum.data.subarray(start, start + length), shape: [length] },
        ]),
      ),
      casesAtOnce,
    ),
  );
  const cases = await openCaseThreads<string>(
    {
      gradient: {
        graph: {
          outputs: {
            loss: gradient.outputs.loss,
            ...Object.fromEntries(parts.map(({ name, unordered }) => [name, unordered])),
          },
        },
        shared: sharedByGradient,
        byCase,
        results: { loss: results.loss },
        sums,
      },
      evaluation: {
        graph: { outputs: pick(evaluation.outputs, results) },
        shared: sharedByEvaluation,
        byCase,
        results,
        lazy: true,
      },
      update,
      rest,
      ...beforeGradient,
      ...afterGradient,
      ...beforeEvaluation,
    },
    { cases: casesAtOnce, threadsPerCase, device },
  );
  const divisor = graphs.divisor && (await compile(graphs.divisor, { threads, device, keepMemory: false }));

  const restore = (values: Readonly<Record<string, Float32Array>>) => {
    for (const name in vectors) vectors[name].data.set(values[name]);
  };
  const start = initialise(layout, seed);
  vectors.theta.data.set(start);
  vectors.averaged.data.set(start);

  const features = graphs.inputs.dropout[1];
  const feed = ({ input, labels, weights }: LearnerBatch, dropout: Float32Array) => {
    byCase.image.data.set(input);
    byCase.labels.data.set(labels);
    byCase.weights.data.set(caseWeights(weights, tasks.length));
    byCase.dropout.data.set(dropout);
  };
  const none = new Float32Array(batch * features).fill(1);
  const evaluated = async (input: LearnerBatch) => {
    feed(input, none);
    await cases.runAll(Object.keys(beforeEvaluation));
    await cases.run("evaluation", batch);
  };
  const loss = () => results.loss.data.reduce((a, b) => a + b);

  return {
    layout,
    get vectors() {
      return mapValues(vectors, ({ data }) => data);
    },
    set vectors(values) {
      restore(values);
    },
    async step(input, learningRate, at) {
      feed(input, dropoutMask(none.length, settings.dropout, derivedSeed(seed, "dropout", ...at)));
      scalars.learningRate.data[0] = learningRate;
      await cases.runAll(Object.keys(beforeGradient));
      await cases.run("gradient", batch);
      await cases.runAll(Object.keys(afterGradient));
      if (divisor) await divisor.run({ gradient: gradientSum }, pick(scalars, graphs.divisor!.outputs));
      await cases.run("update", pieces);
      await cases.run("rest", 1);
      return loss();
    },
    async evaluate(input) {
      await evaluated(input);
      return { loss: loss(), logits: results.logits.data.slice(), features: results.pooled.data.slice() };
    },
    async standardise(batches) {
      const [sums, squares] = [new Float64Array(features), new Float64Array(features)];
      let n = 0;
      for (const input of batches) {
        await evaluated(input);
        results.pooled.data.forEach((x, i) => {
          sums[i % features] += x;
          squares[i % features] += x * x;
        });
        n += batch;
      }
      const theta = vectors.theta.data;
      const [mean, gain] = [standardisation.mean, standardisation.gain].map(
        (name) => layout.offsets.get(name)!,
      );
      for (let f = 0; f < features; f++) {
        const average = sums[f] / n;
        theta[mean + f] = average;
        theta[gain + f] = 1 / Math.sqrt(Math.max(squares[f] / n - average ** 2, 0) + 1e-6);
      }
      vectors.averaged.data.set(theta);
    },
    close: async () => {
      await Promise.all([cases.close(), divisor?.close()]);
    },
  };
}

/**
 * Whether a case's activations are too large for a core's cache at their finest. Then a case a thread gains little, and
 * threads that share one case need memory for one.
 */
function large({ voxels, backbone: { width, stem } }: NetworkConfig): boolean {
  const side = voxels / stem.stride / (stem.maxPool ? 2 : 1);
  return 4 * width * side ** 3 > 2 ** 23;
}

/** A graph of one case in this processor's lowering, and apart from it what follows from the parameters alone. */
async function split({ outputs }: OnnxGraph, device: Device): Promise<Hoisted> {
  const graph = device === "cpu" ? await lowered({ outputs }) : { outputs };
  const theta = sorted(Object.values(graph.outputs)).filter(({ name }) => name === "theta");
  return hoisted(graph.outputs, new Set(theta));
}

const taskWeighting = ({ weighting, tasks }: TrainSettings): TaskWeighting =>
  weighting.kind === "fixed" && weighting.weights.length === 0
    ? { kind: "fixed", weights: tasks.map(() => 1) }
    : weighting;

/** Inverted dropout: 0 with probability `rate`, else 1 / (1 − rate). */
function dropoutMask(length: number, rate: number, seed: number): Float32Array {
  const { uniform } = random(seed);
  return Float32Array.from({ length }, () => (uniform() < rate ? 0 : 1 / (1 - rate)));
}

const numbered = <A>(name: string, values: readonly A[]): Record<string, A> =>
  Object.fromEntries(values.map((value, i) => [`${name}${i}`, value]));
const mapValues = <A, B>(record: Readonly<Record<string, A>>, f: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value)]));

const pick = <A>(record: Readonly<Record<string, A>>, names: object): Record<string, A> =>
  Object.fromEntries(Object.keys(names).map((name) => [name, record[name]]));
