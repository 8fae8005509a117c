import { apply, broadcast, constant, count, integers, type Shape, sameShape, type Tensor } from "./tensor.ts";

/** A tensor, or a number that broadcasts. */
export type Operand = Tensor | number;

const operand = (x: Operand): Tensor => (typeof x === "number" ? constant(x) : x);

const unary = (op: string) => (x: Tensor) => apply(op, [x], x.shape);
const binary = (op: string) => (a: Operand, b: Operand) => {
  const [x, y] = [operand(a), operand(b)];
  return apply(op, [x, y], broadcast(x.shape, y.shape));
};

/** a + b, elementwise; shapes broadcast as in NumPy. @throws RangeError where they do not */
export const add = binary("Add");
/** a − b, as {@link add}. */
export const sub = binary("Sub");
/** a · b, elementwise, as {@link add}. */
export const mul = binary("Mul");
/** a / b, elementwise, as {@link add}. */
export const div = binary("Div");
/** Elementwise larger of two. At a tie the gradient goes to the first. */
export const maximum = binary("Max");

/** −x */
export const neg = unary("Neg");
/** eˣ */
export const exp = unary("Exp");
/** Natural logarithm. */
export const log = unary("Log");
/** √x */
export const sqrt = unary("Sqrt");
/** Hyperbolic tangent. */
export const tanh = unary("Tanh");
/** 1 / (1 + e⁻ˣ) */
export const sigmoid = unary("Sigmoid");
/** max(x, 0) */
export const relu = unary("Relu");
/** 1 where x > 0, else 0; no gradient. Clamping a steep line is five times faster than Sign or a comparison. */
export const positive = (x: Tensor): Tensor => apply("HardSigmoid", [x], x.shape, { alpha: 3e38, beta: 0 });
/** ln(1 + eˣ), without overflow. */
export const softplus = unary("Softplus");
/** x · sigmoid(x), also called swish. */
export const silu = (x: Tensor): Tensor => mul(x, sigmoid(x));

/** 1 where a = b, else 0; no gradient. */
export function equal(a: Tensor, b: Tensor): Tensor {
  const shape = broadcast(a.shape, b.shape);
  return apply("Cast", [apply("Equal", [a, b], shape, {}, "bool")], shape, { to: 1 });
}

/** 1 where a ≥ b, else 0; no gradient. */
export function greaterOrEqual(a: Tensor, b: Tensor): Tensor {
  const shape = broadcast(a.shape, b.shape);
  return apply("Cast", [apply("GreaterOrEqual", [a, b], shape, {}, "bool")], shape, { to: 1 });
}

/** Sum of any number of tensors of one shape. */
export function addAll(tensors: readonly Tensor[]): Tensor {
  return tensors.length === 1 ? tensors[0] : apply("Sum", tensors, tensors[0].shape);
}

/** `[…, M, K] × […, K, N] → […, M, N]`; leading axes broadcast. */
export function matmul(a: Tensor, b: Tensor): Tensor {
  const [m, k] = a.shape.slice(-2);
  const [k2, n] = b.shape.slice(-2);
  if (k !== k2) throw new RangeError(`matmul of [${a.shape}] and [${b.shape}]`);
  return apply("MatMul", [a, b], [...broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)), m, n]);
}

/** Axes permuted: axis i of the result is axis `permutation[i]` of x. */
export function transpose(x: Tensor, permutation: readonly number[]): Tensor {
  const shape = permutation.map((axis) => x.shape[axis]);
  return apply("Transpose", [x], shape, { perm: permutation });
}

/** The same elements, in row-major order, in another shape. @throws RangeError where their number differs */
export function reshape(x: Tensor, shape: Shape): Tensor {
  if (count(shape) !== count(x.shape)) throw new RangeError(`reshape of [${x.shape}] to [${shape}]`);
  if (x.op === "Reshape" && !x.computes) return reshape(x.inputs[0], shape);
  return sameShape(shape, x.shape) ? x : apply("Reshape", [x, integers(shape)], shape);
}

