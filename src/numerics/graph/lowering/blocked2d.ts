import { pad, reshape, slice } from "../primitives.ts";
import { apply, count, type Shape, type Tensor, zeros } from "../tensor.ts";

/**
 * ONNX Runtime's blocked 2D convolution, and how volumes stand for it. A volume of one case is
 * `[D, C, H, W]`: a batch of planes, each of which lies in memory as `[C / block, H·W, block]`.
 */

export interface Convolution2d {
  readonly kernel: readonly number[];
  /** Top, left, bottom, right. */
  readonly pads: readonly number[];
  readonly strides?: readonly number[];
  readonly dilations?: readonly number[];
  readonly groups?: number;
  /** `[O]`, by default zeros. */
  readonly bias?: Tensor;
  /** Whether a ReLU follows. */
  readonly relu?: boolean;
}

/** @param before of the result's shape, added to it */
export function convolve2d(
  image: Tensor,
  weight: Tensor,
  options: Convolution2d,
  shape: Shape,
  before?: Tensor,
): Tensor {
  const { kernel, pads, strides = [1, 1], dilations = [1, 1], groups = 1, relu = false } = options;
  const bias = options.bias ?? zeros(shape[1]);
  return apply(
    "com.microsoft.nchwc.Conv",
    before ? [image, weight, bias, before] : [image, weight, bias],
    shape,
    {
      kernel_shape: kernel,
      strides,
      pads,
      dilations,
      group: groups,
      ...(relu && { activation: "Relu" }),
    },
  );
}

/** Σ convolution of each image with the weights of the same place, as many as there are weights, and the bias once. */
export const chained = (
  images: readonly Tensor[],
  weights: readonly Tensor[],
  { bias, ...options }: Convolution2d,
  shape: Shape,
): Tensor =>
  weights.reduce<Tensor | undefined>(
    (before, weight, t) =>
      convolve2d(images[t], weight, { ...options, ...(t === 0 && bias && { bias }) }, shape, before),
    undefined,
  )!;

/** `[1, C, D, H, W]` → `[D, C, H, W]` */
export const planar = ([, channels, d, h, w]: Shape): Shape => [d, channels, h, w];
/** Each plane of `[D, …]` the one before it, the first zeros. */
export const behind = (x: Tensor): Tensor => pad(x, leading(x, 1), leading(x, -1));
/** Each plane of `[D, …]` the one after it, the last zeros. */
export const ahead = (x: Tensor): Tensor => pad(x, leading(x, -1), leading(x, 1));

const leading = ({ shape }: Tensor, n: number): number[] => shape.map((_, axis) => (axis === 0 ? n : 0));

/** Voxels beyond each end of a row that a convolution with kernel 3 finds as zeros in memory, and those it pads. */
export interface Ends {
  readonly stored: 0 | 1;
  readonly padded: 0 | 1;
}

/**
 * The kernel takes several neighbours along a row at once (three of four blocks of outputs, six of fewer) and the others
 * alone, as it does all that meet padding. Zeros in memory pay where they leave fewer alone.
 */
export function rowEnds(width: number, outputs: number, block: number): Ends {
  const atOnce = block === 8 && outputs / block > 2 ? 3 : 6;
  const turns = (n: number) => Math.floor(n / atOnce) + (n % atOnce);
  return turns(width) < turns(width - 2) + 2 ? { stored: 1, padded: 0 } : { stored: 0, padded: 1 };
}

/** Planes with zeros beyond the rows' ends, where they are stored. */
export function withEnds(x: Tensor, { stored }: Ends, width: number, block: number): Tensor {
  if (stored === 0) return x;
  const [d] = x.shape;
  const rows = reshape(x, [d, count(x.shape) / (d * width * block), width * block]);
  return pad(rows, [0, 0, block], [0, 0, block]);
}

/** Planes 0, 2, … and 1, 3, … of `[D, C, H, W]`. */
export function evenAndOdd(x: Tensor): [even: Tensor, odd: Tensor] {
  const [d, channels, ...sides] = x.shape;
  const pairs = reshape(x, [d / 2, 2 * channels, ...sides]);
  return [slice(pairs, 1, 0, channels), slice(pairs, 1, channels, 2 * channels)];
}
