import {
  encodeOnnx,
  type Feed,
  next,
  type OnnxGraph,
  sorted,
  type Tensor,
  type TrainingGraphs,
} from "../../../numerics/graph/index.ts";
import type { CaseGraph } from "./caseThreads.ts";

/** Elements updated at once: what that reads and writes stays in a core's cache. */
const part = 2 ** 17;

/**
 * The optimiser's update in parts that threads share: `update`, `pieces` times, of elements that all decay, then `rest`,
 * once. Vectors are written over; elements that are not trained stay as they are.
 * @param vectors `theta` and the optimiser's state
 * @param scalars `learningRate` and `divisor`
 */
export function updateGraphs(
  { layout, updatePart }: TrainingGraphs,
  vectors: Readonly<Record<string, Feed>>,
  gradient: Feed,
  scalars: Readonly<Record<string, Feed>>,
): { pieces: number; update: CaseGraph; rest: CaseGraph } {
  const pieces = Math.floor(layout.decayed / part);
  const from = pieces * part;
  const byElement = { ...vectors, gradient };
  const { steps, ...moved } = vectors;
  const cut = (feeds: Readonly<Record<string, Feed>>, start: number, end: number, length = end - start) =>
    Object.fromEntries(
      Object.entries(feeds).map(([name, { data, shape }]) => [
        name,
        name === "steps" ? { data, shape } : { data: data.subarray(start, end), shape: [length] },
      ]),
    );
  const results = (feeds: Readonly<Record<string, Feed>>) =>
    Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [next(name), feed]));
  const all = { ...scalars, ...(steps && { steps }) };
  const written = results(cut(moved, 0, from, part));
  return {
    pieces,
    update: {
      onnx: encodeOnnx(keeping(updatePart(part, part), written)),
      shared: all,
      byCase: cut({ ...moved, gradient }, 0, from, part),
      results: written,
    },
    rest: {
      onnx: encodeOnnx(updatePart(layout.trained - from, layout.decayed - from)),
      shared: { ...scalars, ...cut(byElement, from, layout.trained) },
      byCase: {},
      results: results(cut(vectors, from, layout.trained)),
    },
  };
}

/** Tensors that are computed once a step, in as many graphs of about equal size as threads can share. */
export function preparations(
  tensors: Readonly<Record<string, Tensor>>,
  shared: Readonly<Record<string, Feed>>,
  results: Readonly<Record<string, Feed>>,
  threads: number,
): CaseGraph[] {
  const groups = Array.from({ length: threads }, () => ({ size: 0, names: [] as string[] }));
  const size = (name: string) => results[name].data.length;
  for (const name of Object.keys(tensors).sort((a, b) => size(b) - size(a))) {
    const least = groups.reduce((a, b) => (b.size < a.size ? b : a));
    least.names.push(name);
    least.size += size(name);
  }
  const of = <A>(record: Readonly<Record<string, A>>, names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, record[name]]));
  return groups
    .filter(({ names }) => names.length > 0)
    .map(({ names }, thread) => {
      const outputs = of(tensors, names);
      const read = sorted(Object.values(outputs)).flatMap(({ op, name }) => (op === "Input" ? [name!] : []));
      return {
        onnx: encodeOnnx({ outputs }),
        shared: of(shared, read),
        byCase: {},
        results: of(results, names),
        // It stands beside the activations otherwise.
        keepMemory: false,
        thread,
      };
    });
}

const keeping = ({ outputs, ...rest }: OnnxGraph, names: object): OnnxGraph => ({
  ...rest,
  outputs: Object.fromEntries(Object.keys(names).map((name) => [name, outputs[name]])),
});
