import { addAll, concat, pad, reshape, slice, transpose } from "../primitives.ts";
import { apply, type Shape, type Tensor } from "../tensor.ts";
import { chained } from "./blocked2d.ts";

/** One case's activations: blocked `[D, C·H·W]`, or in the plain order `[1, C, D, H, W]`. */
export interface Activations {
  readonly values: Tensor;
  readonly shape: Shape;
  readonly blocked: boolean;
}

/**
 * dw[t] = Σᵢ dy[i] · x[s·i + t − p], by ONNX Runtime's blocked 2D convolution: its weights are dy, its kernel reaches
 * over all of a plane, and its few results are the taps. The kernel multiplies blocks of its input's channels, which
 * here are neighbours along the rows, with blocks of its output's channels, which are those of dy; x's channels stand
 * side by side along the image's rows, which the dilation skips. Along the rows nothing can be shifted then: copies of
 * dy are, each as more output channels, and of a stride's phases each is an image of its own. Where rows are shorter
 * than a block, blocks run over whole planes, and dy is shifted along both of their axes.
 * @param dy blocked
 * @param shape of the weights, `[O, C, k, k, k]`; O a multiple of `block`, padding (k − 1) / 2
 */
export function blockedWeightGradient(
  x: Activations,
  dy: Tensor,
  dyShape: Shape,
  shape: Shape,
  stride: number,
  block: number,
): Tensor {
  const [outputs, channels, k] = shape;
  const [depth, height, width] = dyShape.slice(2);
  const overRows = Math.ceil(width / block) * block <= (4 / 3) * width;
  const taps = tapsOf(k, stride);
  // What a tap of the results' shifted axes takes: a phase of x and a shift of dy along the plane's two axes.
  const shifted: Tap[] = overRows
    ? taps.map((column) => ({ row: whole, column }))
    : taps.flatMap((row) => taps.map((column) => ({ row, column })));
  const across = overRows ? k : 1;
  const [lines, line] = overRows ? [height, width] : [1, height * width];
  const blocks = Math.ceil(line / block);
  const groups = phases(shifted);
  const most = Math.max(...groups.map((group) => group.length));
  const slab = lines * block ** 2 * Math.min(4, (most * outputs) / block) * 4;
  const pieces = spans(depth, Math.max(1, Math.floor(slabBytes / slab)));

  const results = groups.map((group) =>
    addPieces(
      pieces.map(([from, to]) => {
        const image = imageOf(x, group[0], from, to);
        const weights = concat(
          group.map((tap) => shift(tap, from, to)),
          0,
        );
        return { image, weights, planes: to - from };
      }),
      group.length,
    ),
  );
  const resultOf = (tap: Tap) => {
    const g = groups.findIndex((group) => group.includes(tap));
    const place = groups[g].indexOf(tap);
    return slice(results[g], 0, place, place + 1);
  };
  // Of one group the taps are in order.
  const all = groups.length === 1 ? results[0] : concat(shifted.map(resultOf), 0);
  return ordered(all);

  /** The blocked image of one phase of x that outputs `from` to `to` meet: `[1, blocks·block, planes, lines·C]`. */
  function imageOf(of: Activations, { row, column }: Tap, from: number, to: number): Tensor {
    const padding = (k - 1) / 2;
    const [first, end] = [stride * from - padding, stride * (to - 1) + k - padding];
    const [low, high] = [Math.max(first, 0), Math.min(end, of.shape[2])];
    const planes = planesOf(of, low, high, overRows ? undefined : row.phase, column.phase, stride, block);
    const [n, rows] = [high - low, overRows ? of.shape[3] : 1];
    const full = pad(reshape(planes, [n * channels * rows, line]), [0, 0], [0, blocks * block - line]);
    const split = reshape(
      full,
      of.blocked ? [n, channels, rows, blocks, block] : [channels, n, rows, blocks, block],
    );
    const image = transpose(split, of.blocked ? [3, 0, 2, 1, 4] : [3, 1, 2, 0, 4]);
    const margin = overRows ? padding : 0;
    const rowsMet = overRows ? stride * (lines - 1) + k : 1;
    const padded = pad(
      reshape(image, [blocks, n, rows, channels * block]),
      [0, low - first, margin, 0],
      [0, end - high, rowsMet - margin - rows, 0],
    );
    return reshape(padded, [1, blocks * block, end - first, rowsMet * channels]);
  }

  /** dy moved by one tap as weights, `[O / block, blocks, planes, lines, block·block]` in front of an axis of 1. */
  function shift({ row, column }: Tap, from: number, to: number): Tensor {
    const n = to - from;
    const part = reshape(slice(dy, 0, from, to), [(n * outputs) / block, height, width * block]);
    const c = column.shift * block;
    const moved = overRows
      ? pad(part, [0, 0, c], [0, 0, (blocks * block - width) * block - c])
      : pad(part, [0, row.shift, c], [0, -row.shift, -c]);
    const even = overRows
      ? moved
      : pad(
          reshape(moved, [(n * outputs) / block, line * block]),
          [0, 0],
          [0, (blocks * block - line) * block],
        );
    const split = reshape(even, [n, outputs / block, lines, blocks, block ** 2]);
    return reshape(transpose(split, [1, 3, 0, 2, 4]), [1, outputs, blocks * block, n, lines]);
  }

  /** `[shifts, O / block, k, across, C, block]` */
  function addPieces(
    parts: readonly { image: Tensor; weights: Tensor; planes: number }[],
    shifts: number,
  ): Tensor {
    const results = parts.map(({ image, weights, planes }) =>
      chained(
        [image],
        [reshape(weights, [shifts * outputs, blocks * block, planes, lines])],
        {
          kernel: [planes, lines],
          pads: [0, 0, 0, 0],
          dilations: [stride, overRows ? stride * channels : 1],
        },
        [1, shifts * outputs, k, across * channels],
      ),
    );
    return reshape(addAll(results), [shifts, outputs / block, k, across, channels, block]);
  }

  /** `[taps, O / block, k, across, C, block]` → `[O, C, k, k, k]` */
  function ordered(byTaps: Tensor): Tensor {
    const n = (shifted.length * outputs * k * across) / block;
    const plain = apply(
      "com.microsoft.nchwc.ReorderOutput",
      [reshape(byTaps, [n, block, channels, 1])],
      [n, block, channels, 1],
      { channels: block },
    );
    if (overRows)
      return reshape(
        transpose(reshape(plain, [k, outputs / block, k, k, block, channels]), [1, 4, 5, 2, 3, 0]),
        shape,
      );
    return reshape(
      transpose(reshape(plain, [k * k, outputs / block, k, block, channels]), [1, 3, 4, 2, 0]),
      shape,
    );
  }
}

