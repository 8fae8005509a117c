import { concat, matmul, pad, reshape, slice, sum, transpose } from "../primitives.ts";
import { apply, type ConvolutionGradient, constant, type Shape, type Tensor } from "../tensor.ts";

/** Steps and margins of a convolution, in voxels. */
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

const convolve = (
  x: Tensor,
  weight: Tensor,
  shape: Shape,
  stride: number,
  pads: readonly number[],
  dilation = 1,
) =>
  apply("Conv", [x, weight], shape, {
    kernel_shape: weight.shape.slice(2),
    strides: [stride, stride, stride],
    pads,
    dilations: [dilation, dilation, dilation],
  });

/** Gradients of a convolution, as convolutions and matrix products: ONNX's ConvTranspose is 20 times slower. */
export function convolutionRule(
  y: Tensor,
  dy: Tensor,
  [dx, dw]: readonly boolean[],
): readonly (Tensor | undefined)[] {
  const [x, weight] = y.inputs;
  const [stride] = y.attributes.strides as readonly number[];
  const [padding] = y.attributes.pads as readonly number[];
  // Few voxels and many channels: the margins of shifted grids would outweigh them.
  const deep = dy.shape[2] * dy.shape[3] * dy.shape[4] <= 6 ** 3 && weight.shape[0] >= 64;
  const weightGradient = deep ? weightGradientByConvolution : weightGradientByProducts;
  const together = (gradient: Tensor, op: ConvolutionGradient["op"], from: Tensor): Tensor => ({
    ...gradient,
    computes: { op, inputs: [from, dy], stride, padding },
  });
  return [
    dx
      ? together(inputGradient(x.shape, weight, dy, stride, padding), "ConvInputGradient", weight)
      : undefined,
    dw ? together(weightGradient(x, weight.shape, dy, stride, padding), "ConvWeightGradient", x) : undefined,
  ];
}

/**
 * dx[i] = Σₜ w[t] · dy[(i + p − t) / s]. With i + p = s·m + r and t = s·u + r this is, for each of the s³ remainders r,
 * a stride-1 convolution of dy with the taps w[s·u + r]: one convolution to C·s³ channels, then a pixel shuffle.
 */