/** Copies along axes of length 1 (or missing ones in front) until the shape is reached. */
export function expand(x: Tensor, shape: Shape): Tensor {
  return sameShape(shape, x.shape) ? x : apply("Expand", [x, integers(shape)], shape);
}

const reduce = (op: string) => (x: Tensor, axes: readonly number[], keepDimensions: boolean) => {
  const kept = x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  const shape = keepDimensions ? kept : x.shape.filter((_, axis) => !axes.includes(axis));
  return apply(op, [x, integers(axes)], shape, { keepdims: keepDimensions ? 1 : 0 });
};
const allAxes = (x: Tensor) => x.shape.map((_, axis) => axis);
const reduceSum = reduce("ReduceSum");
const reduceMean = reduce("ReduceMean");
const reduceSumSquare = reduce("ReduceSumSquare");

/** Sum over axes (all of them unless told), which stay with length 1 where `keepDimensions`. */
export function sum(x: Tensor, axes: readonly number[] = allAxes(x), keepDimensions = false): Tensor {
  if (axes.some((axis) => x.shape[axis] !== 1)) return reduceSum(x, axes, keepDimensions);
  return keepDimensions
    ? x
    : reshape(
        x,
        x.shape.filter((_, axis) => !axes.includes(axis)),
      );
}

/** Mean over axes (all of them unless told), which stay with length 1 where `keepDimensions`. */
export const mean = (x: Tensor, axes: readonly number[] = allAxes(x), keepDimensions = false): Tensor =>
  reduceMean(x, axes, keepDimensions);

/** Sum of squares over axes, which stay with length 1 where `keepDimensions`. */
export const sumOfSquares = (x: Tensor, axes: readonly number[], keepDimensions = false): Tensor =>
  reduceSumSquare(x, axes, keepDimensions);

/** Softmax along one axis. */
export function softmax(x: Tensor, axis: number = x.shape.length - 1): Tensor {
  return apply("Softmax", [x], x.shape, { axis });
}

/** Logarithm of the {@link softmax} along one axis, finite however far apart the values are. */
export function logSoftmax(x: Tensor, axis: number = x.shape.length - 1): Tensor {
  return apply("LogSoftmax", [x], x.shape, { axis });
}

/** Elements `start`, `start + step`, … below `end` along one axis. */
export function slice(x: Tensor, axis: number, start: number, end: number, step = 1): Tensor {
  if (start < 0 || end > x.shape[axis] || start >= end || step < 1)
    throw new RangeError(`slice ${start}:${end}:${step} of axis ${axis} of [${x.shape}]`);
  if (start === 0 && end === x.shape[axis] && step === 1) return x;
  const shape = x.shape.with(axis, Math.ceil((end - start) / step));
  return apply("Slice", [x, integers([start]), integers([end]), integers([axis]), integers([step])], shape);
}

/** The order of elements along some axes reversed; for weights: it copies element by element. */
export function reverse(x: Tensor, axes: readonly number[]): Tensor {
  const all = (value: number) => integers(axes.map(() => value));
  return apply("Slice", [x, all(-1), all(-(2 ** 31)), integers(axes), all(-1)], x.shape);
}

/** Tensors one behind the other along an axis; their other lengths are the same. */
export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  if (tensors.length === 1) return tensors[0];
  const length = tensors.reduce((total, tensor) => total + tensor.shape[axis], 0);
  return apply("Concat", tensors, tensors[0].shape.with(axis, length), { axis });
}

/** A value before and after each axis. */
export function padWith(
  x: Tensor,
  before: readonly number[],
  after: readonly number[],
  value: number,
): Tensor {
  if (before.every((n) => n === 0) && after.every((n) => n === 0)) return x;
  const shape = x.shape.map((length, axis) => before[axis] + length + after[axis]);
  return apply("Pad", [x, integers([...before, ...after]), constant(value)], shape);
}

/** Zeros before and after each axis. */
export const pad = (x: Tensor, before: readonly number[], after: readonly number[]): Tensor =>
  padWith(x, before, after, 0);
