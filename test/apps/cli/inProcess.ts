import { Command } from "commander";
import { vi } from "vitest";
import { main } from "../../../src/apps/cli/main.ts";

/** As a process ended. */
export interface Ended {
  /** Null where a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in this process: quicker than a process of its own. @param args the command's name first */
export function inProcess(
  register: (program: Command) => void,
  ...args: readonly string[]
): Promise<{ stdout: string; stderr: string }> {
  return captured(async () => {
    const program = new Command().exitOverride();
    register(program);
    await program.parseAsync(args, { from: "user" });
  });
}

/** The whole command line in this process, as `run` has it in one of its own: for what needs no signal and no thread's exit. */
export async function here(...args: readonly string[]): Promise<Ended> {
  const signals = ["SIGINT", "SIGTERM"] as const;
  let status = 0;
  const texts = await captured(async () => {
    const before = signals.map((name) => process.listeners(name));
    const exitCode = process.exitCode;
    process.exitCode = undefined;
    try {
      await main(args);
      status = Number(process.exitCode ?? 0);
    } finally {
      process.exitCode = exitCode;
      for (const [s, name] of signals.entries())
        for (const listener of process.listeners(name))
          if (!before[s].includes(listener)) process.off(name, listener);
    }
  });
  return { status, ...texts };
}

/** One after another: what is written meanwhile is the command's. */
let last: Promise<unknown> = Promise.resolve();
function captured(work: () => Promise<void>): Promise<{ stdout: string; stderr: string }> {
  const own = last.then(async () => {
    const out = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
    const err = vi.spyOn(process.stderr, "write").mockImplementation(() => true);
    try {
      await work();
      const text = (spy: typeof out) => spy.mock.calls.map(([chunk]) => chunk).join("");
      return { stdout: text(out), stderr: text(err) };
    } finally {
      out.mockRestore();
      err.mockRestore();
    }
  });
  last = own.catch(() => {});
  return own;
}
