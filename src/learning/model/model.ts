import {
  add,
  constant,
  inferenceGraph,
  input,
  layoutOf,
  mul,
  type OnnxGraph,
  type Optimizer,
  type ParameterLayout,
  type ParameterSource,
  sigmoid,
  type TrainingGraphs,
  trainingGraphs,
} from "../../numerics/graph/index.ts";
import { gateOutput } from "./gates.ts";
import { binaryCrossEntropy, combine, type TaskWeighting } from "./loss.ts";
import { type NetworkConfig, network } from "./network.ts";
import { foldedWeights } from "./resnet.ts";

/**
 * Graphs to train a network, a case at a time: the batch's loss and gradient are the sums of its cases'.
 * Inputs: `image` `[1, C, V, V, V]`, `dropout` `[1, F]`, `labels` `[1, T]`, `weights` `[1, T]` (of `caseWeights`).
 * Outputs: `loss` `[]`, `taskLosses` `[T]`, `logits` `[1, T]`, `pooled` `[1, P]`, `features` `[1, F]`.
 * @param batch cases that share an optimiser step
 */
export function trainingModel(
  config: NetworkConfig,
  batch: number,
  weighting: TaskWeighting,
  optimizer: Optimizer,
  averaging?: number,
): TrainingGraphs {
  const build = (source: ParameterSource) => {
    const { logits, pooled, features } = network(config, 1, source, "training");
    const labels = input("labels", [1, config.tasks.length]);
    const weights = input("weights", [1, config.tasks.length]);
    const taskLosses = binaryCrossEntropy(logits, labels, weights);
    return { loss: combine(taskLosses, weighting, source, 1 / batch), taskLosses, logits, pooled, features };
  };
  return trainingGraphs(build, optimizer, averaging);
}

/** Slope and intercept on a task's logit (Platt 1999), fitted on the development centre's validation cases. */
export interface Calibration {
  readonly slope: number;
  readonly intercept: number;
}

/**
 * The trained network, weights and calibration inside. Input `image` `[N, C, V, V, V]`, N = 1 unless told; outputs
 * `logits` and `probabilities` `[N, T]`, calibrated, each gate's weights `[N, experts]`, and `features` `[N, F]`.
 */
export function deployedModel(
  config: NetworkConfig,
  theta: Float32Array,
  layout: ParameterLayout,
  calibration: readonly Calibration[],
  metadata: Readonly<Record<string, string>>,
  batch = 1,
): OnnxGraph {
  const row = (values: readonly number[]) => constant(Float32Array.from(values), [1, values.length]);
  const build = (source: ParameterSource) => {
    const { logits, gates, features } = network(config, batch, source, "deployment");
    const calibrated = add(
      mul(logits, row(calibration.map(({ slope }) => slope))),
      row(calibration.map(({ intercept }) => intercept)),
    );
    return {
      logits: calibrated,
      probabilities: sigmoid(calibrated),
      features,
      ...Object.fromEntries(gates.map(({ level, gate, weights }) => [gateOutput(level, gate), weights])),
    };
  };
  const final = deployedWeights(config, theta, layout);
  return inferenceGraph(build, final.theta, final.layout, metadata);
}

/** The parameters of a network in deployment, from those it was trained with. */
function deployedWeights(config: NetworkConfig, theta: Float32Array, layout: ParameterLayout) {
  const learnt = layout.parameters.map(({ name, shape }) => {
    const start = layout.offsets.get(name)!;
    return [name, theta.subarray(start, start + shape.reduce((a, b) => a * b, 1))] as const;
  });
  const final = foldedWeights(new Map(learnt));
  const deployed = layoutOf((source) => network(config, 1, source, "deployment"));
  const values = new Float32Array(deployed.length);
  for (const [name, offset] of deployed.offsets) values.set(final.get(name)!, offset);
  return { layout: deployed, theta: values };
}
