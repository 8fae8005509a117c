import {
  add,
  averagePool,
  concat,
  constant,
  div,
  frozen,
  input,
  matmul,
  mean,
  mul,
  type ParameterSource,
  relu,
  reshape,
  sigmoid,
  slice,
  sub,
  sum,
  type Tensor,
  transpose,
} from "../graph/index.ts";
import { dense } from "./dense.ts";
import { type Gate, type PleConfig, progressiveLayeredExtraction } from "./ple.ts";
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
  /** `[N, F]`, before they are standardised. */
  readonly pooled: Tensor;
  /** `[N, T]` */
  readonly logits: Tensor;
  /** `[N, T]` */
  readonly probabilities: Tensor;
  readonly gates: readonly Gate[];
}

/** Logits start near 0: a guess of ½ costs less than random confidence, which the first epochs would only unlearn. */
const logitGain = 0.01;

/** Crop to one logit a task: 3D ResNet over all phases, pooling of the crop itself and of every stage, PLE, towers. */
export function network(
  config: NetworkConfig,
  batch: number,
  source: ParameterSource,
  options: { readonly dropout: boolean },
): Network {
  const { channels, voxels, tasks } = config;
  const image = input("image", [batch, channels, voxels, voxels, voxels]);
  const stages = resnet(image, config.backbone, source);
  const levels = pooledLevels(image, stages, config);
  const pooled = concat(levels, 1);
  const dropout = options.dropout ? input("dropout", pooled.shape) : undefined;
  const scaled = mul(standardised(pooled, source), emphasis(levels));
  const features = dropout ? mul(scaled, dropout) : scaled;
  const { outputs, gates } = progressiveLayeredExtraction(features, tasks, config.ple, source);
  const logits = concat(
    outputs.map((output, t) => {
      const hidden = relu(dense(output, config.tower, `tower.${tasks[t]}.hidden`, source));
      return dense(hidden, 1, `tower.${tasks[t]}.logit`, source, logitGain);
    }),
    1,
  );
  return { image, dropout, pooled, logits, probabilities: sigmoid(logits), gates };
}

/**
 * (x − mean) / deviation by feature, both of the training cases before the first step (after Salimans & Kingma 2016):
 * enhancement differs by a tenth of the window between histologies, and would stay unheard beside larger features.
 * They stay as they are: a step that suits other parameters is many deviations of the quietest features.
 */
function standardised(pooled: Tensor, source: ParameterSource): Tensor {
  const features = pooled.shape[1];
  const mean = source(frozen(standardisation.mean, features, 0));
  const gain = source(frozen(standardisation.gain, features, 1));
  return mul(sub(pooled, mean), gain);
}

/** Names of the parameters set from the data: mean, and 1 / deviation. */
export const standardisation = { mean: "features.mean", gain: "features.gain" } as const;

/**
 * What is read off the network: the crop itself and the first stage by region, the last stage as a whole. Enhancement
 * and size stand in the first two; a few hundred cases do not suffice to find them among all stages' regional means.
 */
function pooledLevels(image: Tensor, stages: readonly Tensor[], config: NetworkConfig): Tensor[] {
  const deepest = mean(stages[stages.length - 1], [2, 3, 4]);
  if (!config.masks) return [mean(stages[0], [2, 3, 4]), deepest];
  const masks = slice(image, 1, config.channels - 2, config.channels);
  const [first] = stages;
  const coarse = averagePool(masks, config.voxels / first.shape[2]);
  return [regionalMeans(image, masks), regionalMeans(first, coarse), deepest];
}

/** Every level as loud as any other, however many features it has: by feature √(F / (levels · features of its level)). */
function emphasis(levels: readonly Tensor[]): Tensor {
  const sizes = levels.map((level) => level.shape[1]);
  const features = sizes.reduce((a, b) => a + b);
  const factors = sizes.flatMap((size) => new Array(size).fill(Math.sqrt(features / (levels.length * size))));
  return constant(Float32Array.from(factors), [1, features]);
}

/**
 * Means within the whole crop, within the kidney and within the tumour: a tumour of 2 cm is a hundredth of the crop,
 * and a global mean alone would drown it.
 * @param stage `[N, C, V, V, V]`
 * @param masks `[N, 2, V, V, V]`
 * @returns `[N, 3·C]`
 */
function regionalMeans(stage: Tensor, masks: Tensor): Tensor {
  const [n, channels] = stage.shape;
  const voxels = stage.shape[2] ** 3;
  const flat = reshape(stage, [n, channels, voxels]);
  const weights = reshape(masks, [n, 2, voxels]);
  const sums = matmul(weights, transpose(flat, [0, 2, 1]));
  const within = div(sums, add(sum(weights, [2], true), 1e-3));
  return concat([mean(flat, [2]), reshape(within, [n, 2 * channels])], 1);
}
