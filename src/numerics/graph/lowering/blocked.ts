import { expand, mul, reshape, sum, transpose } from "../primitives.ts";
import { whole } from "../rules.ts";
import {
  apply,
  type ConvolutionGradient,
  count,
  type Shape,
  sameShape,
  sorted,
  type Tensor,
} from "../tensor.ts";
import { convolve2d, planar } from "./blocked2d.ts";
import { affineOf, blockedAffine, byChannel } from "./blockedAffine.ts";
import { blockedConvolution, stridedInputGradient } from "./blockedConvolution.ts";
import { blockedWeightGradient } from "./blockedWeightGradient.ts";

/**
 * The same graph on ONNX Runtime's blocked 2D kernels (domain `com.microsoft.nchwc`), 1.4–1.8 times faster than its 3D
 * convolution. A volume of one case is a batch of planes whose channels lie in blocks, `[D, C / block, H·W, block]`;
 * a 3D convolution is one 2D convolution for each plane of its kernel, added up. Tensors between two convolutions stay
 * blocked; where an operator needs the plain order they are converted, once.
 * @param block channels in a block: 16 with AVX-512, else 8
 */
export function blocked(
  outputs: Readonly<Record<string, Tensor>>,
  block: number,
): Readonly<Record<string, Tensor>> {
  const layouts = new Layouts(block, Object.values(outputs));
  return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, layouts.plain(tensor)]));
}

const elementwise = new Set(["Add", "Sub", "Mul", "Div", "Max", "Sum", "Relu", "HardSigmoid", "Neg"]);
const reductions = new Set(["ReduceSum", "ReduceMean", "ReduceSumSquare"]);

/** Each tensor of the graph in one layout or in both. */
class Layouts {
  readonly #block: number;
  readonly #plain = new Map<Tensor, Tensor>();
  /** `[D, C, H, W]`, blocked in memory. */
  readonly #blocked = new Map<Tensor, Tensor>();
  readonly #planes = new Map<Tensor, Tensor>();

  /** How many operators or outputs need a tensor. */
  readonly #uses = new Map<Tensor, number>();

