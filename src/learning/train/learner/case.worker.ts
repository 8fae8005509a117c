import { parentPort, workerData } from "node:worker_threads";
// Not through the index: a thread has no use for the rest.
import { type Feed, openSession, type Session } from "../../../numerics/graph/run/session.ts";
import type { CaseTask, CaseWork } from "./caseThreads.ts";

const graphs = workerData as Readonly<Record<string, CaseWork>>;
const sessions: Record<string, Promise<Session>> = {};
for (const name in graphs) if (!graphs[name].lazy) await session(name);

parentPort!.on("message", async (tasks: readonly CaseTask[]) => {
  for (const [name, index] of tasks) await run(name, index);
  parentPort!.postMessage("done");
});
parentPort!.postMessage("ready");

function session(name: string): Promise<Session> {
  const { onnx, device, threads, keepMemory, optimize } = graphs[name];
  return (sessions[name] ??= openSession(onnx, { threads, spin: threads > 1, device, keepMemory, optimize }));
}

async function run(name: string, index: number): Promise<void> {
  const { shared, byCase, results, sums, turn } = graphs[name];
  const own = Object.fromEntries(
    Object.entries(sums).map(([output, { data, shape }]) => [
      output,
      { data: addends(output, data.length), shape },
    ]),
  );
  const running = await session(name);
  await running.run({ ...shared, ...ofCase(byCase, index) }, { ...ofCase(results, index), ...own });
  if (Object.keys(sums).length === 0) return;
  // In the cases' order, so that the sum's bits do not depend on who was faster.
  for (let now = Atomics.load(turn, 0); now !== index; now = Atomics.load(turn, 0))
    Atomics.wait(turn, 0, now);
  for (const output in sums) addTo(sums[output].data, own[output].data, index === 0);
  Atomics.store(turn, 0, index + 1);
  Atomics.notify(turn, 0);
}

function addTo(sum: Float32Array, addend: Float32Array, first: boolean): void {
  if (first) sum.set(addend);
  else for (let i = 0; i < sum.length; i++) sum[i] += addend[i];
}

/** Kept from case to case. */
const scratch = new Map<string, Float32Array>();
function addends(output: string, length: number): Float32Array {
  let made = scratch.get(output);
  if (!made) scratch.set(output, (made = new Float32Array(length)));
  return made;
}

/** The arrays' parts of one case. */
function ofCase(feeds: Readonly<Record<string, Feed>>, index: number): Record<string, Feed> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { data, shape }]) => {
      const length = shape.reduce((a, b) => a * b, 1);
      return [name, { data: data.subarray(index * length, (index + 1) * length), shape }];
    }),
  );
}
