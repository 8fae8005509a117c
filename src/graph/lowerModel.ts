import { hoisted } from "./hoist.ts";
import { lowered } from "./lowering.ts";
import type { OnnxGraph } from "./onnx.ts";
import { readGraph } from "./readGraph.ts";
import { compile, type Feed } from "./session.ts";
import { count, sorted, type Tensor } from "./tensor.ts";

/** A model's graph in the fastest lowering of the processor. */
export interface LoweredModel {
  /** With its small weights inside: handing one over would cost more than the runtime's copy. */
  readonly graph: OnnxGraph;
  /** What to feed each run besides the model's own inputs: large weights, which the runtime would hold a second time. */
  readonly weights: () => Promise<Readonly<Record<string, Feed>>>;
}

/** @returns undefined where `readGraph` cannot tell what the file computes */
export async function lowerModel(onnx: Uint8Array): Promise<LoweredModel | undefined> {
  const read = readGraph(onnx);
  if (!read) return undefined;
  const { outputs } = await lowered({ outputs: read.outputs });
  const { shared, outputs: rest } = hoisted(outputs, new Set(read.weights.keys()));
  const isSmall = ({ shape }: Tensor) => count(shape) <= largestInside;
  const named = Object.entries(shared);
  const small = named.filter(([, tensor]) => isSmall(tensor));
  const values = inOneArray(small);
  await compute(small, read.weights, values);
  const inside = new Map(
    sorted(Object.values(rest)).flatMap((tensor) => {
      const value = values[tensor.name ?? ""];
      return value ? [[tensor, value.data] as const] : [];
    }),
  );
  const weights = async () => {
    const large = named.filter(([, tensor]) => !isSmall(tensor));
    const feeds = inOneArray(large);
    for (const few of batches(large)) await compute(few, read.weights, feeds);
    return feeds;
  };
  return { graph: { outputs: rest, weights: inside }, weights };
}

type Named = [name: string, tensor: Tensor];
type Stored = ReadonlyMap<Tensor, Uint8Array>;

/** Elements. */
const largestInside = 2 ** 14;

/** Elements computed at once, so that little is held twice. */
const atOnce = 2 ** 17;

function batches(tensors: readonly Named[]): Named[][] {
  const found: Named[][] = [];
  let left = 0;
  for (const named of tensors) {
    const size = count(named[1].shape);
    if (size > left) {
      found.push([]);
      left = atOnce;
    }
    found.at(-1)!.push(named);
    left -= size;
  }
  return found;
}

/** Tensors that follow from weights alone, into the values of their names. */
async function compute(
  tensors: readonly Named[],
  weights: Stored,
  into: Readonly<Record<string, Feed>>,
): Promise<void> {
  const sources = sorted(tensors.map(([, tensor]) => tensor)).filter((tensor) => weights.has(tensor));
  const stored = new Map(sources.map((tensor) => [tensor, floats(weights.get(tensor)!)]));
  for (const [name, tensor] of tensors) if (stored.has(tensor)) into[name].data.set(stored.get(tensor)!);
  const made = tensors.filter(([, tensor]) => !stored.has(tensor));
  if (made.length === 0) return;
  const session = await compile({ outputs: Object.fromEntries(made) }, { threads: 1, optimise: false });
  try {
    const feeds = [...stored].map(([{ name, shape }, data]) => [name!, { data, shape }]);
    await session.run(
      Object.fromEntries(feeds),
      Object.fromEntries(made.map(([name]) => [name, into[name]])),
    );
  } finally {
    await session.close();
  }
}

/** Side by side, since what is let go between pieces is lost to all that is larger. */
function inOneArray(tensors: readonly Named[]): Record<string, Feed> {
  const all = new Float32Array(tensors.reduce((n, [, { shape }]) => n + count(shape), 0));
  let end = 0;
  return Object.fromEntries(
    tensors.map(([name, { shape }]) => {
      const data = all.subarray(end, (end += count(shape)));
      return [name, { data, shape }];
    }),
  );
}

/** The values in place; of a file that does not have them at a multiple of four, a copy. */
const floats = ({ buffer, byteOffset, length }: Uint8Array): Float32Array =>
  byteOffset % 4 === 0
    ? new Float32Array(buffer, byteOffset, length / 4)
    : new Float32Array(buffer.slice(byteOffset, byteOffset + length));