/** What stays in a core's second cache while a row of results passes over it. */
const slabBytes = 2 ** 18;

interface AxisTap {
  /** Remainder of x's position by the stride. */
  readonly phase: number;
  /** Voxels that dy is moved by, to meet that phase of x. */
  readonly shift: number;
}

interface Tap {
  readonly row: AxisTap;
  readonly column: AxisTap;
}

const whole: AxisTap = { phase: 0, shift: 0 };

/** x[s·i + t − p] = phase r of x at i + m, r + s·m = t − p. */
function tapsOf(k: number, s: number): AxisTap[] {
  return Array.from({ length: k }, (_, t) => {
    const offset = t - (k - 1) / 2;
    const shift = Math.floor(offset / s);
    return { phase: offset - s * shift, shift };
  });
}

/** Taps that take the same phase of x. */
function phases(taps: readonly Tap[]): Tap[][] {
  const groups = Map.groupBy(taps, ({ row, column }) => `${row.phase} ${column.phase}`);
  return [...groups.values()];
}

/** Planes `from` to `to` in plain order, of one phase: `[planes, C, H, W]`, or of plain activations `[C, planes, H, W]`. */
function planesOf(
  { values, shape, blocked }: Activations,
  from: number,
  to: number,
  rowPhase: number | undefined,
  columnPhase: number,
  stride: number,
  block: number,
): Tensor {
  const [, channels, , h, w] = shape;
  const n = to - from;
  const [rows, columns] = [rowPhase === undefined ? h : h / stride, w / stride];
  if (!blocked) {
    const planes = reshape(slice(values, 2, from, to), [channels, n, h, w]);
    const picked = rowPhase === undefined ? planes : slice(planes, 2, rowPhase, h, stride);
    return slice(picked, 3, columnPhase, w, stride);
  }
  const lines = reshape(slice(values, 0, from, to), [(n * channels * rows) / block, (h / rows) * w * block]);
  const line = slice(lines, 1, (rowPhase ?? 0) * w * block, ((rowPhase ?? 0) + 1) * w * block);
  const pairs = reshape(line, [(n * channels * rows * columns) / block, stride * block]);
  const picked = slice(pairs, 1, columnPhase * block, (columnPhase + 1) * block);
  return apply(
    "com.microsoft.nchwc.ReorderOutput",
    [reshape(picked, [n, channels, rows, columns])],
    [n, channels, rows, columns],
    { channels },
  );
}

/** 0…n in spans of at most that length, of about equal size. */
function spans(n: number, most: number): [from: number, to: number][] {
  const pieces = Math.ceil(n / most);
  const at = (i: number) => Math.round((i * n) / pieces);
  return Array.from({ length: pieces }, (_, i) => [at(i), at(i + 1)]);
}
