import { count, type Shape, sorted, type Tensor } from "../../../src/numerics/graph/tensor.ts";

/**
 * Every operator the engine emits, in double precision and as plainly as can be, after the ONNX specification:
 * the oracle for ONNX Runtime's single precision and for finite differences. A value given for a tensor inside of the
 * graph stands instead of the computed one.
 */
export function evaluate(
  outputs: readonly Tensor[],
  feeds: ReadonlyMap<Tensor, Float64Array>,
): Float64Array[] {
  const values = new Map<Tensor, Float64Array>();
  for (const tensor of sorted(outputs)) {
    const fed = feeds.get(tensor);
    if (fed) values.set(tensor, fed);
    else if (tensor.op === "Input") throw new Error(`no value for ${tensor.name}`);
    else if (tensor.op === "Constant") values.set(tensor, Float64Array.from(tensor.data!, Number));
    else {
      const operator = operators[tensor.op];
      if (!operator) throw new Error(`no oracle for ${tensor.op}`);
      values.set(
        tensor,
        operator(
          tensor,
          tensor.inputs.map((x) => values.get(x)!),
        ),
      );
    }
  }
  return outputs.map((tensor) => values.get(tensor)!);
}

type Operator = (y: Tensor, inputs: Float64Array[]) => Float64Array;

const unary =
  (f: (x: number) => number): Operator =>
  (_, [x]) =>
    x.map(f);

const binary =
  (f: (a: number, b: number) => number): Operator =>
  (y, [a, b]) =>
    build(y.shape, (index) => f(a[at(y.inputs[0].shape, index)], b[at(y.inputs[1].shape, index)]));

const reduction =
  (
    start: number,
    f: (total: number, x: number) => number,
    finish = (total: number, _n: number) => total,
  ): Operator =>
  (y, [x, axes]) => {
    const { shape } = y.inputs[0];
    const kept = shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
    const out = new Float64Array(count(kept)).fill(start);
    each(shape, (index, i) => {
      const o = at(kept, index);
      out[o] = f(out[o], x[i]);
    });
    return out.map((total) => finish(total, x.length / out.length));
  };

