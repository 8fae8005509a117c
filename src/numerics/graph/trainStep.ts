import type { OnnxGraph } from "./file/onnx.ts";
import { gradients } from "./gradients.ts";
import { clipDivisor, type Optimizer, optimize, type StateUpdate } from "./optimizers.ts";
import { layoutOf, type ParameterLayout, type ParameterSource, slicesOf, weightsOf } from "./parameters.ts";
import { add, concat, mul, pad, reshape } from "./primitives.ts";
import { count, input, type Shape, sorted, type Tensor } from "./tensor.ts";

/** A model as a function of where its parameters come from. */
export type Build<T extends Readonly<Record<string, Tensor>>> = (source: ParameterSource) => T;

/** All graphs that training a model takes. */
export interface TrainingGraphs {
  readonly layout: ParameterLayout;
  /** Inputs of the model, `theta`, `learningRate` and the optimiser's state in; all of them and the outputs out. */
  readonly step: OnnxGraph;
  /** Inputs of the model and `theta` in; the outputs and `gradient` `[layout.trained]` out. */
  readonly gradient: OnnxGraph;
  /**
   * `gradient`, `theta`, `learningRate` and the optimiser's state in; the next ones out. Each output may be written
   * over its input: nothing reads that any more by then.
   */
  readonly update: OnnxGraph;
  /** `update` of some elements, from `divisor` `[1]` too where `divisor` is defined. @param decayed of them in front */
  updatePart(length: number, decayed: number): OnnxGraph;
  /** The whole `gradient` in; `divisor` out. Undefined where the optimiser clips no gradient. */
  readonly divisor: OnnxGraph | undefined;
  /** Inputs of the model and `theta` in; the outputs out. */
  readonly evaluate: OnnxGraph;
  /** Names and lengths of the optimiser's state; all start at zero but `averaged`, which starts as `theta`. */
  readonly state: Readonly<Record<string, number>>;
  /** Shapes of the model's own inputs, by name. */
  readonly inputs: Readonly<Record<string, Shape>>;
}

/** Suffix of an output that is the next step's input. */
export const next = (name: string): string => `${name}Next`;

/**
 * A model's training: one optimiser step as one graph, or as a gradient for each case and an update from their sum, so
 * that each thread can take a case; and the same model's forward pass over the same flat parameters.
 * @param averaging decay a step of a running mean of the parameters, `averaged` (Polyak & Juditsky 1992), less noisy
 * than the last ones; none where undefined
 */
export function trainingGraphs<T extends { readonly loss: Tensor } & Readonly<Record<string, Tensor>>>(
  build: Build<T>,
  optimizer: Optimizer,
  averaging?: number,
): TrainingGraphs {
  const layout = layoutOf(build);
  const theta = input("theta", [layout.length]);
  const { source, tensors } = slicesOf(theta, layout);
  const outputs = build(source);
  const trained = tensors.filter((_, i) => !layout.parameters[i].frozen);
  const gradient = concat(
    gradients(outputs.loss, trained).map((part) => reshape(part, [count(part.shape)])),
    0,
  );
  const whole = (total: Tensor) =>
    updated(optimizer, averaging, theta, pad(total, [0], [layout.length - layout.trained]), layout.decayed);
  const step = whole(gradient);
  const total = input("gradient", [layout.trained]);
  const divisor = clipDivisor(optimizer, total);
  return {
    layout,
    step: { outputs: { ...outputs, ...nextOf(step) } },
    gradient: { outputs: { ...outputs, gradient } },
    update: { outputs: nextOf(whole(total)) },
    updatePart: (length, decayed) => {
      const [part, slope] = [input("theta", [length]), input("gradient", [length])];
      const by = divisor && input("divisor", [1]);
      return { outputs: nextOf(updated(optimizer, averaging, part, slope, decayed, by)) };
    },
    divisor: divisor && { outputs: { divisor } },
    evaluate: { outputs },
    state: Object.fromEntries(
      Object.entries(step.state).map(([name, { before }]) => [name, count(before.shape)]),
    ),
    inputs: Object.fromEntries(
      sorted(Object.values(outputs)).flatMap((x) =>
        x.op === "Input" && x !== theta ? [[x.name!, x.shape]] : [],
      ),
    ),
  };
}

/** The optimiser's step and the running mean of the parameters. */
function updated(
  optimizer: Optimizer,
  averaging: number | undefined,
  theta: Tensor,
  gradient: Tensor,
  decayed: number,
  divisor?: Tensor,
): { theta: Tensor; state: StateUpdate } {
  const update = optimize(optimizer, theta, gradient, input("learningRate", [1]), decayed, divisor);
  if (averaging === undefined) return update;
  const before = input("averaged", theta.shape);
  const after = add(mul(before, averaging), mul(update.theta, 1 - averaging));
  return { ...update, state: { ...update.state, averaged: { before, after } } };
}

const nextOf = ({ theta, state }: { theta: Tensor; state: StateUpdate }): Record<string, Tensor> => ({
  [next("theta")]: theta,
  ...Object.fromEntries(Object.entries(state).map(([name, { after }]) => [next(name), after])),
});

/** The same model with its weights inside the file. @param layout of `theta`: it may hold parameters only training has */
export function inferenceGraph<T extends Readonly<Record<string, Tensor>>>(
  build: Build<T>,
  theta: Float32Array,
  layout: ParameterLayout,
  metadata: Readonly<Record<string, string>> = {},
): OnnxGraph {
  const { source, weights } = weightsOf(theta, layout);
  return { outputs: build(source), weights, metadata };
}
