import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { TrinephronError } from "../../../base/errors.ts";
import type { Device, Feed, Shape } from "../../../numerics/graph/index.ts";

/** A graph of one case and the shared memory it works on. */
export interface CaseGraph {
  readonly onnx: Uint8Array;
  /** The same for every case. */
  readonly shared: Readonly<Record<string, Feed>>;
  /** Arrays of all cases with the shape of one. */
  readonly byCase: Readonly<Record<string, Feed>>;
  /** Outputs, likewise. */
  readonly results: Readonly<Record<string, Feed>>;
  /** Outputs of which only the sum over cases is kept. */
  readonly sums?: Readonly<Record<string, Feed>>;
  /** Memory kept from run to run; default true. */
  readonly keepMemory?: boolean;
  /** Whether ONNX Runtime optimises it; default true. */
  readonly optimize?: boolean;
  /** The one thread that runs it; default any. */
  readonly thread?: number;
  /** Compiled when it is first run, by whoever runs it; default at once. */
  readonly lazy?: boolean;
}

/** What a thread is given of it. */
export interface CaseWork extends Required<Omit<CaseGraph, "thread">> {
  readonly device: Device;
  /** Of each run. */
  readonly threads: number;
  /** The next case to be added to the sums, in shared memory. */
  readonly turn: Int32Array;
}

/** A graph's name and one of its cases. */
export type CaseTask = readonly [name: string, index: number];

export interface CaseThreadsOptions {
  /** Cases at once. */
  readonly cases: number;
  /** Threads of each; default 1. */
  readonly threadsPerCase?: number;
  /** Default `cpu`. */
  readonly device?: Device;
}

export interface CaseThreads<Name extends string> {
  /** Runs a graph for cases 0 to `count` − 1. */
  run(name: Name, count: number): Promise<void>;
  /** Runs graphs of a single case, several at a time. */
  runAll(names: readonly Name[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Threads that each run whole cases: one case's activations stay in a core's cache, and no operator waits for another
 * thread. Results do not depend on the number of threads.
 */
export async function openCaseThreads<Name extends string>(
  graphs: Readonly<Record<Name, CaseGraph>>,
  { cases, threadsPerCase = 1, device = "cpu" }: CaseThreadsOptions,
): Promise<CaseThreads<Name>> {
  const turn = new Int32Array(new SharedArrayBuffer(4));
  const work = Object.entries<CaseGraph>(graphs).map(
    ([name, { sums = {}, keepMemory = true, optimize = true, lazy = false, thread, ...rest }]) => {
      const given: CaseWork = {
        ...rest,
        sums,
        keepMemory,
        optimize,
        lazy,
        turn,
        device,
        threads: threadsPerCase,
      };
      return { name, thread, given };
    },
  );
  const workOf = (t: number) =>
    Object.fromEntries(
      work.filter(({ thread }) => (thread ?? t) === t).map(({ name, given }) => [name, given]),
    );
  const url = new URL(`./case.worker${extname(import.meta.url)}`, import.meta.url);
  const workers = Array.from(
    { length: cases },
    (_, t) => new Worker(url, { workerData: workOf(t), resourceLimits: { maxYoungGenerationSizeMb: 2 } }),
  );
  await Promise.all(workers.map(answered));
  const perform = async (tasks: readonly CaseTask[]) => {
    turn[0] = 0;
    await Promise.all(
      workers.map((worker, t) => {
        const own = tasks.filter(([name], i) => (graphs[name as Name].thread ?? i % cases) === t);
        if (own.length === 0) return;
        worker.postMessage(own);
        return answered(worker);
      }),
    );
  };
  return {
    run: (name, count) => perform(Array.from({ length: count }, (_, index) => [name, index])),
    runAll: (names) => perform(names.map((name) => [name, 0])),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** Zeros that every thread sees: `count` cases of one shape. */
export function sharedFeed(shape: Shape, count = 1): Feed {
  const length = shape.reduce((a, b) => a * b, count);
  return { data: new Float32Array(new SharedArrayBuffer(4 * length)), shape };
}

/** @throws E_RUNTIME where the thread ends instead */
function answered(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (cause: unknown) =>
      reject(
        new TrinephronError(
          "E_RUNTIME",
          `a training thread ended: ${cause}`,
          "is memory short? use --threads 1",
          {
            cause,
          },
        ),
      );
    worker.once("error", failed).once("exit", failed);
    worker.once("message", () => {
      worker.off("error", failed).off("exit", failed);
      resolve();
    });
  });
}
