import { hoisted } from "./hoist.ts";
import type { OnnxGraph } from "./onnx.ts";
import { compile } from "./session.ts";
import type { Tensor } from "./tensor.ts";

/** The same graph with what follows from its weights alone computed, as weights of its own. */
export async function prepared({
  outputs,
  weights = new Map(),
  metadata = {},
}: OnnxGraph): Promise<OnnxGraph> {
  const { shared, outputs: rest, inputs } = hoisted(outputs, new Set(weights.keys()));
  const computed = Object.fromEntries(Object.entries(shared).filter(([, tensor]) => !weights.has(tensor)));
  const values = Object.keys(computed).length === 0 ? {} : await valuesOf({ outputs: computed, weights });
  return {
    outputs: rest,
    weights: new Map(
      Object.entries(shared).map(([name, tensor]): [Tensor, Float32Array] => [
        inputs[name],
        weights.get(tensor) ?? values[name],
      ]),
    ),
    metadata,
  };
}

async function valuesOf(graph: OnnxGraph): Promise<Record<string, Float32Array>> {
  const session = await compile(graph, { keepMemory: false });
  try {
    return await session.run({});
  } finally {
    await session.close();
  }
}
