import { readFile } from "node:fs/promises";
import { add, compile, type Device, input, openSession } from "../graph/index.ts";

/**
 * Run in a process of its own: opens the models of argv and answers one drawn crop with all of them, again and again.
 * Prints `{ msPerCase, peakMemoryBytes }`, memory above that of the runtime with an empty model.
 */
const [device, threads, repeats, channels, voxels, ...paths] = process.argv.slice(2);
const shape = [1, Number(channels), Number(voxels), Number(voxels), Number(voxels)];
const data = new Float32Array(shape.reduce((a, b) => a * b));
for (let i = 0; i < data.length; i++) data[i] = ((i * 7919) % 2003) / 1001 - 1;

const options = { threads: Number(threads), device: device as Device };

const x = input("x", [1]);
const empty = await compile({ outputs: { y: add(x, x) } }, options);
await empty.run({ x: { data: Float32Array.of(1), shape: [1] } });
const baseline = process.memoryUsage.rss();

const sessions = [];
for (const path of paths) sessions.push(await openSession(await readFile(path), options));
let peak = baseline;
const times: number[] = [];
for (let i = 0; i < Number(repeats) + 3; i++) {
  const start = performance.now();
  for (const session of sessions) await session.run({ image: { data, shape } });
  // The first three warm caches and arenas.
  if (i >= 3) times.push(performance.now() - start);
  // Arenas keep what a run needed, so the size between runs is the peak within them.
  peak = Math.max(peak, process.memoryUsage.rss());
}
times.sort((a, b) => a - b);
process.stdout.write(
  JSON.stringify({ msPerCase: times[times.length >> 1], peakMemoryBytes: peak - baseline }),
);
