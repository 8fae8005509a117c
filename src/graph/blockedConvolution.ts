import { concat, pad, reshape, slice, transpose } from "./primitives.ts";
import { apply, constant, type Shape, type Tensor } from "./tensor.ts";

/**
 * 3D convolution by ONNX Runtime's blocked 2D kernels, and its gradient for a strided input. A volume of one case is
 * `[D, C·H·W]`: a batch of planes, each `[C / block, H·W, block]`; a plane of the kernel is a 2D convolution of planes
 * shifted along the depth, and the results are added up by the next one's `Sum` input.
 */

/** @param x blocked; or, of fewer channels than a block, planes in plain order @returns blocked, of `shape` */
export function blockedConvolution(
  x: Tensor,
  weight: Tensor,
  inputShape: Shape,
  shape: Shape,
  stride: number,
  block: number,
): Tensor {
  const [outputs, channels, k] = weight.shape;
  const pads = Array(4).fill((k - 1) / 2);
  const blocks = weightBlocks(weight, block);
  const taps = range(k).map((t) => reshape(slice(blocks, 0, t, t + 1), [outputs, channels, k, k]));
  const planes = neighbours(x, k, stride).map((part) =>
    reshape(part, [shape[2], channels, ...inputShape.slice(3)]),
  );
  return reshape(
    chained(planes, taps, { kernel: [k, k], pads, strides: [stride, stride] }, planar(shape)),
    flat(shape),
  );
}

/**
 * dx of a convolution with kernel 3, padding 1 and stride 2. An even voxel met the kernel's middle, at dy[i / 2]; an odd
 * one its last tap there and its first tap at the next: a convolution of one or two taps an axis for each of the eight
 * parities, interleaved.
 * @param dy blocked
 * @param shape of dx; sides twice those of dy
 */
export function stridedInputGradient(
  dy: Tensor,
  weight: Tensor,
  dyShape: Shape,
  shape: Shape,
  block: number,
): Tensor {
  const [outputs, channels, k] = weight.shape;
  const [, , d, h, w] = dyShape;
  const mirrored = transpose(reshape(weight, [outputs, channels, k ** 3]), [1, 0, 2]);
  const blocks = weightBlocks(reshape(mirrored, [channels, outputs, k, k, k]), block);
  const base = reshape(blocks, [k, channels / block, outputs / block, k, k, block ** 2]);
  const met = [[1], [2, 0]];
  const pick = (from: Tensor, axis: number, taps: readonly number[]) =>
    concat(
      taps.map((t) => slice(from, axis, t, t + 1)),
      axis,
    );
  const image = [d, outputs, h, w];
  const behindNext = [reshape(dy, image), reshape(ahead(dy), image)];
  const parities = [0, 1];
  const planes = parities.map((pd) => {
    const rows = parities.map((ph) => {
      const columns = parities.map((pw) => {
        const taps = pick(pick(base, 3, met[ph]), 4, met[pw]);
        const kernel = [1 + ph, 1 + pw];
        const parts = met[pd].map((t) => reshape(slice(taps, 0, t, t + 1), [channels, outputs, ...kernel]));
        const result = chained(behindNext, parts, { kernel, pads: [0, 0, ph, pw] }, [d, channels, h, w]);
        return reshape(result, [(d * channels * h) / block, w, block]);
      });
      return reshape(concat(columns, 2), [(d * channels * h) / block, 2 * w * block]);
    });
    return reshape(concat(rows, 1), [d, 4 * channels * h * w]);
  });
  return reshape(concat(planes, 1), flat(shape));
}

export interface Convolution2d {
  readonly kernel: readonly number[];
  /** Top, left, bottom, right. */
  readonly pads: readonly number[];
  readonly strides?: readonly number[];
  readonly dilations?: readonly number[];
}

/** Σ convolution of each image with the weights of the same place, as many as there are weights. */
export function chained(
  images: readonly Tensor[],
  weights: readonly Tensor[],
  { kernel, pads, strides = [1, 1], dilations = [1, 1] }: Convolution2d,
  shape: Shape,
): Tensor {
  const none = constant(new Float32Array(shape[1]), [shape[1]]);
  return weights.reduce<Tensor | undefined>(
    (before, weight, t) =>
      apply(
        "com.microsoft.nchwc.Conv",
        before ? [images[t], weight, none, before] : [images[t], weight],
        shape,
        { kernel_shape: kernel, strides, pads, dilations, group: 1 },
      ),
    undefined,
  )!;
}

/** `[O, C, k, k, k]` → `[k, O / block, C / block, k·k, block, block]`; of few channels `[k, O / block, C, k·k, block]`. */
function weightBlocks(weight: Tensor, block: number): Tensor {
  const [outputs, channels, k] = weight.shape;
  const b = block;
  const rows = apply(
    "com.microsoft.nchwc.ReorderInput",
    [reshape(weight, [1, outputs, channels, k ** 3])],
    [1, outputs, channels, k ** 3],
  );
  if (channels < b) return transpose(reshape(rows, [outputs / b, channels, k, k * k, b]), [2, 0, 1, 3, 4]);
  const split = reshape(rows, [outputs / b, channels / b, b, k, k * k, b]);
  return transpose(split, [3, 0, 1, 4, 2, 5]);
}

/** `[D, C·H·W]`: the planes that each plane of the kernel meets; zeros beyond the ends. */
function neighbours(x: Tensor, kernel: number, stride: number): Tensor[] {
  if (kernel === 1) return [x];
  const [d, length] = x.shape;
  if (stride === 1) return [behind(x), x, ahead(x)];
  const pairs = reshape(x, [d / 2, 2 * length]);
  const odd = slice(pairs, 1, length, 2 * length);
  return [behind(odd), slice(pairs, 1, 0, length), odd];
}

/** Each row the one before. */
const behind = (x: Tensor): Tensor => pad(x, [1, 0], [-1, 0]);

/** Each row the one after. */
const ahead = (x: Tensor): Tensor => pad(x, [-1, 0], [1, 0]);

/** `[1, C, D, H, W]` → `[D, C, H, W]` */
export const planar = ([, channels, d, h, w]: Shape): Shape => [d, channels, h, w];
/** `[1, C, D, H, W]` → `[D, C·H·W]` */
export const flat = ([, channels, d, h, w]: Shape): Shape => [d, channels * h * w];

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
