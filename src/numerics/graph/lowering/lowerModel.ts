import type { OnnxGraph } from "../file/onnx.ts";
import { readGraph } from "../file/readGraph.ts";
import type { Device } from "../run/device.ts";
import { compile, type Feed } from "../run/session.ts";
import { count, sorted, type Tensor } from "../tensor.ts";
import { hoisted } from "./hoist.ts";
import { writeKernelPlanes } from "./kernelPlanes.ts";
import { lowered } from "./lowering.ts";

/** A model's graph in the fastest lowering of its device. */
export interface LoweredModel {
  /** With its small weights inside: handing one over would cost more than the runtime's copy. */
  readonly graph: OnnxGraph;
  /** What to feed each run besides the model's own inputs: large weights, which the runtime would hold a second time. */
  readonly weights: () => Promise<Readonly<Record<string, Feed>>>;
}

/** @returns undefined where `readGraph` cannot tell what the file computes */
export async function lowerModel(
  onnx: Uint8Array,
  device: Device = "cpu",
): Promise<LoweredModel | undefined> {
  const read = readGraph(onnx);
  if (!read) return undefined;
  const { outputs } = await lowered({ outputs: read.outputs }, device);
  const { shared, outputs: rest } = hoisted(outputs, new Set(read.weights.keys()));
  const isSmall = ({ shape }: Tensor) => count(shape) <= largestInside;
  const [small, large] = [true, false].map((wanted) =>
    Object.entries(shared).filter(([, tensor]) => isSmall(tensor) === wanted),
  );
  const values = await computed(small, read.weights);
  const inside = new Map(
    sorted(Object.values(rest)).flatMap((tensor) => {
      const value = values[tensor.name ?? ""];
      return value ? [[tensor, value.data] as const] : [];
    }),
  );
  return { graph: { outputs: rest, weights: inside }, weights: () => computed(large, read.weights) };
}

/** Elements. */
const largestInside = 2 ** 14;

type Named = [name: string, tensor: Tensor];
type Stored = ReadonlyMap<Tensor, Uint8Array>;

/** Values of tensors that follow from weights alone. */
async function computed(tensors: readonly Named[], weights: Stored): Promise<Record<string, Feed>> {
  const feeds = inOneArray(tensors);
  const others = tensors.filter(([name, tensor]) => !write(tensor, weights, feeds[name].data));
  if (others.length > 0) await compute(others, weights, feeds);
  return feeds;
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

/** @returns false, and nothing written, where only the runtime can tell the values */
function write(tensor: Tensor, weights: Stored, into: Float32Array): boolean {
  const { op, computes, inputs } = tensor;
  const planes = computes?.op === "KernelPlanes" ? computes : undefined;
  const bytes = weights.get(planes?.inputs[0] ?? (op === "Reshape" ? inputs[0] : tensor));
  if (!bytes) return false;
  if (planes) writeKernelPlanes(planes, floats(bytes), into);
  else into.set(floats(bytes));
  return true;
}

/** By ONNX Runtime, into the values of their names. */
async function compute(
  tensors: readonly Named[],
  weights: Stored,
  into: Record<string, Feed>,
): Promise<void> {
  const session = await compile({ outputs: Object.fromEntries(tensors) }, { threads: 1, optimize: false });
  try {
    const sources = sorted(tensors.map(([, tensor]) => tensor)).filter((tensor) => weights.has(tensor));
    const feeds = sources.map(
      (tensor) => [tensor.name!, { data: floats(weights.get(tensor)!), shape: tensor.shape }] as const,
    );
    await session.run(
      Object.fromEntries(feeds),
      Object.fromEntries(tensors.map(([name]) => [name, into[name]])),
    );
  } finally {
    await session.close();
  }
}

/** The values in place; of a file that does not have them at a multiple of four, a copy. */
const floats = ({ buffer, byteOffset, length }: Uint8Array): Float32Array =>
  byteOffset % 4 === 0
    ? new Float32Array(buffer, byteOffset, length / 4)
    : new Float32Array(buffer.slice(byteOffset, byteOffset + length));
