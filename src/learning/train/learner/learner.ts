import { extname } from "node:path";
import { derivedSeed, random } from "../../../base/random.ts";
import { inThread } from "../../../base/threads.ts";
import { initialize, openSession, type ParameterLayout } from "../../../numerics/graph/index.ts";
import { caseWeights } from "../../model/loss.ts";
import { standardization, standardizedBlocks } from "../../model/network.ts";
import type { TrainSettings } from "../../trained/settings.ts";
import { openCaseThreads } from "./caseThreads.ts";
import { type LearnerGraphs, learnerGraphs } from "./learnerGraphs.ts";

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
  standardize(batches: Iterable<LearnerBatch>): Promise<void>;
  close(): Promise<void>;
}

/** Compiles the gradient, the update and the evaluation; weights start from the settings' seed. */
export async function openLearner(settings: TrainSettings): Promise<Learner> {
  const { batch, tasks, seed, threads, device } = settings;
  const made = await (settings.crop.voxels > smallCrop
    ? inThread<TrainSettings, LearnerGraphs>(graphsWorker, settings)
    : learnerGraphs(settings));
  const { layout, byCase, results, vectors, scalars, gradientSum } = made;
  const { casesAtOnce, threadsPerCase } = made;
  const cases = await openCaseThreads(made.graphs, { cases: casesAtOnce, threadsPerCase, device });
  const divisor = made.divisor && (await openSession(made.divisor, { threads, device, keepMemory: false }));

  const restore = (values: Readonly<Record<string, Float32Array>>) => {
    for (const name in vectors) vectors[name].data.set(values[name]);
  };
  const start = initialize(layout, seed);
  vectors.theta.data.set(start);
  vectors.averaged.data.set(start);

  const features = byCase.dropout.shape[1];
  const feed = ({ input, labels, weights }: LearnerBatch, dropout: Float32Array) => {
    byCase.image.data.set(input);
    byCase.labels.data.set(labels);
    byCase.weights.data.set(caseWeights(weights, tasks.length));
    byCase.dropout.data.set(dropout);
  };
  const none = new Float32Array(batch * features).fill(1);
  const evaluated = async (input: LearnerBatch) => {
    feed(input, none);
    await cases.runAll(made.beforeEvaluation);
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
      await cases.runAll(made.before);
      await cases.run("gradient", batch);
      await cases.runAll(made.after);
      if (divisor) await divisor.run({ gradient: gradientSum }, { divisor: scalars.divisor });
      await cases.run("update", made.pieces);
      await cases.run("rest", 1);
      return loss();
    },
    async evaluate(input) {
      await evaluated(input);
      return { loss: loss(), logits: results.logits.data.slice(), features: results.features.data.slice() };
    },
    async standardize(batches) {
      const pooled = results.pooled.shape[1];
      const [sums, squares] = [new Float64Array(pooled), new Float64Array(pooled)];
      let n = 0;
      for (const input of batches) {
        await evaluated(input);
        results.pooled.data.forEach((x, i) => {
          sums[i % pooled] += x;
          squares[i % pooled] += x * x;
        });
        n += batch;
      }
      const theta = vectors.theta.data;
      let from = 0;
      for (const block of standardizedBlocks) {
        const { mean, gain } = standardization(block);
        const parameter = layout.parameters.find(({ name }) => name === mean);
        if (!parameter) continue;
        const [means, gains] = [mean, gain].map((name) => layout.offsets.get(name)!);
        const [columns] = parameter.shape;
        for (let f = 0; f < columns; f++) {
          const average = sums[from + f] / n;
          theta[means + f] = average;
          theta[gains + f] = 1 / Math.sqrt(Math.max(squares[from + f] / n - average ** 2, 0) + 1e-4);
        }
        from += columns;
      }
      vectors.averaged.data.set(theta);
    },
    close: async () => {
      await Promise.all([cases.close(), divisor?.close()]);
    },
  };
}

/** Inverted dropout: 0 with probability `rate`, else 1 / (1 − rate). */
function dropoutMask(length: number, rate: number, seed: number): Float32Array {
  const { uniform } = random(seed);
  return Float32Array.from({ length }, () => (uniform() < rate ? 0 : 1 / (1 - rate)));
}

/** Building graphs takes several times the memory that is left of it; of a small crop neither counts. */
const graphsWorker = new URL(`./learnerGraphs.worker${extname(import.meta.url)}`, import.meta.url);

const smallCrop = 32;

const mapValues = <A, B>(record: Readonly<Record<string, A>>, f: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value)]));
