import { addAll, div, equal, expand, matmul, mul, padWith, reshape, slice } from "../primitives.ts";
import { apply, constant, type Shape, type Tensor } from "../tensor.ts";

/** Steps and margins of a pool, in voxels; by default the kernel's edge, and none. */
export interface PoolOptions {
  readonly stride?: number;
  readonly padding?: number;
}

const pooled = (x: Tensor, kernel: number, stride: number, padding: number): Shape => [
  ...x.shape.slice(0, 2),
  ...x.shape.slice(2).map((side) => Math.floor((side + 2 * padding - kernel) / stride) + 1),
];

const cube = (n: number) => [n, n, n];

/** Largest of each k³ window of `[N, C, D, H, W]`. Where several are largest they share the gradient. */
export function maxPool(
  x: Tensor,
  kernel: number,
  { stride = kernel, padding = 0 }: PoolOptions = {},
): Tensor {
  return apply("MaxPool", [x], pooled(x, kernel, stride, padding), {
    kernel_shape: cube(kernel),
    strides: cube(stride),
    pads: Array(6).fill(padding),
  });
}

/** Mean of each k³ block of `[N, C, D, H, W]`; blocks do not overlap, and voxels of an incomplete one are dropped. */
export function averagePool(x: Tensor, kernel: number): Tensor {
  return apply("AveragePool", [x], pooled(x, kernel, kernel, 0), {
    kernel_shape: cube(kernel),
    strides: cube(kernel),
  });
}

export function averagePoolRule({ inputs: [x], attributes }: Tensor, dy: Tensor): readonly Tensor[] {
  const [kernel] = attributes.kernel_shape as readonly number[];
  return [placed(upsample(mul(dy, kernel ** -3), kernel), x.shape)];
}

/** dx = Σ over the window's taps of dy ÷ (number of largest voxels), put back where x equals the maximum. */
export function maxPoolRule(y: Tensor, dy: Tensor): readonly Tensor[] {
  const [x] = y.inputs;
  const [kernel] = y.attributes.kernel_shape as readonly number[];
  const [stride] = y.attributes.strides as readonly number[];
  const [padding] = y.attributes.pads as readonly number[];
  const margin = [0, 0, padding, padding, padding];
  const padded = padWith(x, margin, margin, -3e38);
  const [, , d, h, w] = y.shape;
  const taps = offsets(kernel).map((start) => {
    const part = [d, h, w].reduce(
      (rest, side, a) => slice(rest, 2 + a, start[a], start[a] + (side - 1) * stride + 1, stride),
      padded,
    );
    return { start, largest: equal(part, y) };
  });
  const share = div(dy, addAll(taps.map((tap) => tap.largest)));
  const back = taps.map(({ start, largest }) =>
    placed(apart(mul(share, largest), stride), padded.shape, start),
  );
  const whole = addAll(back);
  return [x.shape.slice(2).reduce((rest, side, a) => slice(rest, 2 + a, padding, padding + side), whole)];
}

const offsets = (kernel: number): number[][] =>
  Array.from({ length: kernel ** 3 }, (_, t) => [
    Math.floor(t / kernel ** 2),
    Math.floor(t / kernel) % kernel,
    t % kernel,
  ]);

/**
 * Each voxel of `[N, C, D, H, W]` copied into a block of s³ (nearest neighbour). Along the rows by a product: ONNX Runtime
 * copies single elements slowly.
 */
export function upsample(x: Tensor, s: number): Tensor {
  const [n, c, d, h, w] = x.shape;
  const rows = matmul(reshape(x, [n * c * d * h, w]), repetition(w, s));
  const blocks = expand(reshape(rows, [n * c * d, 1, h, 1, w * s]), [n * c * d, s, h, s, w * s]);
  return reshape(blocks, [n, c, d * s, h * s, w * s]);
}

/** `[w, w·s]`: a row times it has every element s times. */
function repetition(w: number, s: number): Tensor {
  const values = new Float32Array(w * w * s);
  for (let i = 0; i < w * s; i++) values[Math.floor(i / s) * w * s + i] = 1;
  return constant(values, [w, w * s]);
}

/** s − 1 zeros after each voxel along each side. */
function apart(x: Tensor, s: number): Tensor {
  if (s === 1) return x;
  const [n, c, d, h, w] = x.shape;
  const zeros = padWith(
    reshape(x, [n * c * d, 1, h, 1, w, 1]),
    [0, 0, 0, 0, 0, 0],
    [0, s - 1, 0, s - 1, 0, s - 1],
    0,
  );
  return reshape(zeros, [n, c, d * s, h * s, w * s]);
}

/** x put into zeros of `shape`, its first voxel at `start`; what reaches beyond is cut off. */
function placed(x: Tensor, shape: Shape, start: readonly number[] = [0, 0, 0]): Tensor {
  const room = start.map((from, a) => shape[2 + a] - from);
  const cut = room.reduce((rest, length, a) => slice(rest, 2 + a, 0, Math.min(length, x.shape[2 + a])), x);
  const after = room.map((length, a) => length - cut.shape[2 + a]);
  return padWith(cut, [0, 0, ...start], [0, 0, ...after], 0);
}
