import { hoisted } from "./hoist.ts";
import { lowered } from "./lowering.ts";
import type { OnnxGraph } from "./onnx.ts";
import { readGraph } from "./readGraph.ts";
import { compile, type Feed } from "./session.ts";
import { count, sorted, type Tensor } from "./tensor.ts";

/**
 * A model's graph in the fastest lowering of the processor. Its large weights are fed to each run: the runtime would hold
 * them a second time. Handing over a small one would cost more than the runtime's copy.
 */
export interface LoweredModel {
  readonly graph: OnnxGraph;
  readonly feeds: Readonly<Record<string, Feed>>;
}

/** @returns undefined where `readGraph` cannot tell what the file computes */
export async function lowerModel(onnx: Uint8Array): Promise<LoweredModel | undefined> {
  const graph = readGraph(onnx);
  if (!graph) return undefined;
  const { outputs, weights = new Map() } = await lowered(graph);
  const { shared, outputs: rest } = hoisted(outputs, new Set(weights.keys()));
  const values = await sharedValues(shared, weights);
  const inside = new Map(
    sorted(Object.values(rest)).flatMap((tensor) => {
      const value = tensor.op === "Input" ? values[tensor.name!] : undefined;
      return value && value.data.length <= largestInside ? [[tensor, value.data] as const] : [];
    }),
  );
  const large = Object.entries(values).filter(([, { data }]) => data.length > largestInside);
  return { graph: { outputs: rest, weights: inside }, feeds: Object.fromEntries(large) };
}

/** Elements. */
const largestInside = 2 ** 14;

/** What follows from the weights alone. */
async function sharedValues(
  shared: Readonly<Record<string, Tensor>>,
  weights: ReadonlyMap<Tensor, Float32Array>,
): Promise<Record<string, Feed>> {
  const values = Object.fromEntries(
    Object.entries(shared).map(([name, tensor]) => [
      name,
      { data: weights.get(tensor) ?? new Float32Array(count(tensor.shape)), shape: tensor.shape },
    ]),
  );
  const computed = Object.entries(shared).filter(([, tensor]) => !weights.has(tensor));
  if (computed.length === 0) return values;
  const session = await compile({ outputs: Object.fromEntries(computed) }, { keepMemory: false });
  try {
    const given = [...weights].map(([{ name, shape }, data]) => [name!, { data, shape }]);
    const into = computed.map(([name]) => [name, values[name]]);
    await session.run(Object.fromEntries(given), Object.fromEntries(into));
  } finally {
    await session.close();
  }
  return values;
}
