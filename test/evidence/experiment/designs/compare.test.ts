import fc from "fast-check";
import { expect, test } from "vitest";
import {
  aucOf,
  spreadOf,
  testMeanPair,
  testPair,
} from "../../../../src/evidence/experiment/designs/compare.ts";
import {
  type Logits,
  meanLogits,
  sampleOf,
  scoresOf,
  together,
} from "../../../../src/evidence/experiment/logits.ts";
import { delongPaired } from "../../../../src/numerics/stats/index.ts";
import { definitions } from "../../../../src/patients/cohort/tasks.ts";
import { caseOf } from "../../../patients/cohort/arbitrary.ts";

/** Labels of stage, both classes at least twice, and scores of few values, so that ties are common. */
const drawn = fc
  .record({
    labels: fc
      .array(fc.constantFrom(0, 1), { minLength: 0, maxLength: 12 })
      .map((all) => [0, 0, 1, 1, ...all]),
    seeds: fc.integer({ min: 1, max: 4 }),
    numbers: fc.infiniteStream(fc.integer({ min: -3, max: 3 })),
  })
  .map(({ labels, seeds, numbers }) => {
    const cases = labels.map((label, i) => caseOf(`c${i}`, { stage: label ? "III" : "I" }));
    const model = (): Logits => new Map(cases.map((c) => [c.case, { stage: numbers.next().value! }]));
    const models = () => Array.from({ length: seeds }, model);
    return { sample: sampleOf(cases, definitions.stage), a: models(), b: models() };
  });

/** DeLong's structural components from all pairs, as the paper has them, averaged over the models. */
function byPairs(sample: ReturnType<typeof sampleOf>, models: readonly Logits[]) {
  const kernel = (x: number, y: number) => (x > y ? 1 : x === y ? 0.5 : 0);
  const index = (label: number) => [...sample.labels.keys()].filter((i) => sample.labels[i] === label);
  const [negatives, positives] = [index(0), index(1)];
  const won = (i: number, j: number) =>
    models.reduce((sum, logits) => {
      const scores = scoresOf(sample, logits);
      return sum + kernel(scores[i], scores[j]) / models.length;
    }, 0);
  return {
    positives: positives.map((i) => negatives.reduce((sum, j) => sum + won(i, j) / negatives.length, 0)),
    negatives: negatives.map((j) => positives.reduce((sum, i) => sum + won(i, j) / positives.length, 0)),
  };
}

test("the mean of the seeds' differences: its variance is that of all pairs' kernels averaged", () => {
  fc.assert(
    fc.property(drawn, ({ sample, a, b }) => {
      const found = testMeanPair(sample, a, b);
      const each = a.map((logits, s) => testPair(sample, logits, b[s]).difference);
      expect(found.difference).toBeCloseTo(spreadOf(each).mean, 10);
      const [va, vb] = [byPairs(sample, a), byPairs(sample, b)];
      const error = Math.sqrt(
        (["positives", "negatives"] as const).reduce((sum, part) => {
          const d = va[part].map((v, i) => v - vb[part][i]);
          const m = d.reduce((x, y) => x + y) / d.length;
          return sum + d.reduce((x, y) => x + (y - m) ** 2, 0) / (d.length - 1) / d.length;
        }, 0),
      );
      expect(found.ci[1] - found.ci[0]).toBeCloseTo(2 * 1.959963984540054 * error, 8);
    }),
    { numRuns: 60 },
  );
});

test("of one seed, or of the same models again, it is DeLong's paired test", () => {
  fc.assert(
    fc.property(drawn, ({ sample, a: [a], b: [b] }) => {
      const plain = delongPaired(sample.labels, scoresOf(sample, a), scoresOf(sample, b));
      for (const times of [1, 3]) {
        const repeated = (logits: Logits) => Array.from({ length: times }, () => logits);
        const found = testMeanPair(sample, repeated(a), repeated(b));
        expect(found.difference).toBeCloseTo(plain.difference, 10);
        expect(found.ci[0]).toBeCloseTo(plain.ci[0], 8);
      }
    }),
    { numRuns: 60 },
  );
});

test("logits are averaged over the models that all answer, and put together case by case", () => {
  const one: Logits = new Map([
    ["x", { stage: 1, histology: 4 }],
    ["y", { stage: -2 }],
  ]);
  const two: Logits = new Map([
    ["x", { stage: 3 }],
    ["y", { stage: 0 }],
  ]);
  expect([...meanLogits([one, two])]).toEqual([
    ["x", { stage: 2 }],
    ["y", { stage: -1 }],
  ]);
  expect(together([new Map([["x", { stage: 1 }]]), new Map([["x", { histology: 2 }]])]).get("x")).toEqual({
    stage: 1,
    histology: 2,
  });
});

test("the spread of one value has no standard deviation", () => {
  expect(spreadOf([0.8])).toEqual({ mean: 0.8, sd: null, min: 0.8, max: 0.8 });
  expect(spreadOf([1, 3])).toEqual({ mean: 2, sd: Math.SQRT2, min: 1, max: 3 });
});

test("accuracy counts a log odds of nought or more as a positive answer", () => {
  fc.assert(
    fc.property(drawn, ({ sample, a: [logits] }) => {
      const right = sample.cases.filter((c) => logits.get(c.case)!.stage! >= 0 === (c.stage === "III"));
      expect(aucOf(sample, logits).accuracy).toBe(right.length / sample.cases.length);
    }),
  );
});
