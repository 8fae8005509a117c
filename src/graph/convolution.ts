import { concat, matmul, pad, reshape, reverse, slice, sum, transpose } from "./primitives.ts";
import { apply, type Shape, type Tensor } from "./tensor.ts";

export interface ConvolutionOptions {
  readonly stride?: number;
  /** Zeros on every side; by default half the kernel, so that stride 1 keeps the size. */
  readonly padding?: number;
}

/**
 * 3D convolution (cross-correlation, as everywhere in deep learning).
 * @param x `[N, C, D, H, W]`
 * @param weight `[O, C, k, k, k]`
 * @returns `[N, O, D′, H′, W′]`, D′ = ⌊(D + 2·padding − k) / stride⌋ + 1
 */
export function convolution(x: Tensor, weight: Tensor, options: ConvolutionOptions = {}): Tensor {
  const [channels, kernel] = weight.shape.slice(1);
  if (x.shape.length !== 5 || x.shape[1] !== channels)
    throw new RangeError(`convolution of [${x.shape}] with weights [${weight.shape}]`);
  const { stride = 1, padding = (kernel - 1) >> 1 } = options;
  const sides = x.shape.slice(2).map((side) => Math.floor((side + 2 * padding - kernel) / stride) + 1);
  return convolve(x, weight, [x.shape[0], weight.shape[0], ...sides], stride, Array(6).fill(padding));
}

const convolve = (x: Tensor, weight: Tensor, shape: Shape, stride: number, pads: readonly number[]) =>
  apply("Conv", [x, weight], shape, {
    kernel_shape: weight.shape.slice(2),
    strides: [stride, stride, stride],
    pads,
  });

/** Gradients of a convolution, as a convolution and a matrix product: ONNX's ConvTranspose is 20 times slower. */
export function convolutionRule(
  y: Tensor,
  dy: Tensor,
  [dx, dw]: readonly boolean[],
): readonly (Tensor | undefined)[] {
  const [x, weight] = y.inputs;
  const [stride] = y.attributes.strides as readonly number[];
  const [padding] = y.attributes.pads as readonly number[];
  return [
    dx ? inputGradient(x.shape, weight, dy, stride, padding) : undefined,
    dw ? weightGradient(x, weight.shape, dy, stride, padding) : undefined,
  ];
}

/**
 * dx[i] = Σₜ w[t] · dy[(i + p − t) / s]. With i + p = s·m + r and t = s·u + r this is, for each of the s³ remainders r,
 * a stride-1 convolution of dy with the taps w[s·u + r]: one convolution to C·s³ channels, then a pixel shuffle.
 */
function inputGradient(shape: Shape, weight: Tensor, dy: Tensor, s: number, p: number): Tensor {
  const [n, channels, ...sides] = shape;
  const taps = Math.ceil(weight.shape[2] / s);
  const flipped = reverse(transpose(tapsByRemainder(weight, s), [1, 0, 2, 3, 4]), [2, 3, 4]);
  const steps = s === 1 ? sides : sides.map((side) => Math.ceil((side + p) / s));
  const before = s === 1 ? taps - 1 - p : taps - 1;
  // Trailing outputs that only saw padding are cut off; missing ones are padded.
  const after = steps.map((m, axis) => m + taps - 1 - before - dy.shape[2 + axis]);
  const reaching = after.reduce(
    (part, end, a) => slice(part, 2 + a, 0, dy.shape[2 + a] + Math.min(0, end)),
    dy,
  );
  const pads = [before, before, before, ...after.map((end) => Math.max(0, end))];
  const parts = convolve(reaching, flipped, [n, channels * s ** 3, ...steps], 1, pads);
  if (s === 1) return parts;
  return sides.reduce((part, side, a) => slice(part, 2 + a, p, p + side), depthToSpace(parts, s));
}

/**
 * dw[t] = Σₙ Σₒ dy[o] · x[s·o + t − p]. A strided convolution is a stride-1 one over `spaceToDepth(x)`, so only that
 * is lowered: on one flattened grid for dy and x every tap is an offset, split in two parts, one a shift of dy and the
 * other of x. The shifts are contiguous slices, k of one and k² of the other, and one matrix product gives all k³ taps.
 */
