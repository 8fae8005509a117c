import {
  type Device,
  encodeOnnx,
  type Feed,
  type OnnxGraph,
  type Optimizer,
  type ParameterLayout,
  sorted,
} from "../../../numerics/graph/index.ts";
import { deferred } from "../../../numerics/graph/lowering/defer.ts";
import { type Hoisted, hoisted } from "../../../numerics/graph/lowering/hoist.ts";
import { lowered } from "../../../numerics/graph/lowering/lowering.ts";
import { imageSides, type Objective, trainingModel } from "../../model/model.ts";
import { type CaseGraph, sharedFeed } from "./caseThreads.ts";
import { preparations, updateGraphs } from "./stepGraphs.ts";

/** Everything a learner runs, encoded, and the shared memory it runs on; threads can hand it to each other. */
export interface LearnerGraphs {
  readonly layout: ParameterLayout;
  readonly graphs: Readonly<Record<string, CaseGraph>>;
  /** Names of graphs that are run once: before the cases' gradients, after them, before an evaluation. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly beforeEvaluation: readonly string[];
  /** Pieces of the update. */
  readonly pieces: number;
  readonly divisor: Uint8Array | undefined;
  readonly casesAtOnce: number;
  readonly threadsPerCase: number;
  /** Inputs of the model, of all cases of a batch. */
  readonly byCase: Readonly<Record<string, Feed>>;
  /** Outputs of the model, likewise. */
  readonly results: Readonly<Record<string, Feed>>;
  readonly gradientSum: Feed;
  /** `theta`, `averaged` and the optimiser's state. */
  readonly vectors: Readonly<Record<string, Feed>>;
  readonly scalars: Readonly<Record<string, Feed>>;
}

/** What is learnt and how: a value that threads can hand to each other. */
export interface LearnerSpec {
  readonly objective: Objective;
  /** Cases that share an optimiser step. */
  readonly batch: number;
  readonly optimizer: Optimizer;
  /** Decay a step of the running mean of the weights. */
  readonly averaging: number;
  readonly threads: number;
  readonly device: Device;
}

export async function learnerGraphs(spec: LearnerSpec): Promise<LearnerGraphs> {
  const { objective, batch, threads, device } = spec;
  const graphs = trainingModel(objective, batch, spec.optimizer, spec.averaging);
  const { layout } = graphs;
  const [gradient, evaluation] = [await split(graphs.gradient, device), await split(graphs.evaluate, device)];

  const byCase = mapValues(graphs.inputs, (shape) => sharedFeed(shape, batch));
  const results = mapValues(graphs.evaluate.outputs, ({ shape }) => sharedFeed(shape, batch));
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
  const casesAtOnce = device === "cpu" && !large(objective) ? Math.min(threads, batch) : 1;
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
  return {
    layout,
    graphs: {
      gradient: {
        onnx: encodeOnnx({
          outputs: {
            loss: gradient.outputs.loss,
            ...Object.fromEntries(parts.map(({ name, unordered }) => [name, unordered])),
          },
        }),
        shared: sharedByGradient,
        byCase,
        results: { loss: results.loss },
        sums,
        optimize: !lowest(gradient),
      },
      evaluation: {
        onnx: encodeOnnx({ outputs: evaluation.outputs }),
        shared: sharedByEvaluation,
        byCase,
        results,
        lazy: true,
        optimize: !lowest(evaluation),
      },
      update,
      rest,
      ...beforeGradient,
      ...afterGradient,
      ...beforeEvaluation,
    },
    before: Object.keys(beforeGradient),
    after: Object.keys(afterGradient),
    beforeEvaluation: Object.keys(beforeEvaluation),
    pieces,
    divisor: graphs.divisor && encodeOnnx(graphs.divisor),
    casesAtOnce,
    threadsPerCase,
    byCase,
    results,
    gradientSum,
    vectors,
    scalars,
  };
}

/**
 * Whether a case's activations are too large for a core's cache at their finest. Then a case a thread gains little, and
 * threads that share one case need memory for one.
 */
function large(objective: Objective): boolean {
  if (objective.kind === "classification" && objective.from === "pooled") return false;
  const { width, stem } = objective.network.backbone;
  const finest = imageSides(objective).reduce((voxels, side) => voxels * (side / stem.stride), 1);
  return 4 * width * finest > 2 ** 23;
}

/** A graph of one case in its device's lowering, and apart from it what follows from the parameters alone. */
async function split({ outputs }: OnnxGraph, device: Device): Promise<Hoisted> {
  const graph = await lowered({ outputs }, device);
  const theta = sorted(Object.values(graph.outputs)).filter(({ name }) => name === "theta");
  return hoisted(graph.outputs, new Set(theta));
}

/** Whether no convolution is left in the plain layout. */
const lowest = ({ outputs }: Hoisted): boolean =>
  sorted(Object.values(outputs)).every(({ op }) => op !== "Conv");

const numbered = <A>(name: string, values: readonly A[]): Record<string, A> =>
  Object.fromEntries(values.map((value, i) => [`${name}${i}`, value]));
const mapValues = <A, B>(record: Readonly<Record<string, A>>, f: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value)]));
