/** A signal that Ctrl-C (or SIGTERM) raises, so that work can stop at a place it can go on from. */
export function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.once("SIGINT", stop).once("SIGTERM", stop);
  return work(controller.signal).finally(() => {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  });
}
