import {
  add,
  averagePool,
  convolution,
  div,
  mul,
  type ParameterSource,
  relu,
  reshape,
  sqrt,
  sub,
  sum,
  sumOfSquares,
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
  /** Kernel and stride of the first convolution; 7 and 2 in the published networks. */
  readonly stem: { readonly kernel: 3 | 7; readonly stride: 1 | 2 };
}

const blocks: Readonly<Record<Depth, readonly number[]>> = {
  10: [1, 1, 1, 1],
  18: [2, 2, 2, 2],
  34: [3, 4, 6, 3],
};

/** Brings the variance of a standard normal variable's ReLU back to 1. */
const reluGain = Math.sqrt(2 / (1 - 1 / Math.PI));
/** What a block adds to its shortcut counts this much. */
const branch = 0.5;
/**
 * Standard deviation that weights start from. Standardisation takes it out again, so that it only says how far a step of
 * the optimiser turns them: the smaller, the farther.
 */
export const spread = 0.4;

/**
 * 3D ResNet of basic blocks (He et al. 2016; 3D as in Hara et al. 2018) without normalised activations (NF-ResNet, Brock
 * et al., ICLR 2021): weights are standardised instead. So HU keep their meaning from voxel to feature, a case does not
 * depend on the others of its batch, and a deployed model has plain convolutions. Shortcuts average-pool before their
 * 1×1×1 convolution (ResNet-D, He et al. 2019).
 * @param x `[N, C, D, H, W]`
 * @returns each stage's output, finest first
 */
export const resnet = (x: Tensor, config: ResNetConfig, weights: Weights): Tensor[] =>
  resnetSignals(x, config, weights).map(active);

/** The same before each stage's last ReLU: what a decoder's skip connections carry on. */
export function resnetSignals(x: Tensor, config: ResNetConfig, weights: Weights): Signal[] {
  const { stem, width } = config;
  let features: Signal = {
    x: convolve(x, width, stem.kernel, stem.stride, stemName, weights),
    variance: 1,
  };
  return blocks[config.depth].slice(0, config.stages).map((count, stage) => {
    for (let block = 0; block < count; block++) {
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const name = `backbone.stage${stage + 1}.block${block + 1}`;
      features = basicBlock(features, width * 2 ** stage, stride, name, weights);
    }
    return features;
  });
}

/** Where the backbone's weights come from. */
export interface Weights {
  readonly source: ParameterSource;
  /** They are final, as in a deployed model; otherwise they are learnt, and standardised here. */
  readonly folded: boolean;
}

/** A tensor and the variance it has where its input is normally distributed. */
export interface Signal {
  readonly x: Tensor;
  readonly variance: number;
}

/** ReLU, then two convolutions and a shortcut. */
export function basicBlock(
  input: Signal,
  channels: number,
  stride: 1 | 2,
  name: string,
  weights: Weights,
): Signal {
  const before = active(input);
  const inner = convolve(before, channels, 3, stride, `${name}.convolution1`, weights);
  const outer = convolve(active({ x: inner, variance: 1 }), channels, 3, 1, `${name}.convolution2`, weights);
  const kept = stride === 1 && input.x.shape[1] === channels;
  const coarse = stride === 1 ? before : averagePool(before, stride);
  const shortcut = kept ? input.x : convolve(coarse, channels, 1, 1, `${name}.shortcut`, weights);
  return { x: add(shortcut, mul(outer, branch)), variance: (kept ? input.variance : 1) + branch ** 2 };
}

/** A ReLU whose result has variance 1. */
export const active = ({ x, variance }: Signal): Tensor => mul(relu(x), reluGain / Math.sqrt(variance));

