import {
  add,
  type Build,
  constant,
  inferenceGraph,
  input,
  layoutOf,
  mul,
  type OnnxGraph,
  type Optimizer,
  type ParameterSource,
  sigmoid,
  type Tensor,
  type TrainingGraphs,
  trainingGraphs,
} from "../../numerics/graph/index.ts";
import { gateOutput } from "./gates.ts";
import { binaryCrossEntropy, combine, type TaskWeighting } from "./loss.ts";
import { behindPooling, type NetworkConfig, network, pooledFeatures } from "./network.ts";
import { pretrainingNetwork } from "./pretraining.ts";
import { foldedWeights } from "./resnet.ts";
import { type SegmentationConfig, segmentationLogits, segmentationTraining } from "./segmentation.ts";

/** What is learnt, as a value that threads can hand to each other. */
export type Objective = Classification | Pretraining | Segmentation;

/** The tasks' labels, told from crops or, where the backbone stays as it is, from what it pools. */
export interface Classification {
  readonly kind: "classification";
  readonly network: NetworkConfig;
  readonly from: "image" | "pooled";
  /** First stages of the backbone that are not trained. */
  readonly frozenStages: number;
  readonly weighting: TaskWeighting;
}

/** Classification from crops, all of it trained; without a weighting each task counts 1. */
export const classificationOf = (
  network: NetworkConfig,
  weighting: TaskWeighting = { kind: "fixed", weights: network.tasks.map(() => 1) },
): Classification => ({ kind: "classification", network, from: "image", frozenStages: 0, weighting });

/** Outlines, and numbers that are known of simulated images. */
interface Pretraining {
  readonly kind: "pretraining";
  readonly network: NetworkConfig;
  readonly targets: number;
}

/** A label for each voxel of a patch. */
interface Segmentation {
  readonly kind: "segmentation";
  readonly network: SegmentationConfig;
}

/** `[D, H, W]` of the image that an objective's cases are. */
export const imageSides = (objective: Objective): readonly [number, number, number] => {
  if (objective.kind === "segmentation") return objective.network.patch;
  const { voxels } = objective.network;
  return [voxels, voxels, voxels];
};

/**
 * Graphs to learn an objective, a case at a time: the batch's loss and gradient are the sums of its cases'.
 * Inputs of classification: `image` `[1, C, V, V, V]` or `pooled` `[1, P]`, `dropout` `[1, F]`, `labels` `[1, T]`,
 * `weights` `[1, T]` (of `caseWeights`); outputs `loss` `[]`, `taskLosses` `[T]`, `logits` `[1, T]`,
 * `features` `[1, F]`, and of an image `pooled` `[1, P]`, unless all features are measured, which are what is pooled then.
 * Of pretraining: as {@link pretrainingNetwork}; of segmentation: as {@link segmentationTraining}.
 * @param batch cases that share an optimiser step
 */
export function trainingModel(
  objective: Objective,
  batch: number,
  optimizer: Optimizer,
  averaging?: number,
): TrainingGraphs {
  const build = (source: ParameterSource): { loss: Tensor } & Record<string, Tensor> => {
    switch (objective.kind) {
      case "classification":
        return classification(objective, batch, source);
      case "pretraining":
        return pretrainingNetwork(objective.network, objective.targets, batch, source);
      case "segmentation":
        return segmentationTraining(objective.network, batch, source);
    }
  };
  return trainingGraphs(build, optimizer, averaging);
}

function classification(
  { network: config, from, frozenStages, weighting }: Classification,
  batch: number,
  all: ParameterSource,
) {
  const source = withFrozen(all, frozenStages, from === "pooled");
  const { logits, pooled, features } =
    from === "image" ? network(config, 1, source, "training") : pooledNetwork(config, source);
  const labels = input("labels", [1, config.tasks.length]);
  const weights = input("weights", [1, config.tasks.length]);
  const taskLosses = binaryCrossEntropy(logits, labels, weights);
  const loss = combine(taskLosses, weighting, source, 1 / batch);
  const apart = from === "image" && pooled !== features;
  return { loss, taskLosses, logits, features, ...(apart && { pooled }) };
}

/**
 * Parameters of the first stages are asked for as frozen ones; so are those of the outlines, which only pretraining
 * learns, and, where all of the backbone stays as it is, those of the embedding: a few hundred labels make it worse.
 */
function withFrozen(source: ParameterSource, stages: number, embedding: boolean): ParameterSource {
  const stays = (name: string) => {
    const stage = name.startsWith("backbone.stem")
      ? 1
      : Number(/^backbone\.stage(\d)/.exec(name)?.[1] ?? Infinity);
    return stage <= stages || name.startsWith("outlines.") || (embedding && name.startsWith("embedding."));
  };
  return (parameter) =>
    source(stays(parameter.name) ? { ...parameter, decay: false, frozen: true } : parameter);
}

function pooledNetwork(config: NetworkConfig, source: ParameterSource) {
  const pooled = input("pooled", [1, pooledFeatures(config)]);
  return { pooled, ...behindPooling(pooled, config, source, "training") };
}

/** Slope and intercept on a task's logit (Platt 1999), fitted on the development centre's validation cases. */
export interface Calibration {
  readonly slope: number;
  readonly intercept: number;
}

/**
 * The trained network, weights and calibration inside. Input `image` `[N, C, V, V, V]`, N = 1 unless told; outputs
 * `logits` and `probabilities` `[N, T]`, calibrated, each gate's weights `[N, experts]`, and `features` `[N, F]`.
 * @param learnt the trained parameters by name
 */
export function deployedModel(
  config: NetworkConfig,
  learnt: ReadonlyMap<string, Float32Array>,
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
  return withWeights(build, learnt, metadata);
}

/** What a network's backbone pools of an image, `pooled` `[1, P]` of `image`. @param learnt parameters by name */
export const poolingModel = (config: NetworkConfig, learnt: ReadonlyMap<string, Float32Array>): OnnxGraph =>
  withWeights((source) => ({ pooled: network(config, 1, source, "deployment").pooled }), learnt);

/** A trained segmentation: `image` `[1, C, D, H, W]` in, `logits` `[1, K, D, H, W]` out. @param learnt parameters by name */
export const deployedSegmentation = (
  config: SegmentationConfig,
  learnt: ReadonlyMap<string, Float32Array>,
  metadata: Readonly<Record<string, string>> = {},
): OnnxGraph =>
  withWeights(
    (source) => {
      const image = input("image", [1, config.channels, ...config.patch]);
      const [logits] = segmentationLogits(image, config, { source, folded: true });
      return { logits };
    },
    learnt,
    metadata,
  );

/** A deployed graph with the weights it asks for; those that are not there start from zero. */
function withWeights(
  build: Build<Readonly<Record<string, Tensor>>>,
  learnt: ReadonlyMap<string, Float32Array>,
  metadata: Readonly<Record<string, string>> = {},
): OnnxGraph {
  const folded = foldedWeights(learnt);
  const layout = layoutOf(build);
  const theta = new Float32Array(layout.length);
  for (const [name, offset] of layout.offsets) theta.set(folded.get(name) ?? [], offset);
  return inferenceGraph(build, theta, layout, metadata);
}
