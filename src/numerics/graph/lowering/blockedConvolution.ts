import { concat, reshape, slice, transpose } from "../primitives.ts";
import type { Shape, Tensor } from "../tensor.ts";
import { ahead, behind, chained, type Ends, evenAndOdd, planar, rowEnds, withEnds } from "./blocked2d.ts";
import { leastDepth, winogradConvolution } from "./blockedWinograd.ts";
import { kernelPlane } from "./kernelPlanes.ts";

/**
 * 3D convolution by blocked 2D ones, one for each plane of the kernel.
 * @param x blocked; or, of fewer channels than a block, planes in plain order
 * @param bias `[O]`
 * @returns blocked, of `shape`
 */
export function blockedConvolution(
  x: Tensor,
  weight: Tensor,
  inputShape: Shape,
  shape: Shape,
  stride: number,
  block: number,
  bias?: Tensor,
): Tensor {
  const [outputs, channels, k] = weight.shape;
  const depth = shape[2];
  if (k === 3 && stride === 1 && channels >= block && depth >= leastDepth && depth % 2 === 0)
    return winogradConvolution(x, weight, shape, block, bias);
  const [height, width] = inputShape.slice(3);
  const margin = (k - 1) / 2;
  const ends: Ends =
    k === 3 && stride === 1 && channels >= block
      ? rowEnds(width, outputs, block)
      : { stored: 0, padded: margin === 1 ? 1 : 0 };
  const taps = range(k).map((t) => kernelPlane(weight, t, block));
  const planes = neighbors(withEnds(x, ends, width, block), k, stride).map((part) =>
    reshape(part, [depth, channels, height, width + 2 * ends.stored]),
  );
  const options = {
    kernel: [k, k],
    pads: [margin, ends.padded, margin, ends.padded],
    strides: [stride, stride],
    ...(bias && { bias }),
  };
  return chained(planes, taps, options, planar(shape));
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
  const taps = range(k).map((t) => {
    const blocks = kernelPlane(reshape(mirrored, [channels, outputs, k, k, k]), t, block);
    return reshape(blocks, [(channels * outputs) / block ** 2, k, k, block ** 2]);
  });
  const met = [[1], [2, 0]];
  const pick = (from: Tensor, axis: number, taps: readonly number[]) =>
    concat(
      taps.map((t) => slice(from, axis, t, t + 1)),
      axis,
    );
  const images = [dy, ahead(dy)].map((planes) => reshape(planes, [d, outputs, h, w]));
  const parities = [0, 1];
  const planes = parities.map((pd) => {
    const rows = parities.map((ph) => {
      const columns = parities.map((pw) => {
        const kernel = [1 + ph, 1 + pw];
        const parts = met[pd].map((t) =>
          reshape(pick(pick(taps[t], 1, met[ph]), 2, met[pw]), [channels, outputs, ...kernel]),
        );
        const result = chained(images, parts, { kernel, pads: [0, 0, ph, pw] }, [d, channels, h, w]);
        return reshape(result, [(d * channels * h) / block, w, block]);
      });
      return reshape(concat(columns, 2), [(d * channels * h) / block, 2 * w * block]);
    });
    return reshape(concat(rows, 1), [d, 4 * channels * h * w]);
  });
  return reshape(concat(planes, 1), planar(shape));
}

/** The planes of `[D, …]` that each plane of the kernel meets; zeros beyond the ends. */
function neighbors(x: Tensor, kernel: number, stride: number): Tensor[] {
  if (kernel === 1) return [x];
  if (stride === 1) return [behind(x), x, ahead(x)];
  const [even, odd] = evenAndOdd(x);
  return [behind(odd), even, odd];
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
