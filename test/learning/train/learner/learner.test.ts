import { describe, expect, test } from "vitest";
import { plainBatches } from "../../../../src/learning/train/batches/batches.ts";
import { evaluate, weighted } from "../../../../src/learning/train/evaluate.ts";
import { cropExamples } from "../../../../src/learning/train/examples.ts";
import { openLearner } from "../../../../src/learning/train/learner/learner.ts";
import { tinyData, tinySettings } from "../tinyRun.ts";

const data = tinyData();
// Weight decay is there to keep a network from learning by heart.
const settings = tinySettings({ optimizer: { kind: "adamw", weightDecay: 0 } });
const [batch] = [...plainBatches(data, data.train, settings)].map((b) => weighted(b, data));

async function learnt(steps: number, rate = 0.01) {
  const learner = await openLearner(settings);
  try {
    const losses: number[] = [];
    for (let n = 0; n < steps; n++) losses.push(await learner.step(batch, rate, [1, n]));
    return { losses, vectors: learner.vectors, evaluation: await learner.evaluate(batch) };
  } finally {
    await learner.close();
  }
}

describe("a learner", () => {
  test("learns one batch by heart", async () => {
    const { losses } = await learnt(60);
    expect(losses[0]).toBeGreaterThan(1);
    expect(Math.min(...losses.slice(-5))).toBeLessThan(0.5 * losses[0]);
  });

  test.each(["learnt", "measured"] as const)("learns from what is %s alone", async (features) => {
    const learner = await openLearner({ ...settings, features });
    try {
      await learner.standardize([batch]);
      const losses: number[] = [];
      for (let n = 0; n < 40; n++) losses.push(await learner.step(batch, 0.01, [1, n]));
      expect(Math.min(...losses.slice(-5))).toBeLessThan(0.7 * losses[0]);
    } finally {
      await learner.close();
    }
  });

  test("steps to the same bits each time, and from vectors put back", async () => {
    const [first, second] = [await learnt(4), await learnt(4)];
    expect(second).toEqual(first);
    const { vectors } = await learnt(2);
    const learner = await openLearner(settings);
    learner.vectors = vectors;
    for (let n = 2; n < 4; n++) await learner.step(batch, 0.01, [1, n]);
    expect(learner.vectors).toEqual(first.vectors);
    await learner.close();
  });

  test("steps to the same bits on one thread and on two", async () => {
    const [one, two] = [1, 2].map((threads) => openLearner({ ...settings, threads }));
    for (const learner of [await one, await two]) {
      for (let n = 0; n < 3; n++) await learner.step(batch, 0.01, [1, n]);
      await learner.close();
    }
    expect((await two).vectors).toEqual((await one).vectors);
  });

  test("a rate of zero moves no weight but the running mean stays too", async () => {
    const [before, after] = [await learnt(0), await learnt(3, 0)];
    expect(after.vectors.theta).toEqual(before.vectors.theta);
    after.vectors.averaged.forEach((x, i) => {
      expect(x).toBeCloseTo(before.vectors.averaged[i], 5);
    });
  });

  test("no label, no gradient", async () => {
    const learner = await openLearner(tinySettings({ optimizer: { kind: "sgd", weightDecay: 0 } }));
    const before = learner.vectors.theta.slice();
    await learner.step({ ...batch, weights: batch.weights.map(() => 0) }, 0.1, [1, 0]);
    expect(learner.vectors.theta).toEqual(before);
    await learner.close();
  });

  test("standardising sets the features' mean and deviation alone, the same a second time", async () => {
    const learner = await openLearner(settings);
    const [before, logits] = [learner.vectors.theta, (await learner.evaluate(batch)).logits];
    const batches = [...plainBatches(data, data.train, settings)].map((b) => weighted(b, data));
    await learner.standardize(batches);
    const { theta, averaged } = learner.vectors;
    expect(averaged).toEqual(theta);
    const { offsets } = learner.layout;
    const frozen = Math.min(
      ...["measured.mean", "measured.gain", "deep.mean", "deep.gain"].map((name) => offsets.get(name)!),
    );
    expect(theta.subarray(0, frozen)).toEqual(before.subarray(0, frozen));
    expect((await learner.evaluate(batch)).logits).not.toEqual(logits);
    await learner.standardize(batches);
    expect(learner.vectors.theta).toEqual(theta);
    await learner.close();
  });
});

test("an evaluation's loss is that of its logits, over known labels alone", async () => {
  const learner = await openLearner(settings);
  const { logits, validationLoss, validationAuc } = await evaluate(
    learner,
    cropExamples(data, settings),
    data,
    settings,
  );
  await learner.close();
  const crossEntropy = data.validation.map((c, i) =>
    [0, 1].map((t) => {
      const label = data.labels[c][t];
      const x = logits[2 * i + t];
      return label === undefined ? undefined : Math.log1p(Math.exp(label ? -x : x));
    }),
  );
  // By batch: a task's mean over its known labels; then over batches by their cases.
  const batches = [crossEntropy.slice(0, 4), crossEntropy.slice(4)];
  const mean = (values: (number | undefined)[]) => {
    const known = values.filter((v) => v !== undefined);
    return known.reduce((a, b) => a + b, 0) / known.length;
  };
  const expected = batches.reduce(
    (sum, rows) =>
      sum + (rows.length / 6) * [0, 1].reduce((total, t) => total + mean(rows.map((r) => r[t])), 0),
    0,
  );
  expect(validationLoss).toBeCloseTo(expected, 4);
  const pairs = [0, 2, 4].flatMap((n) => [1, 3, 5].map((p) => Math.sign(logits[2 * p] - logits[2 * n])));
  expect(validationAuc.histology).toBeCloseTo(pairs.reduce((sum, s) => sum + (s + 1) / 2, 0) / 9, 12);
});
