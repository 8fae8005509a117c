import { layoutOf, type ParameterLayout } from "../graph/index.ts";
import { elementTypes, readOnnx } from "../graph/onnxModel.ts";
import { network } from "../model/index.ts";
import type { ModelFolder } from "../train/modelFolder.ts";
import { networkConfig } from "../train/networkConfig.ts";

/** A model's parameters out of its file, in one vector. */
export interface NetworkWeights {
  readonly layout: ParameterLayout;
  readonly theta: Float32Array;
}

/** @returns undefined for a variant whose weights are stored in another precision */
export function networkWeights({ config, onnx }: ModelFolder): NetworkWeights | undefined {
  const layout = layoutOf((source) => network(networkConfig(config.settings), 1, source, { dropout: false }));
  const stored = new Map(readOnnx(onnx).initializers.map((weights) => [weights.name, weights]));
  const theta = new Float32Array(layout.length);
  for (const { name } of layout.parameters) {
    const weights = stored.get(name);
    if (weights?.type !== elementTypes.float32) return undefined;
    // A copy, since the file's bytes may lie at any offset.
    theta.set(new Float32Array(new Uint8Array(weights.bytes).buffer), layout.offsets.get(name)!);
  }
  return { layout, theta };
}
