import { availableParallelism } from "node:os";
import { type MessagePort, Worker } from "node:worker_threads";
import { type ErrorCode, TrinephronError } from "./errors.ts";

interface Answer<R> {
  readonly result?: R;
  readonly error?: { readonly code: ErrorCode; readonly message: string; readonly hint: string };
}

export interface PoolOptions<R> {
  /** The module each thread runs; it calls {@link serve}. */
  readonly worker: URL;
  /** Default: one a core. */
  readonly threads?: number | undefined;
  /** Once aborted no job is started; those under way are finished. */
  readonly signal?: AbortSignal | undefined;
  /**
   * As jobs end, in any order. A user's error of one job does not stop the others, unless this throws it; a disk that
   * cannot be written to stops them in any case.
   */
  readonly done: (index: number, outcome: R | TrinephronError) => void;
}

/**
 * Runs each job on a thread, one at a time a thread. Results come in any order, so jobs must not depend on it.
 *
 * @throws E_INTERRUPTED once aborted, E_FILE_WRITE, and what `done` throws; after the jobs under way have ended
 */
export async function runPool<J, R>(jobs: readonly J[], options: PoolOptions<R>): Promise<void> {
  const { worker, threads = availableParallelism(), signal, done } = options;
  let next = 0;
  const lane = async () => {
    const thread = new Worker(worker);
    try {
      while (next < jobs.length && !signal?.aborted) {
        const index = next++;
        const { result, error } = await ask<J, R>(thread, jobs[index]);
        const known = error && new TrinephronError(error.code, error.message, error.hint);
        if (known?.code === "E_FILE_WRITE") throw known;
        done(index, known ?? (result as R));
      }
    } catch (error) {
      next = jobs.length;
      throw error;
    } finally {
      await thread.terminate();
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(threads, jobs.length) }, lane));
  const failed = lanes.find((ended) => ended.status === "rejected");
  if (failed) throw failed.reason;
  if (signal?.aborted && next < jobs.length)
    throw new TrinephronError(
      "E_INTERRUPTED",
      `stopped with ${next} of ${jobs.length} cases done`,
      "run the same command to resume",
    );
}

/** One job in a thread of its own, which ends with it: what it leaves in memory does too. @throws what the job throws */
export async function inThread<J, R>(worker: URL, job: J): Promise<R> {
  let outcome: R | TrinephronError | undefined;
  await runPool<J, R>([job], { worker, threads: 1, done: (_, found) => (outcome = found) });
  if (outcome instanceof TrinephronError) throw outcome;
  return outcome as R;
}

function ask<J, R>(thread: Worker, job: J): Promise<Answer<R>> {
  return new Promise((resolve, reject) => {
    const exited = (code: number) =>
      reject(
        new TrinephronError(
          "E_RUNTIME",
          `a thread ended with code ${code}`,
          "is memory short? use --threads 1",
        ),
      );
    thread.once("exit", exited);
    thread.once("error", reject);
    thread.once("message", (answer: Answer<R>) => {
      thread.off("exit", exited);
      thread.off("error", reject);
      resolve(answer);
    });
    thread.postMessage(job);
  });
}

/** A thread's side: answers each job with its result, or with the user's error. Any other error ends the thread. */
export function serve<J, R>(port: MessagePort | null, work: (job: J) => Promise<R>): void {
  port?.on("message", async (job: J) => {
    try {
      port.postMessage({ result: await work(job) } satisfies Answer<R>);
    } catch (error) {
      if (!(error instanceof TrinephronError)) throw error;
      const { code, message, hint } = error;
      port.postMessage({ error: { code, message, hint } } satisfies Answer<R>);
    }
  });
}