const operators: Record<string, Operator> = {
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: binary((a, b) => a / b),
  Max: binary(Math.max),
  Equal: binary((a, b) => Number(a === b)),
  GreaterOrEqual: binary((a, b) => Number(a >= b)),
  Sum: (y, inputs) => build(y.shape, (_, i) => inputs.reduce((total, x) => total + x[i], 0)),
  Cast: unary((x) => x),
  Neg: unary((x) => -x),
  Exp: unary(Math.exp),
  Log: unary(Math.log),
  Sqrt: unary(Math.sqrt),
  Tanh: unary(Math.tanh),
  Sigmoid: unary((x) => 1 / (1 + Math.exp(-x))),
  Relu: unary((x) => Math.max(0, x)),
  HardSigmoid: ({ attributes: { alpha, beta } }, [x]) =>
    x.map((value) => Math.min(Math.max(Number(alpha) * value + Number(beta), 0), 1)),
  Softplus: unary((x) => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)))),
  ReduceSum: reduction(0, (total, x) => total + x),
  ReduceMean: reduction(
    0,
    (total, x) => total + x,
    (total, n) => total / n,
  ),
  ReduceSumSquare: reduction(0, (total, x) => total + x * x),
  Reshape: (_, [x]) => x,
  Expand: (y, [x]) => build(y.shape, (index) => x[at(y.inputs[0].shape, index)]),
  Transpose: (y, [x]) => {
    const permutation = y.attributes.perm as readonly number[];
    return build(y.shape, (index) => {
      const source: number[] = [];
      permutation.forEach((axis, i) => {
        source[axis] = index[i];
      });
      return x[at(y.inputs[0].shape, source)];
    });
  },
  Slice: (y, [x, starts, , axes, steps]) => {
    const { shape } = y.inputs[0];
    return build(y.shape, (index) => {
      const source = [...index];
      axes.forEach((axis, i) => {
        source[axis] = (starts[i] < 0 ? shape[axis] + starts[i] : starts[i]) + index[axis] * steps[i];
      });
      return x[at(shape, source)];
    });
  },
  Pad: (y, [x, pads, value]) => {
    const { shape } = y.inputs[0];
    return build(y.shape, (index) => {
      const source = index.map((i, axis) => i - pads[axis]);
      return source.every((i, axis) => i >= 0 && i < shape[axis]) ? x[at(shape, source)] : value[0];
    });
  },
  Concat: (y, inputs) => {
    const axis = y.attributes.axis as number;
    return build(y.shape, (index) => {
      let i = index[axis];
      let part = 0;
      while (i >= y.inputs[part].shape[axis]) i -= y.inputs[part++].shape[axis];
      return inputs[part][at(y.inputs[part].shape, index.with(axis, i))];
    });
  },
  Softmax: (y, [x]) => {
    const axis = y.attributes.axis as number;
    const sums = new Map<number, number>();
    const key = (index: readonly number[]) => at(y.shape, index.with(axis, 0));
    each(y.shape, (index, i) => sums.set(key(index), (sums.get(key(index)) ?? 0) + Math.exp(x[i])));
    return build(y.shape, (index, i) => Math.exp(x[i]) / sums.get(key(index))!);
  },
  LogSoftmax: (y, [x]) => {
    const axis = y.attributes.axis as number;
    const sums = new Map<number, number>();
    const key = (index: readonly number[]) => at(y.shape, index.with(axis, 0));
    each(y.shape, (index, i) => sums.set(key(index), (sums.get(key(index)) ?? 0) + Math.exp(x[i])));
    return build(y.shape, (index, i) => x[i] - Math.log(sums.get(key(index))!));
  },
  MatMul: (y, [a, b]) => {
    const [sa, sb] = y.inputs.map((x) => x.shape);
    const depth = sa[sa.length - 1];
    const width = sb[sb.length - 1];
    return build(y.shape, (index) => {
      const row = at(sa, index.with(-1, 0));
      const column = at(sb, index.with(-2, 0));
      let total = 0;
      for (let k = 0; k < depth; k++) total += a[row + k] * b[column + k * width];
      return total;
    });
  },
  Conv: (y, [x, w]) => {
    const [sx, sw] = y.inputs.map((tensor) => tensor.shape);
    const strides = y.attributes.strides as readonly number[];
    const pads = y.attributes.pads as readonly number[];
    const dilations = y.attributes.dilations as readonly number[];
    const taps: number[][] = [];
    each(sw.slice(1), (tap) => taps.push([...tap]));
    // No array is made within: one of the operators here that take long.
    return build(y.shape, ([n, o, ...place]) => {
      let total = 0;
      for (let t = 0; t < taps.length; t++) {
        const tap = taps[t];
        let offset = n * sx[1] + tap[0];
        let inside = true;
        for (let a = 0; a < place.length && inside; a++) {
          const i = place[a] * strides[a] + tap[1 + a] * dilations[a] - pads[a];
          inside = i >= 0 && i < sx[2 + a];
          offset = offset * sx[2 + a] + i;
        }
        if (inside) total += w[o * taps.length + t] * x[offset];
      }
      return total;
    });
  },
  MaxPool: window((values) => Math.max(...values)),
  AveragePool: window((values) => values.reduce((total, x) => total + x, 0) / values.length),
};

function window(f: (values: number[]) => number): Operator {
  return (y, [x]) => {
    const { shape } = y.inputs[0];
    const kernel = y.attributes.kernel_shape as readonly number[];
    const strides = y.attributes.strides as readonly number[];
    const pads = (y.attributes.pads as readonly number[] | undefined) ?? [0, 0, 0];
    return build(y.shape, ([n, c, ...place]) => {
      const values: number[] = [];
      each(kernel, (tap) => {
        const source = place.map((p, a) => p * strides[a] + tap[a] - pads[a]);
        if (source.every((i, a) => i >= 0 && i < shape[2 + a])) values.push(x[at(shape, [n, c, ...source])]);
      });
      return f(values);
    });
  };
}

/** Row-major offset of an index, its last axes aligned with the shape's; axes of length 1 broadcast. */
function at(shape: Shape, index: readonly number[]): number {
  const skip = index.length - shape.length;
  let offset = 0;
  for (let axis = 0; axis < shape.length; axis++)
    offset = offset * shape[axis] + (shape[axis] === 1 ? 0 : index[axis + skip]);
  return offset;
}

/** @param visit is told an index that the next call changes */
function each(shape: Shape, visit: (index: readonly number[], i: number) => void): void {
  const index = shape.map(() => 0);
  const length = count(shape);
  for (let i = 0; i < length; i++) {
    visit(index, i);
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
}

function build(shape: Shape, value: (index: readonly number[], i: number) => number): Float64Array {
  const out = new Float64Array(count(shape));
  each(shape, (index, i) => {
    out[i] = value(index, i);
  });
  return out;
}
