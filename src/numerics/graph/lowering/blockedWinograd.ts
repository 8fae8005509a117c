import { add, concat, mul, reshape, sub } from "../primitives.ts";
import type { Shape, Tensor } from "../tensor.ts";
import { ahead, behind, convolve2d, evenAndOdd, planar, rowEnds, withEnds } from "./blocked2d.ts";
import { kernelPlane, sumOfPlanes } from "./kernelPlanes.ts";

/** Thinner volumes have more weights to transform than planes to save. */
export const leastDepth = 8;

/**
 * A convolution with kernel 3 and stride 1 by minimal filtering along the depth, F(2, 3) (Winograd 1980; Lavin & Gray
 * 2016): two planes of the result by four 2D convolutions instead of six. The two sums stand in the convolutions' `Sum`
 * inputs.
 * @param x blocked, of an even depth
 */
export function winogradConvolution(
  x: Tensor,
  weight: Tensor,
  shape: Shape,
  block: number,
  bias?: Tensor,
): Tensor {
  const [outputs, channels, k] = weight.shape;
  const [, , d, h, w] = shape;
  const [first, second, third] = [0, 1, 2].map((t) => kernelPlane(weight, t, block));
  const [outer, inner] = [mul(add(first, third), 0.5), mul(second, 0.5)];
  const ends = rowEnds(w, outputs, block);
  const convolve = (planes: Tensor, taps: Tensor, before?: Tensor) => {
    const pads = [1, ends.padded, 1, ends.padded];
    return convolve2d(
      reshape(planes, [d / 2, channels, h, w + 2 * ends.stored]),
      taps,
      // What has nothing before it is a part of both planes' sums; the bias belongs to each plane once.
      { kernel: [k, k], pads, ...(before && bias && { bias }) },
      [d / 2, outputs, h, w],
      before,
    );
  };
  const [even, odd] = evenAndOdd(x).map((planes) => withEnds(planes, ends, w, block));
  const sums = convolve(add(even, odd), sumOfPlanes(add(outer, inner), weight, [0.5, 0.5, 0.5], block));
  const differences = convolve(
    sub(odd, even),
    sumOfPlanes(sub(outer, inner), weight, [0.5, -0.5, 0.5], block),
  );
  const results = [
    convolve(sub(behind(odd), odd), first, add(sums, differences)),
    convolve(sub(ahead(even), even), third, sub(sums, differences)),
  ];
  return reshape(concat(results, 1), planar(shape));
}
