import { extname } from "node:path";
import { inThread } from "../../../base/threads.ts";
import { initialize, openSession, type ParameterLayout } from "../../../numerics/graph/index.ts";
import { imageSides } from "../../model/model.ts";
import { openCaseThreads } from "./caseThreads.ts";
import { type LearnerGraphs, type LearnerSpec, learnerGraphs } from "./learnerGraphs.ts";

/** The inputs of a batch by name, of all its cases one after the other. */
export type Inputs = Readonly<Record<string, Float32Array>>;

/** Whatever is learnt: steps of the optimiser, and answers of the averaged weights. */
export interface Stepper {
  readonly layout: ParameterLayout;
  /** Flat vectors by name: `theta`, `averaged` and the optimiser's state; the next step writes over them. */
  vectors: Readonly<Record<string, Float32Array>>;
  /** Elements of one case in an input or output. */
  length(name: string): number;
  /** One optimiser step; returns the batch's loss. */
  step(inputs: Inputs, learningRate: number): Promise<number>;
  /** The model's outputs of each case of a batch under the averaged weights; `loss` is a case's share. */
  evaluate(inputs: Inputs): Promise<Readonly<Record<string, Float32Array>>>;
  close(): Promise<void>;
}

/**
 * Compiles the gradient, the update and the evaluation.
 * @param seed that weights start from
 * @param given weights by name to start from in place of random ones
 */
export async function openStepper(
  spec: LearnerSpec,
  seed: number,
  given: ReadonlyMap<string, Float32Array> = new Map(),
): Promise<Stepper> {
  const { batch, threads, device, objective } = spec;
  const made = await (Math.max(...imageSides(objective)) > smallCrop
    ? inThread<LearnerSpec, LearnerGraphs>(graphsWorker, spec)
    : learnerGraphs(spec));
  const { layout, byCase, results, vectors, scalars, gradientSum } = made;
  const { casesAtOnce, threadsPerCase } = made;
  const cases = await openCaseThreads(made.graphs, { cases: casesAtOnce, threadsPerCase, device });
  const divisor = made.divisor && (await openSession(made.divisor, { threads, device, keepMemory: false }));
  const start = initialize(layout, seed);
  for (const [name, values] of given) {
    const at = layout.offsets.get(name);
    if (at !== undefined) start.set(values, at);
  }
  vectors.theta.data.set(start);
  vectors.averaged.data.set(start);
  const feed = (inputs: Inputs) => {
    for (const name in byCase) byCase[name].data.set(inputs[name]);
  };
  const size = ({ shape }: { readonly shape: readonly number[] }) => shape.reduce((a, b) => a * b, 1);

  return {
    layout,
    get vectors() {
      return mapValues(vectors, ({ data }) => data);
    },
    set vectors(values) {
      for (const name in vectors) vectors[name].data.set(values[name]);
    },
    length: (name) => size(byCase[name] ?? results[name]),
    async step(inputs, learningRate) {
      feed(inputs);
      scalars.learningRate.data[0] = learningRate;
      await cases.runAll(made.before);
      await cases.run("gradient", batch);
      await cases.runAll(made.after);
      if (divisor) await divisor.run({ gradient: gradientSum }, { divisor: scalars.divisor });
      await cases.run("update", made.pieces);
      await cases.run("rest", 1);
      return results.loss.data.reduce((a, b) => a + b);
    },
    async evaluate(inputs) {
      feed(inputs);
      await cases.runAll(made.beforeEvaluation);
      await cases.run("evaluation", batch);
      return mapValues(results, ({ data }) => data.slice());
    },
    close: async () => {
      await Promise.all([cases.close(), divisor?.close()]);
    },
  };
}

/** Building graphs takes several times the memory that is left of it; of a small crop neither counts. */
const graphsWorker = new URL(`./learnerGraphs.worker${extname(import.meta.url)}`, import.meta.url);

const smallCrop = 32;

const mapValues = <A, B>(record: Readonly<Record<string, A>>, f: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value)]));