function weightGradient(x: Tensor, shape: Shape, dy: Tensor, s: number, p: number): Tensor {
  const [outputs, channels, kernel] = shape;
  const taps = Math.ceil(kernel / s);
  const grid = dy.shape.slice(2).map((side) => side + taps - 1);
  const wide = channels * s ** 3;
  const xs = spaceToDepth(
    fitTo(
      x,
      p,
      grid.map((side) => side * s),
    ),
    s,
  );

  const row = grid[2];
  const plane = grid[1] * row;
  const inPlane = range(taps).flatMap((h) => range(taps).map((w) => h * row + w));
  const across = range(taps).map((d) => d * plane);
  // The k² shifts go to whichever has fewer channels.
  const xInPlane = wide < outputs;
  const [shiftsOfX, shiftsOfDy] = xInPlane ? [inPlane, across] : [across, inPlane];

  const length = grid[0] * plane - shiftsOfX[shiftsOfX.length - 1];
  const lead = shiftsOfDy[shiftsOfDy.length - 1];
  const flatX = flatten(xs);
  const flatDy = pad(flatten(fitTo(dy, 0, grid)), [0, 0, lead], [0, 0, 0]);
  const shiftedX = concat(
    shiftsOfX.map((shift) => slice(flatX, 2, shift, shift + length)),
    1,
  );
  const shiftedDy = concat(
    shiftsOfDy.map((shift) => slice(flatDy, 2, lead - shift, lead - shift + length)),
    1,
  );
  const product = sum(matmul(shiftedDy, transpose(shiftedX, [0, 2, 1])), [0]);
  const stride1 = xInPlane
    ? transpose(reshape(product, [taps, outputs, taps, taps, wide]), [1, 4, 0, 2, 3])
    : transpose(reshape(product, [taps, taps, outputs, taps, wide]), [2, 4, 3, 0, 1]);
  return [2, 3, 4].reduce((part, axis) => slice(part, axis, 0, kernel), tapsTogether(stride1, s));
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

const flatten = (x: Tensor): Tensor =>
  reshape(x, [x.shape[0], x.shape[1], x.shape[2] * x.shape[3] * x.shape[4]]);

/** `before` zeros in front of each side, then padded or cut to `sides`. */
function fitTo(x: Tensor, before: number, sides: readonly number[]): Tensor {
  const after = sides.map((side, axis) => side - before - x.shape[2 + axis]);
  const padded = pad(x, [0, 0, before, before, before], [0, 0, ...after.map((n) => Math.max(0, n))]);
  return sides.reduce((part, side, axis) => slice(part, 2 + axis, 0, side), padded);
}

/**
 * `[N, C, sD, sH, sW]` → `[N, C·s³, D, H, W]`, the remainder of each axis a channel. One axis a Transpose: ONNX
 * Runtime moves a single axis by block copies, but takes an 8-D permutation element by element, three times slower.
 */
function spaceToDepth(x: Tensor, s: number): Tensor {
  if (s === 1) return x;
  const [n, c, d, h, w] = x.shape;
  const planes = swapMiddle(reshape(x, [n * c, d / s, s, h * w]));
  const rows = swapMiddle(reshape(planes, [n * c * s, (d / s) * (h / s), s, w]));
  const columns = transpose(reshape(rows, [n * c * s * s, (d * h * w) / s ** 3, s]), [0, 2, 1]);
  return reshape(columns, [n, c * s ** 3, d / s, h / s, w / s]);
}

/** The reverse of `spaceToDepth`. */
function depthToSpace(x: Tensor, s: number): Tensor {
  if (s === 1) return x;
  const [n, wide, d, h, w] = x.shape;
  const c = wide / s ** 3;
  const columns = transpose(reshape(x, [n * c * s * s, s, d * h * w]), [0, 2, 1]);
  const rows = swapMiddle(reshape(columns, [n * c * s, s, d * h, w * s]));
  const planes = swapMiddle(reshape(rows, [n * c, s, d, h * s * w * s]));
  return reshape(planes, [n, c, d * s, h * s, w * s]);
}

const swapMiddle = (x: Tensor): Tensor => transpose(x, [0, 2, 1, 3]);

/** `[O, C, k, k, k]` → `[O, C·s³, u, u, u]` with u = ⌈k / s⌉: tap s·u + r becomes tap u of channel r. */
function tapsByRemainder(weight: Tensor, s: number): Tensor {
  const side = Math.ceil(weight.shape[2] / s) * s;
  return spaceToDepth(fitTo(weight, 0, [side, side, side]), s);
}

const tapsTogether = depthToSpace;
