import {
  concat,
  constant,
  frozen,
  input,
  mean,
  mul,
  type ParameterSource,
  relu,
  sigmoid,
  slice,
  sub,
  type Tensor,
} from "../../numerics/graph/index.ts";
import { dense } from "./dense.ts";
import type { PleConfig } from "./gates.ts";
import { type GeometryFeature, geometryFeatures, maskGeometry } from "./maskGeometry.ts";
import { type Gate, progressiveLayeredExtraction } from "./ple.ts";
import { type RegionFeature, regionFeatures, regionStatistics } from "./regionStatistics.ts";
import { type ResNetConfig, resnet } from "./resnet.ts";

export interface NetworkConfig {
  /** One: a single-task model (STDL). Several: multi-task (MTDL). Nothing else differs. */
  readonly tasks: readonly string[];
  /** Phases, then the two mask channels (kidney, tumour) where `masks`. */
  readonly channels: number;
  /** The last two channels are occupancies in 0…1 of the kidney and of the tumour. */
  readonly masks: boolean;
  /** Edge of the cubic crop. */
  readonly voxels: number;
  readonly backbone: ResNetConfig;
  readonly ple: PleConfig;
  /** Units of each tower's hidden layer. */
  readonly tower: number;
}

export interface Network {
  /** `[N, C, V, V, V]`, named `image`. */
  readonly image: Tensor;
  /** `[N, F]`, named `dropout`: 0, or 1 / (1 − rate); only where `dropout` was asked for. */
  readonly dropout: Tensor | undefined;
  /** Each stage's output `[N, C, D, H, W]`, finest first. */
  readonly stages: readonly Tensor[];
  /** `[N, F]`, before they are standardised; {@link networkFeatures} tells what they are. */
  readonly pooled: Tensor;
  /** `[N, T]` */
  readonly logits: Tensor;
  /** `[N, T]` */
  readonly probabilities: Tensor;
  readonly gates: readonly Gate[];
}

/** Logits start near 0: a guess of ½ costs less than random confidence, which the first epochs would only unlearn. */
const logitGain = 0.01;

/**
 * The measured features are as good as they will be from the first step on, the learnt ones are noise then. Equally
 * loud they took 0.005–0.016 off each task's cross-validated AUC with 200 cases.
 */
const learntLoudness = 0.3;

/**
 * Crop to one logit a task: what a 3D ResNet over all phases learns and what is measured on the crop itself, PLE, towers.
 */
export function network(
  config: NetworkConfig,
  batch: number,
  source: ParameterSource,
  options: { readonly dropout: boolean },
): Network {
  const { channels, voxels } = config;
  const image = input("image", [batch, channels, voxels, voxels, voxels]);
  const stages = resnet(image, config.backbone, source);
  const pooled = concat(pooledLevels(image, stages, config), 1);
  const dropout = options.dropout ? input("dropout", pooled.shape) : undefined;
  return { image, dropout, stages, pooled, ...heads(pooled, config, source, dropout) };
}

/** The part of the network behind the features. @param pooled `[N, F]` @returns logits and probabilities `[N, T]` */
export function heads(
  pooled: Tensor,
  config: NetworkConfig,
  source: ParameterSource,
  dropout?: Tensor,
): Pick<Network, "logits" | "probabilities" | "gates"> {
  const { tasks } = config;
  const scaled = mul(standardized(pooled, source), emphasis(config));
  const features = dropout ? mul(scaled, dropout) : scaled;
  const { outputs, gates } = progressiveLayeredExtraction(features, tasks, config.ple, source);
  const logits = concat(
    outputs.map((output, t) => {
      const hidden = relu(dense(output, config.tower, `tower.${tasks[t]}.hidden`, source));
      return dense(hidden, 1, `tower.${tasks[t]}.logit`, source, logitGain);
    }),
    1,
  );
  return { logits, probabilities: sigmoid(logits), gates };
}

/**
 * (x − mean) / deviation by feature, both of the training cases before the first step (after Salimans & Kingma 2016):
 * enhancement differs by a tenth of the window between histologies, and would stay unheard beside larger features.
 * They stay as they are: a step that suits other parameters is many deviations of the quietest features.
 */
function standardized(pooled: Tensor, source: ParameterSource): Tensor {
  const features = pooled.shape[1];
  const mean = source(frozen(standardization.mean, features, 0));
  const gain = source(frozen(standardization.gain, features, 1));
  return mul(sub(pooled, mean), gain);
}

/** Names of the parameters set from the data: mean, and 1 / deviation. */
export const standardization = { mean: "features.mean", gain: "features.gain" } as const;

/**
 * What is measured on the crop itself (the tumour's enhancement in each phase, the masks' geometry), then what is
 * learnt: the means of the last stage. Without masks nothing can be measured, and the first stage stands in.
 */
function pooledLevels(image: Tensor, stages: readonly Tensor[], config: NetworkConfig): Tensor[] {
  const deepest = mean(stages[stages.length - 1], [2, 3, 4]);
  if (!config.masks) return [mean(stages[0], [2, 3, 4]), deepest];
  const { channels } = config;
  const phases = slice(image, 1, 0, channels - 2);
  const masks = slice(image, 1, channels - 2, channels);
  return [regionStatistics(phases, slice(masks, 1, 1, 2)), maskGeometry(masks), deepest];
}

/** A pooled feature: measured within the tumour, measured on the masks, or learnt (a channel of a stage, both from 1). */
export type Feature =
  | ({ readonly kind: "region" } & RegionFeature)
  | { readonly kind: "geometry"; readonly measure: GeometryFeature }
  | { readonly kind: "learnt"; readonly stage: number; readonly channel: number };

/** What each of {@link pooledLevels} holds, in order. */
function levelsOf({ masks, channels, backbone }: NetworkConfig): Feature[][] {
  const learnt = (stage: number) =>
    Array.from(
      { length: backbone.width * 2 ** (stage - 1) },
      (_, c): Feature => ({ kind: "learnt", stage, channel: c + 1 }),
    );
  if (!masks) return [learnt(1), learnt(backbone.stages)];
  return [
    regionFeatures(channels - 2).map((feature) => ({ kind: "region", ...feature })),
    geometryFeatures.map((measure) => ({ kind: "geometry", measure })),
    learnt(backbone.stages),
  ];
}

/** What each of the pooled features is, `[F]`. */
export const networkFeatures = (config: NetworkConfig): Feature[] => levelsOf(config).flat();

/**
 * Factor by feature. Every level is as loud as any other however many features it has, √(F / (levels · features of its
 * level)), but beside what is measured the learnt one starts quieter, {@link learntLoudness}.
 */
function emphasis(config: NetworkConfig): Tensor {
  const levels = levelsOf(config);
  const sizes = levels.map((level) => level.length);
  const features = sizes.reduce((a, b) => a + b);
  const factors = sizes.flatMap((size, l) => {
    const learnt = config.masks && l === levels.length - 1;
    const loudness = learnt ? learntLoudness : 1;
    return new Array(size).fill(loudness * Math.sqrt(features / (levels.length * size)));
  });
  return constant(Float32Array.from(factors), [1, features]);
}
