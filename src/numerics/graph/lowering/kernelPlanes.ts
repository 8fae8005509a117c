import { free } from "../../../base/free.ts";
import { reshape, slice, transpose } from "../primitives.ts";
import { apply, type KernelPlanes, type Shape, type Tensor } from "../tensor.ts";

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

/** The same sum of values in memory. @param kernel `[O, C, k, k, k]` @param into zeros */
export function writeKernelPlanes(
  { inputs: [{ shape }], coefficients, block }: KernelPlanes,
  kernel: Float32Array,
  into: Float32Array,
): void {
  const planes = coefficients.flatMap((factor, t) => (factor === 0 ? [] : [{ factor, t }]));
  if (planes.length === 1 && planes[0].factor === 1) {
    copyPlane(kernel, shape, planes[0].t, block, into);
    return;
  }
  const plane = new Float32Array(into.length);
  for (const { factor, t } of planes) {
    copyPlane(kernel, shape, t, block, plane);
    for (let i = 0; i < into.length; i++) into[i] += factor * plane[i];
  }
  free(plane);
}

/** As whole numbers: a number with a fraction is an object until V8 has optimised the loop, 48 bytes of garbage each. */
function copyPlane(
  kernel: Float32Array,
  [outputs, channels, k]: Shape,
  t: number,
  block: number,
  into: Float32Array,
): void {
  const [from, to] = [kernel, into].map((x) => new Int32Array(x.buffer, x.byteOffset, x.length));
  const taps = k * k;
  const together = channels < block ? 1 : block;
  let at = 0;
  for (let o = 0; o < outputs; o += block)
    for (let c = 0; c < channels; c += together)
      for (let tap = t * taps; tap < (t + 1) * taps; tap++)
        for (let i = c; i < c + together; i++)
          for (let j = o; j < o + block; j++) to[at++] = from[(j * channels + i) * k * taps + tap];
}
