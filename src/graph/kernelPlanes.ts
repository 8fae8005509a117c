import { reshape, slice, transpose } from "./primitives.ts";
import { apply, type KernelPlanes, type Tensor } from "./tensor.ts";

/**
 * Plane `t` of a kernel `[O, C, k, k, k]` as weights `[O, C, k, k]` of a blocked 2D convolution, in memory
 * `[O / block, C / block, k·k, block, block]`; of few channels `[O / block, C, k·k, block]`.
 */
export function kernelPlane(weight: Tensor, t: number, block: number): Tensor {
  const [outputs, channels, k] = weight.shape;
  const [b, taps] = [block, k * k];
  const plane = slice(reshape(weight, [outputs, channels, k, taps]), 2, t, t + 1);
  const shape = [1, outputs, channels, taps];
  const rows = apply("com.microsoft.nchwc.ReorderInput", [reshape(plane, shape)], shape);
  const blocks =
    channels < b ? rows : transpose(reshape(rows, [outputs / b, channels / b, b, taps, b]), [0, 1, 3, 2, 4]);
  const oneOf = Array.from({ length: k }, (_, i) => (i === t ? 1 : 0));
  return sumOfPlanes(reshape(blocks, [outputs, channels, k, k]), weight, oneOf, block);
}

/** A tensor that is known to be a sum of a kernel's planes. */
export const sumOfPlanes = (
  tensor: Tensor,
  weight: Tensor,
  coefficients: readonly number[],
  block: number,
): Tensor => ({ ...tensor, computes: { op: "KernelPlanes", inputs: [weight], coefficients, block } });

/** The same sum of values in memory, without a second copy of any. @param kernel `[O, C, k, k, k]` */
export function writeKernelPlanes(
  { inputs: [{ shape }], coefficients, block }: KernelPlanes,
  kernel: Float32Array,
  into: Float32Array,
): void {
  const [outputs, channels, k] = shape;
  const taps = k * k;
  const together = channels < block ? 1 : block;
  const planes = coefficients.flatMap((factor, t) => (factor === 0 ? [] : [{ factor, start: t * taps }]));
  let at = 0;
  for (let o = 0; o < outputs; o += block)
    for (let c = 0; c < channels; c += together)
      for (let tap = 0; tap < taps; tap++)
        for (let i = c; i < c + together; i++)
          for (let j = o; j < o + block; j++) {
            const first = (j * channels + i) * k * taps + tap;
            let sum = 0;
            for (const { factor, start } of planes) sum += factor * kernel[first + start];
            into[at++] = sum;
          }
}
