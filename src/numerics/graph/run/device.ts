import type { InferenceSession } from "onnxruntime-node";

/** ONNX Runtime's execution providers that a graph can be given to; all but `cpu` depend on the machine. */
export const devices = ["cpu", "cuda", "dml", "coreml", "webgpu"] as const;
/** Name of an execution provider. */
export type Device = (typeof devices)[number];

/** How a session uses the processor. */
export interface DeviceOptions {
  /** Threads of one run; the result's bits may depend on it. Default 2. */
  readonly threads?: number | undefined;
  /** Whether threads that wait for each other within a run keep their cores; by default they sleep. */
  readonly spin?: boolean | undefined;
  /** Whether ONNX Runtime looks for faster operators; a graph that is all in its fastest takes half the time to open without. */
  readonly optimize?: boolean | undefined;
  /** Memory kept from run to run: faster, but a graph that runs seldom holds what others could use. Default true. */
  readonly keepMemory?: boolean | undefined;
}

type Options = InferenceSession.SessionOptions;

/** What each provider is told besides its name. Threads, arenas and denormals are the processor's alone. */
const own: Readonly<Record<Device, (options: DeviceOptions) => Options>> = {
  cpu: ({ threads = 2, spin = false, keepMemory = true }) => ({
    intraOpNumThreads: threads,
    // A block planned ahead stands beside what the first run took: a third more memory, for 3 % of the time.
    enableMemPattern: false,
    enableCpuMemArena: keepMemory,
    extra: {
      session: {
        // Near-zero activations as denormals made training steps twice as slow.
        set_denormal_as_zero: "1",
        // Between runs spinning threads would take the cores from other sessions and from the batch worker.
        force_spinning_stop: "1",
        intra_op: { allow_spinning: spin ? "1" : "0" },
      },
    },
  }),
  cuda: () => ({}),
  // DirectML refuses a session that plans memory or runs operators side by side.
  dml: () => ({ enableMemPattern: false, executionMode: "sequential" }),
  coreml: () => ({}),
  webgpu: () => ({}),
};

/** ONNX Runtime's options for a session on a device. Operators the device lacks run on the processor. */
export const sessionOptions = (device: Device, options: DeviceOptions): object =>
  ({
    executionProviders: [device],
    interOpNumThreads: 1,
    graphOptimizationLevel: options.optimize === false ? "disabled" : "all",
    logSeverityLevel: 3,
    ...own[device](options),
  }) satisfies Options;
