import { readFile } from "node:fs/promises";
import { openSession } from "../graph/index.ts";

/**
 * Run in a process of its own: opens the models of argv and answers random crops with all of them, one case at a time.
 * Prints `{ msPerCase, peakMemoryBytes }`. With no model it is the empty runtime's baseline.
 */
const [threads, repeats, channels, voxels, ...paths] = process.argv.slice(2);
const shape = [1, Number(channels), Number(voxels), Number(voxels), Number(voxels)];
const data = Float32Array.from(
  { length: shape.reduce((a, b) => a * b) },
  (_, i) => ((i * 7919) % 2003) / 1001 - 1,
);

const sessions = [];
for (const path of paths)
  sessions.push(await openSession(await readFile(path), { threads: Number(threads) }));
const times: number[] = [];
for (let i = 0; i < Number(repeats) + 3; i++) {
  const start = performance.now();
  for (const session of sessions) await session.run({ image: { data, shape } });
  // The first three warm caches and arenas.
  if (i >= 3) times.push(performance.now() - start);
}
times.sort((a, b) => a - b);
process.stdout.write(
  JSON.stringify({
    msPerCase: times[times.length >> 1],
    // Kilobytes on Linux, macOS and Windows alike, by libuv.
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
