import { gradients } from "./gradients.ts";
import type { OnnxGraph } from "./onnx.ts";
import { type Optimizer, optimise, type StateUpdate } from "./optimizers.ts";
import { layoutOf, type ParameterLayout, type ParameterSource, slicesOf, weightsOf } from "./parameters.ts";
import { add, concat, mul, pad, reshape } from "./primitives.ts";
import { count, input, type Shape, sorted, type Tensor } from "./tensor.ts";

/** A model as a function of where its parameters come from. */
export type Build<T extends Readonly<Record<string, Tensor>>> = (source: ParameterSource) => T;

export interface TrainingGraphs {
  readonly layout: ParameterLayout;
  /** Inputs of the model, `theta`, `learningRate` and the optimiser's state in; all of them and the outputs out. */
  readonly step: OnnxGraph;
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
 * One optimiser step as one graph, and the same model's forward pass over the same flat parameters.
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
  const parts = gradients(outputs.loss, trained).map((gradient) =>
    reshape(gradient, [count(gradient.shape)]),
  );
  const learningRate = input("learningRate", [1]);
  const gradient = concat(parts, 0);
  const still = layout.length - gradient.shape[0];
  const update = optimise(optimizer, theta, pad(gradient, [0], [still]), learningRate, layout.decayed);
  const averaged = input("averaged", [layout.length]);
  const mean: StateUpdate =
    averaging === undefined
      ? {}
      : {
          averaged: {
            before: averaged,
            after: add(mul(averaged, averaging), mul(update.theta, 1 - averaging)),
          },
        };
  const state = Object.entries({ ...update.state, ...mean });
  return {
    layout,
    step: {
      outputs: {
        ...outputs,
        [next("theta")]: update.theta,
        ...Object.fromEntries(state.map(([name, { after }]) => [next(name), after])),
      },
    },
    evaluate: { outputs },
    state: Object.fromEntries(state.map(([name, { before }]) => [name, count(before.shape)])),
    inputs: Object.fromEntries(
      sorted(Object.values(outputs)).flatMap((x) =>
        x.op === "Input" && x !== theta ? [[x.name!, x.shape]] : [],
      ),
    ),
  };
}

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