  constructor(block: number, outputs: readonly Tensor[]) {
    this.#block = block;
    const order = sorted(outputs, (tensor) => this.#inputsOf(tensor));
    for (const x of [...outputs, ...order.flatMap((tensor) => this.#inputsOf(tensor))])
      this.#uses.set(x, (this.#uses.get(x) ?? 0) + 1);
    for (const tensor of order) this.#place(tensor);
  }

  /** What the tensor is computed from: of a gradient with a lowering of its own, not the operators ONNX has for it. */
  #inputsOf(tensor: Tensor): readonly Tensor[] {
    return this.#composite(tensor)?.inputs ?? tensor.inputs;
  }

  #place(tensor: Tensor): void {
    const composite = this.#composite(tensor);
    if (composite?.op === "ConvWeightGradient")
      this.#plain.set(tensor, this.#weightGradient(tensor, composite));
    else {
      const native = composite ? this.#inputGradient(tensor, composite) : this.#native(tensor);
      if (native) this.#blocked.set(tensor, native);
      else if (!this.#plain.has(tensor)) this.#plain.set(tensor, this.#rebuilt(tensor));
    }
  }

  plain(tensor: Tensor): Tensor {
    let made = this.#plain.get(tensor);
    if (!made) this.#plain.set(tensor, (made = this.#toPlain(tensor)));
    return made;
  }

  blocked(tensor: Tensor): Tensor {
    let made = this.#blocked.get(tensor);
    if (!made) this.#blocked.set(tensor, (made = this.#toBlocked(tensor)));
    return made;
  }

  /** The tensor computed in the blocked layout, where its operator can and an operand is there already. */
  #native(tensor: Tensor): Tensor | undefined {
    if (tensor.op === "Conv") return this.#convolution(tensor, tensor.inputs[2]);
    const biased = this.#biased(tensor);
    if (biased) return biased;
    if (!elementwise.has(tensor.op) || !this.#fits(tensor.shape)) return undefined;
    const { inputs, shape } = tensor;
    const affine = affineOf(tensor, (sum) => this.#uses.get(sum) === 1);
    if (affine && [...affine.terms.map(({ x }) => x), ...affine.rest].every((x) => this.#has(x, shape)))
      return blockedAffine(
        affine,
        shape,
        (x) => this.blocked(x),
        (x) => this.plain(x),
      );
    if (!inputs.some((x) => this.#has(x, shape))) return undefined;
    if (!inputs.every((x) => sameShape(x.shape, shape) || count(x.shape) === 1 || byChannel(x.shape, shape)))
      return undefined;
    const operands = inputs.map((x) =>
      sameShape(x.shape, shape)
        ? this.blocked(x)
        : count(x.shape) === 1
          ? reshape(this.plain(x), [])
          : this.#plane(x, shape),
    );
    return apply(tensor.op, operands, planar(shape), tensor.attributes);
  }

  /** A convolution and a value a channel added to it, in one. */
  #biased({ op, inputs }: Tensor): Tensor | undefined {
    if (op !== "Add") return undefined;
    const [conv, bias] = inputs[0].op === "Conv" ? inputs : [...inputs].reverse();
    const alone = conv.op === "Conv" && conv.inputs.length === 2 && this.#uses.get(conv) === 1;
    return alone && byChannel(bias.shape, conv.shape) ? this.#convolution(conv, bias) : undefined;
  }

  /** Whether it stands in the blocked layout and has that shape. */
  #has(x: Tensor, shape: Shape): boolean {
    return this.#blocked.has(x) && sameShape(x.shape, shape);
  }

  #rebuilt(tensor: Tensor): Tensor {
    const { op, inputs, shape, attributes, type } = tensor;
    if (inputs.length === 0) return tensor;
    if (reductions.has(op) && this.#blocked.has(inputs[0]) && sameAxes(inputs[1]) && shape.length === 5)
      return this.#reduction(tensor);
    const same = inputs.map((x) => this.plain(x));
    return same.every((x, i) => x === inputs[i]) ? tensor : apply(op, same, shape, attributes, type);
  }

  #reduction({ op, inputs: [x], shape }: Tensor): Tensor {
    const [, , ...sides] = x.shape;
    const factors =
      op === "ReduceSumSquare" ? [x, x] : this.#uses.get(x) === 1 && x.op === "Mul" ? x.inputs : [];
    const total =
      factors.length === 2 && factors.every((factor) => this.#has(factor, x.shape))
        ? this.#dot(this.blocked(factors[0]), this.blocked(factors[1]))
        : this.#sum(this.blocked(x));
    const scaled = op === "ReduceMean" ? mul(total, 1 / (sides[0] * sides[1] * sides[2])) : total;
    return reshape(scaled, shape);
  }

  /** `[C]`: over planes first, as long rows, then over each plane. */
  #sum(x: Tensor): Tensor {
    const [, channels, h, w] = x.shape;
    const overPlanes = reshape(sum(x, [0]), [channels / this.#block, h * w, this.#block]);
    return reshape(sum(overPlanes, [1]), [channels]);
  }

  /** `[C]`, Σ x · y, in one pass: each plane's channel convolved with the other's, a kernel of the plane's size. */
  #dot(x: Tensor, y: Tensor): Tensor {
    const [d, channels, h, w] = x.shape;
    const all = d * channels;
    const options = { kernel: [h, w], pads: [0, 0, 0, 0], groups: all };
    const products = convolve2d(reshape(x, [1, all, h, w]), reshape(y, [all, 1, h, w]), options, [
      1,
      all,
      1,
      1,
    ]);
    return sum(reshape(products, [d, channels]), [0]);
  }

  /** A value a channel, repeated over one plane: ONNX Runtime broadcasts long rows fast, single blocks slowly. */
  #plane(x: Tensor, shape: Shape): Tensor {
    let made = this.#planes.get(x);
    if (made) return made;
    const [, channels, , h, w] = shape;
    const [blocks, b] = [channels / this.#block, this.#block];
    made = reshape(expand(reshape(this.plain(x), [blocks, 1, b]), [blocks, h * w, b]), [1, channels, h, w]);
    this.#planes.set(x, made);
    return made;
  }

  #toBlocked(tensor: Tensor): Tensor {
    return apply("com.microsoft.nchwc.ReorderInput", [planesOf(this.plain(tensor))], planar(tensor.shape));
  }

  #toPlain(tensor: Tensor): Tensor {
    const [, channels, d, h, w] = tensor.shape;
    const values = this.#blocked.get(tensor)!;
    const planes = apply("com.microsoft.nchwc.ReorderOutput", [values], values.shape, { channels });
    return reshape(transpose(reshape(planes, [d, channels, h * w]), [1, 0, 2]), tensor.shape);
  }

  #fits([n, channels]: Shape): boolean {
    return n === 1 && channels % this.#block === 0;
  }

  /** Kernels and strides that the blocked convolutions are written for. */
  #suits(x: Shape, weight: Shape, shape: Shape, stride: number, padding: number): boolean {
    const [outputs, , kernel] = weight;
    return (
      x[0] === 1 &&
      outputs % this.#block === 0 &&
      padding === (kernel - 1) / 2 &&
      ((kernel === 1 && stride === 1) ||
        (kernel === 3 &&
          (stride === 1 || stride === 2) &&
          shape.slice(2).every((side, a) => side * stride === x[2 + a])))
    );
  }

  /** @param bias a value a channel, in whatever shape */
  #convolution({ inputs: [x, weight], attributes, shape }: Tensor, bias?: Tensor): Tensor | undefined {
    const [stride] = attributes.strides as readonly number[];
    const [dilation] = attributes.dilations as readonly number[];
    const pads = attributes.pads as readonly number[];
    if (shape.length !== 5 || dilation !== 1 || !pads.every((p) => p === pads[0])) return undefined;
    if (!this.#suits(x.shape, weight.shape, shape, stride, pads[0])) return undefined;
    const [, channels] = x.shape;
    const image = this.#fits(x.shape)
      ? this.blocked(x)
      : channels < this.#block
        ? planesOf(this.plain(x))
        : undefined;
    const added = bias && reshape(this.plain(bias), [shape[1]]);
    return image && blockedConvolution(image, this.plain(weight), x.shape, shape, stride, this.#block, added);
  }

  /** A gradient that has a blocked lowering, of whose operators none is needed then. */
  #composite({ computes, shape }: Tensor): ConvolutionGradient | undefined {
    if (!computes || computes.op === "KernelPlanes") return undefined;
    const { op, inputs, stride, padding } = computes;
    const [other, dy] = inputs;
    const suits =
      op === "ConvWeightGradient"
        ? this.#suits(other.shape, shape, dy.shape, stride, padding)
        : stride === 2 &&
          this.#fits(shape) &&
          this.#fits(dy.shape) &&
          this.#suits(shape, other.shape, dy.shape, stride, padding);
    return suits ? computes : undefined;
  }

  #inputGradient({ shape }: Tensor, { inputs: [weight, dy] }: ConvolutionGradient): Tensor {
    return stridedInputGradient(this.blocked(dy), this.plain(weight), dy.shape, shape, this.#block);
  }

  #weightGradient({ shape }: Tensor, { inputs: [x, dy], stride }: ConvolutionGradient): Tensor {
    const blocked = this.#fits(x.shape);
    const activations = { values: blocked ? this.blocked(x) : this.plain(x), shape: x.shape, blocked };
    return blockedWeightGradient(activations, this.blocked(dy), dy.shape, shape, stride, this.#block);
  }
}

const planesOf = (x: Tensor): Tensor => {
  const [, channels, d, h, w] = x.shape;
  return reshape(transpose(reshape(x, [channels, d, h * w]), [1, 0, 2]), [d, channels, h, w]);
};
const sameAxes = (axes: Tensor) => sameShape(whole(axes), [2, 3, 4]);
