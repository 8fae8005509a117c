import { readFile } from "node:fs/promises";
import { free } from "../../base/free.ts";
import {
  averagePool,
  constant,
  convolution,
  type Device,
  encodeOnnx,
  groupNorm,
  input,
  matmul,
  mean,
  openModel,
  relu,
  softmax,
} from "../../numerics/graph/index.ts";

/**
 * Run in a process of its own: opens the models of argv and answers one drawn crop with all of them, again and again.
 * Prints `{ msPerCase, peakMemoryBytes }`, memory above that of the runtime with an empty model.
 */
const [device, threads, repeats, channels, voxels, ...paths] = process.argv.slice(2);
const shape = [1, Number(channels), Number(voxels), Number(voxels), Number(voxels)];
const data = new Float32Array(shape.reduce((a, b) => a * b));
for (let i = 0; i < data.length; i++) data[i] = ((i * 7919) % 2003) / 1001 - 1;

const options = { threads: Number(threads), device: device as Device };

// A network of a few voxels, until code and V8's heap have the size they keep: that growth, 4 to 12 MB once a process, is
// the runtime's, not a model's, and would fall into the figure or out of it at random.
const tiny = input("image", [1, 1, 4, 4, 4]);
const zeros = (...shape: number[]) => constant(new Float32Array(shape.reduce((a, b) => a * b)), shape);
const inner = relu(groupNorm(convolution(tiny, zeros(16, 1, 3, 3, 3)), zeros(16), zeros(16), 4));
const pooled = mean(averagePool(convolution(inner, zeros(16, 16, 3, 3, 3)), 2), [2, 3, 4]);
const outputs = { y: softmax(matmul(pooled, zeros(16, 2))) };
const small = encodeOnnx({ outputs }, { shapes: true });
for (let i = 0; i < 60; i++) {
  const empty = await openModel(small, options);
  await empty.run({ image: { data: new Float32Array(64), shape: [1, 1, 4, 4, 4] } });
  await empty.close();
}
const baseline = process.memoryUsage.rss();

let peak = baseline;
// Not the process's own maximum, which starts at that of the process that began it.
const look = () => {
  peak = Math.max(peak, process.memoryUsage.rss());
};

const sessions = [];
for (const path of paths) {
  const file = await readFile(path);
  sessions.push(await openModel(file, options));
  look();
  free(file);
}
const times: number[] = [];
for (let i = 0; i < Number(repeats) + 3; i++) {
  const start = performance.now();
  for (const session of sessions) await session.run({ image: { data, shape } });
  // The first three warm caches and arenas.
  if (i >= 3) times.push(performance.now() - start);
  // Arenas keep what a run needed, so the size between runs is the peak within them.
  look();
}
times.sort((a, b) => a - b);
process.stdout.write(
  JSON.stringify({ msPerCase: times[times.length >> 1], peakMemoryBytes: peak - baseline }),
);
