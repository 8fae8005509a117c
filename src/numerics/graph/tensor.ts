/** Shapes are static: every length is known when a graph is built. */
export type Shape = readonly number[];
/** What a tensor's elements are; values that go in and out of a graph are float32. */
export type ElementType = "float32" | "int64" | "bool";
/** Value of an ONNX operator's attribute. */
export type Attribute = number | readonly number[] | string;

/**
 * A symbolic tensor: the result of one operator, immutable. A graph is the tensors reachable from its outputs.
 * `op` and `attributes` are ONNX's own, so that encoding needs no table; leaves are `Input` and `Constant`.
 */
export interface Tensor {
  readonly op: string;
  readonly inputs: readonly Tensor[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly shape: Shape;
  readonly type: ElementType;
  /** The name of an `Input`. */
  readonly name?: string;
  /** The values of a `Constant`. */
  readonly data?: Float32Array | BigInt64Array;
  /** @internal What the operators that end here compute together, for a lowering that has a faster way to the same result. */
  readonly computes?: ConvolutionGradient | KernelPlanes;
}

/** A gradient of a 3D convolution: of its input from `[weight, dy]`, of its weights from `[x, dy]`. */
export interface ConvolutionGradient {
  readonly op: "ConvInputGradient" | "ConvWeightGradient";
  readonly inputs: readonly Tensor[];
  readonly stride: number;
  readonly padding: number;
}

/** Σ of planes of a kernel `[O, C, k, k, k]`, each times its coefficient, in the order of the blocked 2D convolution. */
export interface KernelPlanes {
  readonly op: "KernelPlanes";
  readonly inputs: readonly [weight: Tensor];
  readonly coefficients: readonly number[];
  readonly block: number;
}

/** A tensor fed at each run, by name. */
export function input(name: string, shape: Shape): Tensor {
  return { op: "Input", inputs: [], attributes: {}, shape, type: "float32", name };
}

/** Values known when the graph is built: a number, or an array in row-major order. */
export function constant(values: number | Float32Array, shape: Shape = []): Tensor {
  if (typeof values === "number")
    return one(`number ${Object.is(values, -0) ? "-0" : values}`, () => constant(Float32Array.of(values)));
  if (values.length !== count(shape)) throw new RangeError(`${values.length} values for shape [${shape}]`);
  return { op: "Constant", inputs: [], attributes: {}, shape, type: "float32", data: values };
}

/** A vector of zeros. */
export const zeros = (length: number): Tensor =>
  one(`zeros ${length}`, () => constant(new Float32Array(length), [length]));

/** Whole numbers that ONNX takes as an input: axes, shapes, starts. */
export const integers = (values: readonly number[]): Tensor =>
  one(`integers ${values}`, () => {
    const data = BigInt64Array.from(values, BigInt);
    return { op: "Constant", inputs: [], attributes: {}, shape: [values.length], type: "int64", data };
  });

const made = new Map<string, Tensor>();

/** Equal small constants are one tensor: a network needs few different ones hundreds of times. */
function one(key: string, make: () => Tensor): Tensor {
  let tensor = made.get(key);
  if (!tensor) made.set(key, (tensor = make()));
  return tensor;
}

/** One ONNX operator applied; the caller states the shape it yields. */
export function apply(
  op: string,
  inputs: readonly Tensor[],
  shape: Shape,
  attributes: Readonly<Record<string, Attribute>> = {},
  type: ElementType = "float32",
): Tensor {
  return { op, inputs, attributes, shape, type };
}

/** Elements of a shape. */
export const count = (shape: Shape): number => shape.reduce((product, length) => product * length, 1);

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((length, axis) => length === b[axis]);

/** NumPy's broadcasting. @throws RangeError where lengths differ and neither is 1 */
export function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const m = a[axis - rank + a.length] ?? 1;
    const n = b[axis - rank + b.length] ?? 1;
    if (m !== n && m !== 1 && n !== 1) throw new RangeError(`shapes [${a}] and [${b}] do not broadcast`);
    return m === 1 ? n : m;
  });
}

/** The tensors that `outputs` need, each after its inputs. */
export function sorted(
  outputs: readonly Tensor[],
  inputsOf: (tensor: Tensor) => readonly Tensor[] = ({ inputs }) => inputs,
): Tensor[] {
  const order: Tensor[] = [];
  const seen = new Set<Tensor>();
  // Explicit stack: a ResNet's training graph is deeper than the call stack likes.
  const stack = outputs.map((tensor) => ({ tensor, next: 0 })).reverse();
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    if (top.next === 0 && seen.has(top.tensor)) stack.pop();
    else if (top.next < inputsOf(top.tensor).length) {
      seen.add(top.tensor);
      const tensor = inputsOf(top.tensor)[top.next++];
      if (!seen.has(tensor)) stack.push({ tensor, next: 0 });
    } else {
      seen.add(top.tensor);
      order.push(top.tensor);
      stack.pop();
    }
  }
  return order;
}
