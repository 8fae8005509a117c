import { convolutionRule } from "./operators/convolution.ts";
import { averagePoolRule, maxPoolRule } from "./operators/pool.ts";
import {
  div,
  exp,
  greaterOrEqual,
  matmul,
  mul,
  neg,
  pad,
  positive,
  reshape,
  sigmoid,
  slice,
  sub,
  sum,
  transpose,
} from "./primitives.ts";
import { count, type Shape, sameShape, type Tensor } from "./tensor.ts";

/**
 * The gradient for each input of `y`, given `dy`, the gradient that arrives at it.
 * A rule may leave out what is not `needed`; undefined is zero.
 */
export type Rule = (y: Tensor, dy: Tensor, needed: readonly boolean[]) => readonly (Tensor | undefined)[];

/** Every differentiable operator. Those with a lowering of their own have a file of their own. */
export const rules: Readonly<Record<string, Rule>> = {
  Add: ({ inputs: [a, b] }, dy) => [unbroadcast(dy, a.shape), unbroadcast(dy, b.shape)],
  Sub: ({ inputs: [a, b] }, dy, [, db]) => [
    unbroadcast(dy, a.shape),
    db ? unbroadcast(neg(dy), b.shape) : undefined,
  ],
  Mul: ({ inputs: [a, b] }, dy, [da, db]) => [
    da ? unbroadcast(mul(dy, b), a.shape) : undefined,
    db ? unbroadcast(mul(dy, a), b.shape) : undefined,
  ],
  Div: (y, dy, [da, db]) => {
    const [a, b] = y.inputs;
    const quotient = div(dy, b);
    return [
      da ? unbroadcast(quotient, a.shape) : undefined,
      db ? unbroadcast(neg(mul(quotient, y)), b.shape) : undefined,
    ];
  },
  Max: ({ inputs: [a, b] }, dy) => {
    const first = greaterOrEqual(a, b);
    return [unbroadcast(mul(dy, first), a.shape), unbroadcast(mul(dy, sub(1, first)), b.shape)];
  },
  Sum: ({ inputs }, dy) => inputs.map(() => dy),
  Neg: (_, dy) => [neg(dy)],
  Exp: (y, dy) => [mul(dy, y)],
  Log: ({ inputs: [x] }, dy) => [div(dy, x)],
  Sqrt: (y, dy) => [div(mul(dy, 0.5), y)],
  Tanh: (y, dy) => [mul(dy, sub(1, mul(y, y)))],
  Sigmoid: (y, dy) => [mul(dy, mul(y, sub(1, y)))],
  Relu: (y, dy) => [mul(dy, positive(y))],
  Softplus: ({ inputs: [x] }, dy) => [mul(dy, sigmoid(x))],
  HardSigmoid: () => [undefined],
  Cast: () => [undefined],
  MatMul: ({ inputs: [a, b] }, dy, [da, db]) => [
    da ? unbroadcast(matmul(dy, swapLast(b)), a.shape) : undefined,
    db ? unbroadcast(matmul(swapLast(a), dy), b.shape) : undefined,
  ],
  Transpose: ({ attributes }, dy) => {
    const permutation = attributes.perm as readonly number[];
    return [
      transpose(
        dy,
        permutation.map((_, axis) => permutation.indexOf(axis)),
      ),
    ];
  },
  Reshape: ({ inputs: [x] }, dy) => [reshape(dy, x.shape)],
  Expand: ({ inputs: [x] }, dy) => [unbroadcast(dy, x.shape)],
  // Not expanded: a gradient may be smaller than its tensor where it broadcasts.
  ReduceSum: ({ inputs: [x, axes] }, dy) => [keepAxes(dy, x.shape, axes)],
  ReduceMean: (y, dy) => {
    const [x, axes] = y.inputs;
    return [keepAxes(mul(dy, count(y.shape) / count(x.shape)), x.shape, axes)];
  },
  ReduceSumSquare: ({ inputs: [x, axes] }, dy) => [mul(x, keepAxes(mul(dy, 2), x.shape, axes))],
  Softmax: (y, dy) => {
    const weighted = mul(dy, y);
    return [sub(weighted, mul(y, sum(weighted, [y.attributes.axis as number], true)))];
  },
  LogSoftmax: (y, dy) => [sub(dy, mul(exp(y), sum(dy, [y.attributes.axis as number], true)))],
  Concat: ({ inputs, attributes }, dy) => {
    const axis = attributes.axis as number;
    let start = 0;
    return inputs.map((x) => slice(dy, axis, start, (start += x.shape[axis])));
  },
  Pad: ({ inputs: [x, pads] }, dy) => {
    const before = whole(pads).slice(0, x.shape.length);
    return [before.reduce((part, start, axis) => slice(part, axis, start, start + x.shape[axis]), dy)];
  },
  Slice: sliceRule,
  Conv: convolutionRule,
  MaxPool: maxPoolRule,
  AveragePool: averagePoolRule,
};

/** The axes that broadcasting copied, summed again. */
function unbroadcast(dy: Tensor, shape: Shape): Tensor {
  if (sameShape(dy.shape, shape)) return dy;
  const missing = dy.shape.length - shape.length;
  const axes = dy.shape.flatMap((length, axis) =>
    axis < missing || (shape[axis - missing] === 1 && length > 1) ? [axis] : [],
  );
  return reshape(sum(dy, axes, true), shape);
}

/** The gradient of a reduction with its axes back, of length 1. */
function keepAxes(dy: Tensor, shape: Shape, axes: Tensor): Tensor {
  const reduced = whole(axes);
  return reshape(
    dy,
    shape.map((length, axis) => (reduced.includes(axis) ? 1 : length)),
  );
}

function sliceRule({ inputs: [x, starts, ends, axes, steps] }: Tensor, dy: Tensor): readonly Tensor[] {
  const [axis] = whole(axes);
  const [start] = whole(starts);
  const [end] = whole(ends);
  const [step] = whole(steps);
  if (step < 0) throw new RangeError("a reversed tensor has no gradient: reverse only weights' copies");
  const zeros = x.shape.map(() => 0);
  if (step === 1) return [pad(dy, zeros.with(axis, start), zeros.with(axis, x.shape[axis] - end))];
  // Between neighbours stand step − 1 zeros: an axis of its own, padded, then merged.
  const length = dy.shape[axis];
  const apart = reshape(dy, dy.shape.toSpliced(axis, 1, length, 1));
  const none = apart.shape.map(() => 0);
  const merged = reshape(pad(apart, none, none.with(axis + 1, step - 1)), dy.shape.with(axis, length * step));
  const cut = slice(merged, axis, 0, Math.min(length * step, x.shape[axis] - start));
  return [pad(cut, zeros.with(axis, start), zeros.with(axis, x.shape[axis] - start - cut.shape[axis]))];
}

/** The values of an `integers` tensor. */
export const whole = (tensor: Tensor): number[] => Array.from(tensor.data as BigInt64Array, Number);

const swapLast = (x: Tensor): Tensor => {
  const axes = x.shape.map((_, axis) => axis);
  return transpose(x, [...axes.slice(0, -2), ...axes.slice(-2).reverse()]);
};
