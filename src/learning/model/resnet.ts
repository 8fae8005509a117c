import {
  add,
  averagePool,
  convolution,
  groupNorm,
  maxPool,
  type ParameterSource,
  relu,
  type Tensor,
  vector,
  weight,
} from "../../numerics/graph/index.ts";

type Depth = 10 | 18 | 34;

export interface ResNetConfig {
  readonly depth: Depth;
  /** Channels of the first stage; each later stage doubles them. */
  readonly width: number;
  /** Stages; the published networks have 4. Each after the first halves the grid. */
  readonly stages: number;
  /** Kernel and stride of the first convolution; 7 and 2 in the published networks, followed by a max pool. */
  readonly stem: { readonly kernel: 3 | 7; readonly stride: 1 | 2; readonly maxPool: boolean };
  /** Groups of each normalisation; `instance` is one group a channel. */
  readonly groups: number | "instance";
}

const blocks: Readonly<Record<Depth, readonly number[]>> = {
  10: [1, 1, 1, 1],
  18: [2, 2, 2, 2],
  34: [3, 4, 6, 3],
};

/**
 * 3D ResNet of basic blocks (He et al. 2016; 3D as in Hara et al. 2018), with group normalisation since batches of
 * volumes are small, and shortcuts that average-pool before their 1×1×1 convolution (ResNet-D, He et al. 2019).
 * @param x `[N, C, D, H, W]`
 * @returns each stage's output, finest first
 */
export function resnet(x: Tensor, config: ResNetConfig, source: ParameterSource): Tensor[] {
  const { stem, width } = config;
  const first = convolve(x, width, stem.kernel, stem.stride, "backbone.stem", source);
  let features = relu(normalize(first, config, "backbone.stem", source));
  if (stem.maxPool) features = maxPool(features, 3, { stride: 2, padding: 1 });
  return blocks[config.depth].slice(0, config.stages).map((count, stage) => {
    for (let block = 0; block < count; block++) {
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const name = `backbone.stage${stage + 1}.block${block + 1}`;
      features = basicBlock(features, width * 2 ** stage, stride, name, config, source);
    }
    return features;
  });
}

/** Two convolutions and a shortcut; exported for the comparison with PyTorch. */
export function basicBlock(
  x: Tensor,
  channels: number,
  stride: number,
  name: string,
  config: ResNetConfig,
  source: ParameterSource,
): Tensor {
  const inner = convolve(x, channels, 3, stride, `${name}.convolution1`, source);
  const active = relu(normalize(inner, config, `${name}.norm1`, source));
  const outer = convolve(active, channels, 3, 1, `${name}.convolution2`, source);
  return relu(
    add(
      normalize(outer, config, `${name}.norm2`, source),
      shortcut(x, channels, stride, name, config, source),
    ),
  );
}

function shortcut(
  x: Tensor,
  channels: number,
  stride: number,
  name: string,
  config: ResNetConfig,
  source: ParameterSource,
): Tensor {
  if (stride === 1 && x.shape[1] === channels) return x;
  const coarse = stride === 1 ? x : averagePool(x, stride);
  const projected = convolve(coarse, channels, 1, 1, `${name}.shortcut`, source);
  return normalize(projected, config, `${name}.shortcutNorm`, source);
}

function convolve(
  x: Tensor,
  channels: number,
  kernel: number,
  stride: number,
  name: string,
  source: ParameterSource,
) {
  const fanIn = x.shape[1] * kernel ** 3;
  const shape = [channels, x.shape[1], kernel, kernel, kernel];
  return convolution(x, source(weight(`${name}.weight`, shape, fanIn)), { stride });
}

function normalize(x: Tensor, { groups }: ResNetConfig, name: string, source: ParameterSource): Tensor {
  const channels = x.shape[1];
  const scale = source(vector(`${name}.scale`, channels, 1));
  const shift = source(vector(`${name}.shift`, channels, 0));
  return groupNorm(x, scale, shift, groups === "instance" ? channels : Math.min(groups, channels));
}
