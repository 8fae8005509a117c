import { network } from "../../../learning/model/network.ts";
import type { ModelFolder } from "../../../learning/trained/modelFolder.ts";
import { networkConfig } from "../../../learning/trained/networkConfig.ts";
import { elementTypes, readOnnx } from "../../../numerics/graph/file/onnxModel.ts";
import { layoutOf, type ParameterLayout } from "../../../numerics/graph/index.ts";

/** A model's parameters out of its file, in one vector. */
export interface NetworkWeights {
  readonly layout: ParameterLayout;
  readonly theta: Float32Array;
}

/** @returns undefined for a variant whose weights are stored in another precision, and for a model of an earlier network */
export function networkWeights({ config, onnx }: ModelFolder): NetworkWeights | undefined {
  const layout = layoutOf((source) => network(networkConfig(config.settings), 1, source, "deployment"));
  const stored = new Map(readOnnx(onnx).initializers.map((weights) => [weights.name, weights]));
  const theta = new Float32Array(layout.length);
  for (const { name, shape } of layout.parameters) {
    const weights = stored.get(name);
    if (weights?.type !== elementTypes.float32) return undefined;
    // A copy, since the file's bytes may lie at any offset.
    const values = new Float32Array(new Uint8Array(weights.bytes).buffer);
    if (values.length !== shape.reduce((a, b) => a * b, 1)) return undefined;
    theta.set(values, layout.offsets.get(name)!);
  }
  return { layout, theta };
}
