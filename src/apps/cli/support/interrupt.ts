import { isInterruption, TrinephronError } from "../../../base/errors.ts";

const signals = ["SIGINT", "SIGTERM"] as const;

/**
 * A signal that Ctrl-C (or SIGTERM) raises, so that work can stop at a place it can go on from.
 * @throws E_INTERRUPTED once it was raised, even where the work ended all the same: what would follow must not start
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  for (const name of signals) process.once(name, stop);
  try {
    const done = await work(controller.signal);
    if (controller.signal.aborted) throw interrupted();
    return done;
  } catch (error) {
    // What the work ran into for having been stopped, such as a child process that the terminal stopped too.
    throw controller.signal.aborted && !isInterruption(error) ? interrupted(error) : error;
  } finally {
    for (const name of signals) process.off(name, stop);
  }
}

/** Where no work of its own stops on Ctrl-C, or at a second Ctrl-C: leaves at once with the line that says so. */
export function exitOnSignals(): void {
  for (const name of signals)
    process.on(name, () => {
      if (process.listenerCount(name) > 1) return;
      process.stderr.write(`${interrupted().line}\n`);
      process.exit(1);
    });
}

const interrupted = (cause?: unknown) =>
  new TrinephronError("E_INTERRUPTED", "stopped", "the same command starts or goes on again", { cause });
