import { TrinephronError } from "../../../base/errors.ts";
import { free } from "../../../base/free.ts";
import { encodeOnnx, type OnnxGraph } from "../file/onnx.ts";
import { type Device, type DeviceOptions, sessionOptions } from "./device.ts";

/**
 * What runs a graph: `onnxruntime-node`, or `onnxruntime-web` in a browser, as far as it is used here. Their own types
 * name those of a browser, which a program for Node lacks.
 */
export interface Runtime {
  readonly InferenceSession: {
    create(onnx: Uint8Array, options: object): Promise<RuntimeSession>;
  };
  readonly Tensor: new (type: "float32", data: Float32Array, shape: readonly number[]) => RuntimeTensor;
}

/** A session of the runtime's own. */
export interface RuntimeSession {
  readonly outputNames: readonly string[];
  run(
    feeds: Readonly<Record<string, RuntimeTensor>>,
    outputs: Readonly<Record<string, RuntimeTensor | null>>,
  ): Promise<Readonly<Record<string, RuntimeTensor>>>;
  release(): Promise<void>;
}

/** A tensor of the runtime's own. */
export interface RuntimeTensor {
  readonly data: unknown;
}

/** What runs a graph, and where. */
export interface SessionOptions extends DeviceOptions {
  /** Default `cpu`. */
  readonly device?: Device | undefined;
  /** Default `onnxruntime-node`. */
  readonly runtime?: Runtime | undefined;
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

/** @throws E_RUNTIME where ONNX Runtime refuses the graph, E_DEVICE where it does on another device than the processor */
export async function openSession(onnx: Uint8Array, options: SessionOptions = {}): Promise<Session> {
  const { device = "cpu", runtime } = options;
  // Loaded here, so that a page with a runtime of its own loads nothing of Node's.
  const { InferenceSession, Tensor }: Runtime = runtime ?? (await import("onnxruntime-node"));
  const session = await InferenceSession.create(onnx, sessionOptions(device, options)).catch(
    (cause: Error) => {
      throw refused(device, cause);
    },
  );
  // Weights are the same feeds each time.
  const known = new WeakMap<Feed, RuntimeTensor>();
  const tensor = (feed: Feed) => {
    let made = known.get(feed);
    if (!made) known.set(feed, (made = new Tensor("float32", feed.data, feed.shape)));
    return made;
  };
  return {
    run: async (feeds, into = {}) => {
      const outputs = await session.run(mapped(feeds, tensor), {
        ...Object.fromEntries(session.outputNames.map((name) => [name, null])),
        // onnxruntime-web writes to none but its own memory.
        ...(runtime ? {} : mapped(into, tensor)),
      });
      return mapped(outputs, ({ data }, name) => {
        const target = into[name]?.data;
        const found = data as Float32Array;
        if (!target) return found;
        if (runtime) target.set(found);
        // The binding copies what it has written to the target; freed now, not when the garbage is next collected.
        else if (found.buffer !== target.buffer) free(found);
        return target;
      });
    },
    close: () => session.release(),
  };
}

function refused(device: Device, cause: Error): TrinephronError {
  const why = cause.message.replaceAll(/\s+/g, " ").trim();
  return device === "cpu"
    ? new TrinephronError("E_RUNTIME", `ONNX Runtime refused the graph: ${why}`, "", { cause })
    : new TrinephronError("E_DEVICE", `${device}: ${why}`, "use --device cpu", { cause });
}

const mapped = <A, B>(
  record: Readonly<Record<string, A>>,
  f: (value: A, name: string) => B,
): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value, name)]));

/** Encodes a graph and opens it. */
export async function compile(graph: OnnxGraph, options?: SessionOptions): Promise<Session> {
  const onnx = encodeOnnx(graph);
  try {
    return await openSession(onnx, options);
  } finally {
    free(onnx);
  }
}