function inputGradient(shape: Shape, weight: Tensor, dy: Tensor, s: number, p: number): Tensor {
  const [n, channels, ...sides] = shape;
  const [outputs, , kernel] = weight.shape;
  const taps = Math.ceil(kernel / s);
  const byRemainder = matmul(reshape(weight, [outputs, channels, kernel ** 3]), tapMatrix(kernel, s, true));
  const flipped = reshape(
    transpose(reshape(byRemainder, [outputs, channels * s ** 3, taps ** 3]), [1, 0, 2]),
    [channels * s ** 3, outputs, taps, taps, taps],
  );
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
 * is lowered: on one flattened grid for dy and x every tap is an offset. Its part along the rows is a shift of dy,
 * the rest one of x: k copies of dy in one matrix, and a product with each of k² contiguous slices of x.
 */
function weightGradientByProducts(x: Tensor, shape: Shape, dy: Tensor, s: number, p: number): Tensor {
  const [outputs, channels, kernel] = shape;
  const [n, , depth, ...inPlane] = dy.shape;
  const taps = Math.ceil(kernel / s);
  const margin = taps - 1;
  const [height, row] = inPlane.map((side) => side + margin);
  const plane = height * row;
  const length = depth * plane;
  // One plane more than the taps reach: the last slice runs past them, over what dy's margin multiplies by zero.
  const planes = depth + margin + Math.min(margin, 1);
  const wide = channels * s ** 3;
  const flatX = reshape(spaceToDepth(fitTo(x, p, [planes * s, height * s, row * s]), s), [
    n,
    wide,
    planes * plane,
  ]);
  // dy on the same grid, behind as many zeros as the last tap along the rows shifts it by.
  const rows = reshape(pad(dy, [0, 0, 0, 0, 0], [0, 0, 0, margin, margin]), [n, outputs, length]);
  const flatDy = pad(rows, [0, 0, margin], [0, 0, 0]);
  const shiftedDy = concat(
    range(taps).map((t) => slice(flatDy, 2, margin - t, margin - t + length)),
    1,
  );
  const products = range(taps).flatMap((d) =>
    range(taps).map((h) => {
      const start = d * plane + h * row;
      const shiftedX = slice(flatX, 2, start, start + length);
      return sum(matmul(shiftedDy, transpose(shiftedX, [0, 2, 1])), [0]);
    }),
  );
  const stride1 = transpose(reshape(concat(products, 0), [taps ** 2, taps, outputs, wide]), [2, 3, 0, 1]);
  const byRemainder = reshape(stride1, [outputs, channels, (wide / channels) * taps ** 3]);
  return reshape(matmul(byRemainder, transpose(tapMatrix(kernel, s, false), [1, 0])), shape);
}

/** The same as one convolution of x by dy: channels and cases exchanged, the stride a dilation of dy. */
function weightGradientByConvolution(x: Tensor, shape: Shape, dy: Tensor, s: number, p: number): Tensor {
  const [outputs, channels, kernel] = shape;
  const exchanged = (tensor: Tensor) => transpose(tensor, [1, 0, 2, 3, 4]);
  // Voxels that no output reached give taps beyond the kernel: they are left out.
  const after = dy.shape.slice(2).map((side, a) => (side - 1) * s + kernel - p - x.shape[2 + a]);
  const reached = after.reduce((part, end, a) => slice(part, 2 + a, 0, x.shape[2 + a] + Math.min(0, end)), x);
  const pads = [p, p, p, ...after.map((end) => Math.max(0, end))];
  const side = [kernel, kernel, kernel];
  return exchanged(convolve(exchanged(reached), exchanged(dy), [channels, outputs, ...side], 1, pads, s));
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** `before` zeros in front of each side, then padded or cut to `sides`. */
function fitTo(x: Tensor, before: number, sides: readonly number[]): Tensor {
  const after = sides.map((side, axis) => side - before - x.shape[2 + axis]);
  const padded = pad(x, [0, 0, before, before, before], [0, 0, ...after.map((n) => Math.max(0, n))]);
  return sides.reduce((part, side, axis) => slice(part, 2 + axis, 0, side), padded);
}

/**
 * `[k³, s³·u³]`, u = ⌈k / s⌉, of zeros and ones: a row of taps times it has tap s·m + r at remainder r, position m
 * (u − 1 − m where `flipped`). A product moves weights faster than any permutation of so short axes.
 */
function tapMatrix(k: number, s: number, flipped: boolean): Tensor {
  const u = Math.ceil(k / s);
  const values = new Float32Array(k ** 3 * (s * u) ** 3);
  const axis = range(k).map((t) => ({
    r: t % s,
    m: flipped ? u - 1 - Math.floor(t / s) : Math.floor(t / s),
  }));
  axis.forEach((d, i) =>
    axis.forEach((h, j) =>
      axis.forEach((w, l) => {
        const row = (i * k + j) * k + l;
        const remainder = (d.r * s + h.r) * s + w.r;
        const position = (d.m * u + h.m) * u + w.m;
        values[row * (s * u) ** 3 + remainder * u ** 3 + position] = 1;
      }),
    ),
  );
  return constant(values, [k ** 3, (s * u) ** 3]);
}

/**
 * `[N, C, sD, sH, sW]` → `[N, C·s³, D, H, W]`, the remainder of each axis a channel. Rows are sorted by a product with
 * a permutation matrix and then moved as blocks: ONNX Runtime permutes single elements many times slower.
 */
function spaceToDepth(x: Tensor, s: number): Tensor {
  if (s === 1) return x;
  const [n, c, d, h, w] = x.shape;
  const sorted = matmul(reshape(x, [n * c * d * h, w]), rowMatrix(w, s));
  const planes = swapMiddle(reshape(sorted, [n * c, d / s, s, h * w]));
  const rows = swapMiddle(reshape(planes, [n * c * s, (d * h) / s ** 2, s, w]));
  const columns = swapMiddle(reshape(rows, [n * c * s * s, (d * h) / s ** 2, s, w / s]));
  return reshape(columns, [n, c * s ** 3, d / s, h / s, w / s]);
}

/** The reverse of `spaceToDepth`. */
function depthToSpace(x: Tensor, s: number): Tensor {
  if (s === 1) return x;
  const [n, wide, d, h, w] = x.shape;
  const c = wide / s ** 3;
  const columns = swapMiddle(reshape(x, [n * c * s * s, s, d * h, w]));
  const rows = swapMiddle(reshape(columns, [n * c * s, s, d * h, w * s]));
  const planes = swapMiddle(reshape(rows, [n * c, s, d, h * s * w * s]));
  const unsorted = reshape(planes, [n * c * d * s * h * s, w * s]);
  return reshape(matmul(unsorted, transpose(rowMatrix(w * s, s), [1, 0])), [n, c, d * s, h * s, w * s]);
}

const swapMiddle = (x: Tensor): Tensor => transpose(x, [0, 2, 1, 3]);

/** `[w, w]` of zeros and ones that sorts a row by remainder of s: element s·m + r goes to r·w/s + m. */
function rowMatrix(w: number, s: number): Tensor {
  const values = new Float32Array(w * w);
  for (let i = 0; i < w; i++) values[i * w + (i % s) * (w / s) + Math.floor(i / s)] = 1;
  return constant(values, [w, w]);
}
