import { spawn } from "node:child_process";
import { expect, test } from "vitest";

const errors = JSON.stringify(new URL("../../../../src/base/errors.ts", import.meta.url).href);
const url = JSON.stringify(new URL("../../../../src/apps/cli/support/interrupt.ts", import.meta.url).href);

/** Runs a script that says `ready`, sends it a signal each time it does, and tells how it ended. */
function signaled(signal: NodeJS.Signals, script: string): Promise<[status: number | null, stderr: string]> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script]);
  let stderr = "";
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  child.stdout.on("data", () => child.kill(signal));
  return new Promise((resolve) => child.on("close", (status) => resolve([status, stderr])));
}

const start = `import { exitOnSignals, interruptible } from ${url};
import { TrinephronError } from ${errors};
exitOnSignals();
const say = (word) => console.log(word);
const forever = setInterval(() => {}, 1000);`;

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s where no work stops of its own: one line, exit 1",
  async (signal) => {
    expect(await signaled(signal, `${start} say("ready");`)).toEqual([
      1,
      "E_INTERRUPTED: stopped — the same command starts or goes on again\n",
    ]);
  },
);

test("work that stops of its own is let end; what comes after it does not start", async () => {
  const [status, stderr] = await signaled(
    "SIGINT",
    `${start}
await interruptible((signal) => new Promise((resolve) => {
  signal.addEventListener("abort", () => setTimeout(resolve, 50));
  say("ready");
})).then(() => console.error("went on"), (error) => console.error(error.line));
clearInterval(forever);`,
  );
  expect([status, stderr]).toEqual([0, expect.stringMatching(/^E_INTERRUPTED: stopped[^\n]*\n$/)]);
});

test("what the work fails with for being stopped is no error of its own; its own words for it stay", async () => {
  const failing = (error: string) =>
    signaled(
      "SIGINT",
      `${start}
await interruptible((signal) => new Promise((_, reject) => {
  signal.addEventListener("abort", () => reject(${error}));
  say("ready");
})).catch((error) => console.error(error.line));
clearInterval(forever);`,
    );
  expect((await failing('new Error("the child was killed")'))[1]).toMatch(/^E_INTERRUPTED: stopped — /);
  const own = 'new TrinephronError("E_INTERRUPTED", "stopped in epoch 3")';
  expect((await failing(own))[1]).toBe("E_INTERRUPTED: stopped in epoch 3\n");
});

test("a second signal ends work that does not stop", async () => {
  const [status, stderr] = await signaled(
    "SIGINT",
    `${start}
await interruptible((signal) => new Promise(() => {
  signal.addEventListener("abort", () => say("ready again"));
  say("ready");
}));`,
  );
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^E_INTERRUPTED: stopped[^\n]*\n$/)]);
});
