import {
  apply,
  constant,
  count,
  type ElementType,
  input,
  integers,
  type Shape,
  type Tensor,
} from "../tensor.ts";
import { attributesOf, elementTypes, type Node, readOnnx, valuesOf } from "./onnxModel.ts";

/**
 * The graph of an ONNX file that `encodeOnnx` wrote with all shapes.
 * @returns undefined where a shape is not told, an operator is not ONNX's own, or weights are neither float32 nor int64
 * @throws Error where the file is broken or a length is told by a name
 */
export function readGraph(
  onnx: Uint8Array,
): { outputs: Record<string, Tensor>; weights: Map<Tensor, Uint8Array> } | undefined {
  const model = readOnnx(onnx);
  const { inputs, outputs, inside } = valuesOf(model);
  const tensors = new Map<string, Tensor>();
  const weights = new Map<Tensor, Uint8Array>();
  for (const { name, type, shape, bytes } of model.initializers) {
    if (type === elementTypes.int64)
      tensors.set(name, integers(Array.from(new BigInt64Array(new Uint8Array(bytes).buffer), Number)));
    else if (type === elementTypes.float32 && bytes.length === 4 * count(shape)) {
      // A name that no operator of the graph takes when it is encoded again.
      const tensor =
        shape.length > 0
          ? input(`stored ${name}`, shape)
          : constant(new Float32Array(new Uint8Array(bytes).buffer));
      tensors.set(name, tensor);
      if (tensor.op === "Input") weights.set(tensor, bytes);
    } else return undefined;
  }
  for (const [name, { type, shape }] of inputs) {
    if (type !== elementTypes.float32) return undefined;
    tensors.set(name, input(name, shape));
  }
  for (const node of model.nodes) {
    const [name] = node.outputs;
    const tensor = tensorOf(node, tensors, outputs.get(name) ?? inside.get(name));
    if (!tensor) return undefined;
    tensors.set(name, tensor);
  }
  return {
    outputs: Object.fromEntries([...outputs.keys()].map((name) => [name, tensors.get(name)!])),
    weights,
  };
}

const names: Readonly<Record<number, ElementType>> = {
  [elementTypes.float32]: "float32",
  [elementTypes.int64]: "int64",
  [elementTypes.bool]: "bool",
};

function tensorOf(
  node: Node,
  tensors: ReadonlyMap<string, Tensor>,
  value: { readonly type: number; readonly shape: Shape } | undefined,
): Tensor | undefined {
  const operands = node.inputs.map((name) => tensors.get(name));
  if (!value || node.domain !== "" || node.outputs.length > 1 || operands.includes(undefined))
    return undefined;
  return apply(node.op, operands as Tensor[], value.shape, attributesOf(node), names[value.type]);
}
