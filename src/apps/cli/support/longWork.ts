import { SingleBar } from "cli-progress";
import type { Progress, Work } from "../../../base/work.ts";
import { interruptible } from "./interrupt.ts";
import { say } from "./io.ts";

interface Bar {
  step(done: number, detail?: string): void;
  end(): void;
}

/**
 * Runs long work with Ctrl-C as its signal and a progress bar for each of its steps.
 * @param names what a step is called on its bar, where not by its own name
 * @throws as `interruptible`
 */
export async function longWork<T>(
  work: (options: Required<Pick<Work, "signal" | "progress">>) => Promise<T>,
  names: Readonly<Record<string, string>> = {},
): Promise<T> {
  const bars = new Map<string, Bar>();
  const progress: Progress = (step, done, total, detail) => {
    if (!bars.has(step)) bars.set(step, openBar(names[step] ?? step, total));
    bars.get(step)!.step(done, detail);
    if (done === total) bars.get(step)!.end();
  };
  try {
    return await interruptible((signal) => work({ signal, progress }));
  } finally {
    for (const bar of bars.values()) bar.end();
  }
}

/** A bar with the time left on a terminal; elsewhere a plain line each tenth of the work. */
function openBar(label: string, total: number): Bar {
  if (process.stderr.isTTY) {
    const bar = new SingleBar({
      format: `${label.padEnd(24)} {bar} {value}/{total} ETA {eta_formatted} {detail}`,
      barsize: 24,
      hideCursor: true,
      stopOnComplete: false,
      stream: process.stderr,
    });
    bar.start(total, 0, { detail: "" });
    return {
      step: (done, detail) => bar.update(done, detail === undefined ? undefined : { detail }),
      end: () => bar.stop(),
    };
  }
  let tenth = -1;
  return {
    step: (done, detail) => {
      const now = Math.floor((10 * done) / Math.max(total, 1));
      if (now > tenth) say(`${label}: ${done}/${total}${detail ? ` ${detail}` : ""}`);
      tenth = Math.max(tenth, now);
    },
    end: () => {},
  };
}
