import { derivedSeed, random } from "../../base/random.ts";
import { reshape, slice } from "./primitives.ts";
import { count, input, type Shape, type Tensor } from "./tensor.ts";

/** A trainable tensor: what a model's code asks for. */
export interface Parameter {
  /** Unique in the model, e.g. `backbone.stage1.block0.convolution1`. */
  readonly name: string;
  readonly shape: Shape;
  /** Standard deviation of the normal draws it starts from; 0 with `start` for constants. */
  readonly deviation: number;
  readonly start?: number;
  /** Weight decay applies: weights yes; scales, shifts and biases no. */
  readonly decay: boolean;
  /** Set from the data before the first step, and by no optimiser. */
  readonly frozen?: boolean;
}

/** Gives a model's code the tensor behind a parameter, so that one code serves training and inference. */
export type ParameterSource = (parameter: Parameter) => Tensor;

/** He initialisation (He et al. 2015) for weights before a ReLU: deviation √(2 / fan-in). */
export const weight = (name: string, shape: Shape, fanIn: number, gain = 2): Parameter => ({
  name,
  shape,
  deviation: Math.sqrt(gain / fanIn),
  decay: true,
});

/** A vector that starts from one value: a bias, a scale, a shift. */
export const vector = (name: string, length: number, start: number): Parameter => ({
  name,
  shape: [length],
  deviation: 0,
  start,
  decay: false,
});

/** A vector that no optimiser moves. */
export const frozen = (name: string, length: number, start: number): Parameter => ({
  ...vector(name, length, start),
  frozen: true,
});

/** All parameters in one flat vector: those with weight decay first, the frozen ones last, so that each is one slice. */
export interface ParameterLayout {
  readonly parameters: readonly Parameter[];
  /** Where each begins, by name. */
  readonly offsets: ReadonlyMap<string, number>;
  readonly length: number;
  /** Elements in front that the optimiser moves. */
  readonly trained: number;
  /** Elements in front that weight decay applies to. */
  readonly decayed: number;
}

/** Lists the parameters that `build` asks for. */
export function layoutOf(build: (source: ParameterSource) => unknown): ParameterLayout {
  const asked: Parameter[] = [];
  build((parameter) => {
    if (asked.some(({ name }) => name === parameter.name))
      throw new RangeError(`two parameters ${parameter.name}`);
    asked.push(parameter);
    return input(parameter.name, parameter.shape);
  });
  const parameters = [
    ...asked.filter(({ decay }) => decay),
    ...asked.filter(({ decay, frozen }) => !decay && !frozen),
    ...asked.filter(({ frozen }) => frozen),
  ];
  const offsets = new Map<string, number>();
  let length = 0;
  let trained = 0;
  let decayed = 0;
  for (const { name, shape, decay, frozen } of parameters) {
    offsets.set(name, length);
    length += count(shape);
    if (decay) decayed = length;
    if (!frozen) trained = length;
  }
  return { parameters, offsets, length, trained, decayed };
}

/** Parameters as slices of one flat tensor. Each is cut once, however often it is asked for. */
export function slicesOf(
  flat: Tensor,
  layout: ParameterLayout,
): { source: ParameterSource; tensors: Tensor[] } {
  const tensors = layout.parameters.map(({ name, shape }) => {
    const start = layout.offsets.get(name)!;
    return reshape(slice(flat, 0, start, start + count(shape)), shape);
  });
  const byName = new Map(layout.parameters.map(({ name }, i) => [name, tensors[i]]));
  return { source: ({ name }) => byName.get(name)!, tensors };
}

/** Parameters as named inputs with their values, to be written into an inference model as weights. */
export function weightsOf(
  flat: Float32Array,
  layout: ParameterLayout,
): { source: ParameterSource; weights: Map<Tensor, Float32Array> } {
  const weights = new Map<Tensor, Float32Array>();
  const source: ParameterSource = ({ name, shape }) => {
    const start = layout.offsets.get(name)!;
    const tensor = input(name, shape);
    weights.set(tensor, flat.slice(start, start + count(shape)));
    return tensor;
  };
  return { source, weights };
}

/** Starting values of a whole layout. Each parameter draws from a seed of its own, so that adding one moves no other. */
export function initialize(layout: ParameterLayout, seed: number): Float32Array {
  const flat = new Float32Array(layout.length);
  for (const { name, shape, deviation, start = 0 } of layout.parameters) {
    const { normal } = random(derivedSeed(seed, "parameter", name));
    const offset = layout.offsets.get(name)!;
    for (let i = 0; i < count(shape); i++) flat[offset + i] = deviation > 0 ? deviation * normal() : start;
  }
  return flat;
}

/** The parts of a flat vector by the parameters' names; they share its memory. */
export const parametersIn = (flat: Float32Array, layout: ParameterLayout): Map<string, Float32Array> =>
  new Map(
    layout.parameters.map(({ name, shape }) => {
      const start = layout.offsets.get(name)!;
      return [name, flat.subarray(start, start + count(shape))];
    }),
  );
