import {
  elementTypes,
  type Initializer,
  madeNode,
  type Node,
  type OnnxModel,
} from "../../numerics/graph/file/onnxModel.ts";
import { toFloat16 } from "./float16.ts";

/** Smaller tensors (biases, scales) stay as they are: they weigh nothing, and errors in them move every voxel. */
const worthwhile = 256;
const largestFloat16 = 65504;

/** Weights in half precision, cast to single where the model is loaded: half the file, the same arithmetic. */
export const float16Weights = (model: OnnxModel): OnnxModel =>
  replaced(model, ({ name, bytes, shape }, as) => {
    const values = floats(bytes);
    if (values.length < worthwhile || values.some((value) => Math.abs(value) > largestFloat16))
      return undefined;
    const half = {
      name: as("float16"),
      shape,
      type: elementTypes.float16,
      bytes: bytesOf(toFloat16(values)),
    };
    return {
      initializers: [half],
      node: madeNode("Cast", [half.name], name, { to: elementTypes.float32 }),
    };
  });

/**
 * Weights of convolutions as whole numbers −127 … 127, a scale for each output channel: largest magnitude ÷ 127.
 * `DequantizeLinear` makes them single precision again in every run. Those of matrix products go to half precision:
 * ONNX Runtime would quantise what they are multiplied with too, where they came as whole numbers.
 */
export const int8Weights = (model: OnnxModel): OnnxModel =>
  float16Weights(
    replaced(model, ({ name, bytes, shape }, as) => {
      const values = floats(bytes);
      if (values.length < worthwhile || !onlyConvolved(model.nodes, name)) return undefined;
      const { codes, scales } = quantized(values, shape);
      const whole = { name: as("int8"), shape, type: elementTypes.int8, bytes: bytesOf(codes) };
      const scale = {
        name: as("scale"),
        shape: [scales.length],
        type: elementTypes.float32,
        bytes: bytesOf(scales),
      };
      return {
        initializers: [whole, scale],
        node: madeNode("DequantizeLinear", [whole.name, scale.name], name, { axis: 0 }),
      };
    }),
  );

/** Below it a scale would not be a normal number: such a channel is zeros. */
const smallestScale = 1e-30;

/** Symmetric codes of a row-major array, one scale for each index of its first axis. A channel of zeros has scale 1. */
export function quantized(
  values: Float32Array,
  [channels]: readonly number[],
): { codes: Int8Array; scales: Float32Array } {
  const each = values.length / channels;
  const scales = Float32Array.from({ length: channels }, (_, c) => {
    const channel = values.subarray(c * each, (c + 1) * each);
    const largest = channel.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127;
    return largest < smallestScale ? 1 : largest;
  });
  return {
    codes: Int8Array.from(values, (value, i) => Math.round(value / scales[Math.floor(i / each)])),
    scales,
  };
}

interface Replacement {
  readonly initializers: readonly Initializer[];
  /** Makes the tensor of the `initializer`'s name from them. */
  readonly node: Node;
}

function replaced(
  model: OnnxModel,
  replacement: (initializer: Initializer, as: (suffix: string) => string) => Replacement | undefined,
): OnnxModel {
  const pairs = model.initializers.map((initializer) => ({
    initializer,
    by:
      initializer.type === elementTypes.float32
        ? replacement(initializer, (suffix) => `${initializer.name}.${suffix}`)
        : undefined,
  }));
  return {
    ...model,
    initializers: pairs.flatMap(({ initializer, by }) => by?.initializers ?? [initializer]),
    nodes: [...pairs.flatMap(({ by }) => by?.node ?? []), ...model.nodes],
  };
}

/** Whether convolutions alone read these weights. */
function onlyConvolved(nodes: readonly Node[], name: string): boolean {
  const readers = nodes.filter(({ inputs }) => inputs.includes(name));
  return readers.length > 0 && readers.every(({ op, inputs }) => op === "Conv" && inputs.indexOf(name) === 1);
}

/** A copy, since the file's bytes may lie at any offset. */
const floats = (bytes: Uint8Array): Float32Array => new Float32Array(new Uint8Array(bytes).buffer);
export const bytesOf = ({ buffer, byteOffset, byteLength }: Uint16Array | Int8Array | Float32Array) =>
  new Uint8Array(buffer, byteOffset, byteLength);
