import * as ort from "onnxruntime-node";
import { TrinephronError } from "../errors.ts";
import { encodeOnnx, type OnnxGraph } from "./onnx.ts";

export interface SessionOptions {
  /** Threads of one run; the result's bits may depend on it. Default 2. */
  readonly threads?: number;
  /** Memory kept from run to run: faster, but a graph that runs seldom holds what others could use. Default true. */
  readonly keepMemory?: boolean;
}

/** A graph ready to run: named arrays in, named arrays out. */
export interface Session {
  /** @param into arrays that outputs of these names are written to, instead of new ones */
  run(
    feeds: Readonly<Record<string, Feed>>,
    into?: Readonly<Record<string, Feed>>,
  ): Promise<Record<string, Float32Array>>;
  /** Frees the native memory. */
  close(): Promise<void>;
}

/** Values with their shape. */
export interface Feed {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** @throws E_RUNTIME where ONNX Runtime refuses the graph */
export async function openSession(onnx: Uint8Array, options: SessionOptions = {}): Promise<Session> {
  const session = await ort.InferenceSession.create(onnx, {
    intraOpNumThreads: options.threads ?? 2,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    // A block planned ahead stands beside what the first run took: a third more memory, for 3 % of the time.
    enableMemPattern: false,
    enableCpuMemArena: options.keepMemory ?? true,
    logSeverityLevel: 3,
    // Near-zero activations as denormals made training steps twice as slow.
    // Threads that spin while they wait take the cores from other sessions and from the batch worker.
    extra: { session: { set_denormal_as_zero: "1", intra_op: { allow_spinning: "0" } } },
  }).catch((error: Error) => {
    throw new TrinephronError("E_RUNTIME", `ONNX Runtime refused the graph: ${error.message}`, "", {
      cause: error,
    });
  });
  return {
    run: async (feeds, into = {}) => {
      const outputs = await session.run(mapped(feeds, tensor), {
        ...Object.fromEntries(session.outputNames.map((name) => [name, null])),
        ...mapped(into, tensor),
      });
      return mapped(outputs, ({ data }, name) => into[name]?.data ?? (data as Float32Array));
    },
    close: () => session.release(),
  };
}

const tensor = ({ data, shape }: Feed) => new ort.Tensor("float32", data, shape);

const mapped = <A, B>(
  record: Readonly<Record<string, A>>,
  f: (value: A, name: string) => B,
): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value, name)]));

/** Encodes a graph and opens it. */
export const compile = (graph: OnnxGraph, options?: SessionOptions): Promise<Session> =>
  openSession(encodeOnnx(graph), options);