/** A convolution with a bias, its weights as the backbone's {@link Weights} give them. */
export function convolve(
  x: Tensor,
  channels: number,
  kernel: number,
  stride: number,
  name: string,
  { source, folded }: Weights,
): Tensor {
  const shape = [channels, x.shape[1], kernel, kernel, kernel];
  const fanIn = x.shape[1] * kernel ** 3;
  const weights = folded
    ? source(weight(`${name}.weight`, shape, fanIn))
    : reshape(scaledWeights(name, channels, fanIn, source), shape);
  const bias = reshape(source(vector(`${name}.bias`, channels, 0)), [1, channels, 1, 1, 1]);
  return add(convolution(x, weights, { stride }), bias);
}

/**
 * The first convolution alone keeps its weights' mean: without it a kernel is blind to the HU of an even region, and
 * sees edges and steps from phase to phase only.
 */
const centered = (name: string): boolean => name !== stemName;
const stemName = "backbone.stem";

/** Length 1, and mean 0 but in the first, in each output channel, times a learnt scale. @returns `[O, fan-in]` */
function scaledWeights(name: string, channels: number, fanIn: number, source: ParameterSource): Tensor {
  // Their length has no effect, so weight decay would only change the learning rate.
  const free = { name: `${name}.weight`, shape: [channels, fanIn], deviation: spread, decay: false };
  const weights = source(free);
  const scale = reshape(source(vector(`${name}.scale`, channels, 1)), [channels, 1]);
  const raw = centered(name) ? sub(weights, mul(sum(weights, [1], true), 1 / fanIn)) : weights;
  return mul(raw, div(scale, sqrt(add(sumOfSquares(raw, [1], true), tiny))));
}

/** Keeps weights that are all alike finite. */
const tiny = 1e-6;

/**
 * The weights of every convolution as {@link resnet} has them `folded`, from those it learnt: nothing is standardised
 * in a deployed model.
 * @param learnt values by name
 * @returns values by name
 */
export function foldedWeights(learnt: ReadonlyMap<string, Float32Array>): Map<string, Float32Array> {
  const folded = new Map(learnt);
  for (const [name, scale] of learnt) {
    if (!name.endsWith(".scale")) continue;
    const convolution = name.replace(/\.scale$/, "");
    const weights = `${convolution}.weight`;
    folded.delete(name);
    folded.set(weights, scaledRows(learnt.get(weights)!, scale, centered(convolution)));
  }
  return folded;
}

/**
 * Weights that {@link foldedWeights} would turn into those of a deployed model, as long as freshly drawn ones: a step of
 * learning changes them as much.
 * @param folded values by name
 * @param scales names of what the network learns that end in `.scale`
 */
export function unfoldedWeights(
  folded: ReadonlyMap<string, Float32Array>,
  scales: readonly string[],
): Map<string, Float32Array> {
  const learnt = new Map(folded);
  for (const name of scales) {
    const weights = folded.get(name.replace(/\.scale$/, ".weight"));
    const bias = folded.get(name.replace(/\.scale$/, ".bias"));
    if (!weights || !bias) continue;
    const fanIn = weights.length / bias.length;
    const scale = Float32Array.from(bias, (_, row) =>
      Math.hypot(...weights.subarray(row * fanIn, (row + 1) * fanIn)),
    );
    const length = spread * Math.sqrt(fanIn);
    learnt.set(name, scale);
    learnt.set(
      name.replace(/\.scale$/, ".weight"),
      weights.map((value, n) => (value * length) / Math.max(scale[Math.floor(n / fanIn)], tiny)),
    );
  }
  return learnt;
}

function scaledRows(weights: Float32Array, scale: Float32Array, center: boolean): Float32Array {
  const fanIn = weights.length / scale.length;
  const out = new Float32Array(weights.length);
  scale.forEach((factor, channel) => {
    const row = weights.subarray(channel * fanIn, (channel + 1) * fanIn);
    const mean = center ? row.reduce((a, b) => a + b, 0) / fanIn : 0;
    const length = Math.sqrt(row.reduce((total, w) => total + (w - mean) ** 2, 0) + tiny);
    row.forEach((w, i) => {
      out[channel * fanIn + i] = ((w - mean) / length) * factor;
    });
  });
  return out;
}
