import { add, addAll, reshape } from "../primitives.ts";
import { type Shape, sameShape, type Tensor, zeros } from "../tensor.ts";
import { convolve2d, planar } from "./blocked2d.ts";

/**
 * Σ x · gain + Σ bias + Σ rest, each gain and bias a value a channel, then perhaps a ReLU: what normalisation is, its
 * gradient, and a residual block's end.
 */
export interface Affine {
  readonly terms: readonly { readonly x: Tensor; readonly gain: Tensor }[];
  readonly biases: readonly Tensor[];
  readonly rest: readonly Tensor[];
  readonly relu: boolean;
}

/** @param inside whether an intermediate sum is needed by nothing else @returns undefined where nothing is scaled */
export function affineOf(tensor: Tensor, inside: (sum: Tensor) => boolean): Affine | undefined {
  const relu = tensor.op === "Relu";
  const sum = relu ? tensor.inputs[0] : tensor;
  const [terms, biases, rest]: [{ x: Tensor; gain: Tensor }[], Tensor[], Tensor[]] = [[], [], []];
  const collect = (part: Tensor): void => {
    const [a, b] = part.inputs;
    if (byChannel(part.shape, sum.shape)) biases.push(part);
    else if (part.op === "Mul" && byChannel(b.shape, sum.shape)) terms.push({ x: a, gain: b });
    else if (part.op === "Mul" && byChannel(a.shape, sum.shape)) terms.push({ x: b, gain: a });
    else if ((part.op === "Add" || part.op === "Sum") && (part === sum || inside(part)))
      part.inputs.forEach(collect);
    else rest.push(part);
  };
  collect(sum);
  const several = terms.length + biases.length + rest.length + (relu ? 1 : 0) > 1;
  return terms.length > 0 && several ? { terms, biases, rest, relu } : undefined;
}

/**
 * By convolutions of each channel with itself, kernel 1: one pass over the voxels for each term, where multiplying,
 * adding and clamping would take one each.
 * @param blocked of x and the rest, in the blocked layout
 * @param plain of gains and biases
 */
export function blockedAffine(
  { terms, biases, rest, relu }: Affine,
  shape: Shape,
  blocked: (tensor: Tensor) => Tensor,
  plain: (tensor: Tensor) => Tensor,
): Tensor {
  const [, channels] = shape;
  const bias = biases
    .map((part) => reshape(plain(part), [channels]))
    .reduce<Tensor | undefined>((total, part) => (total ? add(total, part) : part), undefined);
  const none = zeros(channels);
  return terms.reduce<Tensor | undefined>(
    (before, { x, gain }, t) =>
      convolve2d(
        blocked(x),
        reshape(plain(gain), [channels, 1, 1, 1]),
        {
          kernel: [1, 1],
          pads: [0, 0, 0, 0],
          groups: channels,
          bias: t === 0 && bias ? bias : none,
          relu: relu && t === terms.length - 1,
        },
        planar(shape),
        before,
      ),
    rest.length > 0 ? addAll(rest.map(blocked)) : undefined,
  )!;
}

/** Whether it is `[1, C, 1, 1, 1]`. */
export const byChannel = (x: Shape, shape: Shape): boolean => sameShape(x, [1, shape[1], 1, 1, 1]);
