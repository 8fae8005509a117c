import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  plainBatches,
  type TrainingBatch,
  trainingBatch,
  trainingBatches,
} from "../../../../src/learning/train/batches/batches.ts";
import { epochBatches } from "../../../../src/learning/train/batches/sampler.ts";
import { batchSettings, drawnData, settings } from "../crops.ts";

const data = drawnData(21);

async function collect(batches: AsyncIterable<TrainingBatch>): Promise<TrainingBatch[]> {
  const all: TrainingBatch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

describe("training batches", () => {
  test("from the worker are those of the pure function, from any epoch on", async () => {
    const all = await collect(trainingBatches(data, batchSettings, 1));
    expect(all.map(({ epoch, index }) => `${epoch}.${index}`)).toEqual(
      [1, 2, 3].flatMap((epoch) => [0, 1, 2, 3].map((index) => `${epoch}.${index}`)),
    );
    for (const batch of all)
      expect(batch).toEqual(trainingBatch(data, batchSettings, batch.epoch, batch.index));
    expect(await collect(trainingBatches(data, batchSettings, 3))).toEqual(all.slice(8));
  });

  test("left early leave no worker that keeps the process alive", async () => {
    for await (const batch of trainingBatches(data, batchSettings, 1)) {
      expect(batch.index).toBe(0);
      break;
    }
    expect(process.getActiveResourcesInfo()).not.toContain("MessagePort");
  });

  test("that were used are free to be collected while others still come", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const seen: WeakRef<Float32Array>[] = [];
    for await (const { input } of trainingBatches(data, batchSettings, 1)) {
      seen.push(new WeakRef(input));
      if (seen.length < 12) continue;
      // What a task has dereferenced lives until its end.
      await new Promise((resolve) => setTimeout(resolve));
      collect();
      const alive = seen.filter((ref) => ref.deref() !== undefined).length;
      expect(alive).toBeLessThan(5);
    }
    expect(seen.length).toBe(12);
  });

  test("mask unknown labels", () => {
    const { labels, labelMask } = trainingBatch(data, batchSettings, 1, 0);
    const [cases] = epochBatches(data.train, data.labels, batchSettings, 1);
    const expected = cases.flatMap((c) => data.labels[c]);
    expect([...labelMask]).toEqual(expected.map((label) => Number(label !== undefined)));
    expect([...labels]).toEqual(expected.map((label) => label ?? 0));
  });
});

test("plain batches hold every case once, in order; the last is filled with unlabelled repeats", () => {
  const all = [...plainBatches(data, data.validation, { crop: settings, batch: 4 })];
  expect(all.map(({ count }) => count)).toEqual([4, 1]);
  expect([...all[1].labelMask.subarray(2)]).toEqual([0, 0, 0, 0, 0, 0]);
  const size = 5 * settings.voxels ** 3;
  expect(all[1].input.subarray(0, size)).toEqual(all[1].input.subarray(3 * size, 4 * size));
});

describe("an epoch's order", () => {
  test("holds no case twice, is the same for a seed and epoch, and another for the next", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 60 }),
        fc.nat(),
        fc.integer({ min: 1, max: 50 }),
        (n, seed, epoch) => {
          const cases = Array.from({ length: n }, (_, i) => i);
          const labels = cases.map((i) => [(i % 2) as 0 | 1]);
          const options = { batch: 4, seed, balanced: false };
          const order = epochBatches(cases, labels, options, epoch);
          expect(order.length).toBe(Math.floor(n / 4));
          expect(new Set(order.flat()).size).toBe(order.flat().length);
          expect(epochBatches(cases, labels, options, epoch)).toEqual(order);
        },
      ),
    );
    const many = Array.from({ length: 40 }, (_, i) => i);
    const order = (epoch: number) =>
      epochBatches(
        many,
        many.map(() => [0]),
        { batch: 4, seed: 1, balanced: false },
        epoch,
      );
    expect(order(1)).not.toEqual(order(2));
  });

  test("balanced draws a class ten times rarer about √10 times as often as its share", () => {
    const cases = Array.from({ length: 110 }, (_, i) => i);
    const labels = cases.map((i) => [i < 10 ? 1 : 0] as const);
    const drawn = Array.from({ length: 50 }, (_, e) =>
      epochBatches(cases, labels, { batch: 10, seed: 3, balanced: true }, e).flat(),
    ).flat();
    const share = drawn.filter((c) => c < 10).length / drawn.length;
    // √10 / (√10 + √100)
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.28);
  });
});
