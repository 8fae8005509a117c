import fc from "fast-check";
import { expect, test } from "vitest";
import { random } from "../../../src/base/random.ts";
import { measuredBaseline } from "../../../src/evidence/predictions/measuredBaseline.ts";
import { auc } from "../../../src/numerics/stats/index.ts";
import { definitions } from "../../../src/patients/cohort/tasks.ts";

const { stage } = definitions;

/** Two columns, the first of which tells the label by half. */
function drawn(seed: number, cases = 60) {
  const { normal } = random(seed);
  const labels = Array.from({ length: cases }, (_, i) => (i % 3 === 0 ? 1 : 0) as 0 | 1);
  return { labels, rows: labels.map((label) => [label + normal(), normal()]) };
}

test("tells the classes apart, and ranks new cases by the column that does", () => {
  const { rows, labels } = drawn(1);
  const { probability, threshold, chosen } = measuredBaseline(rows, labels, stage);
  expect(auc(labels, rows.map(probability))).toBeGreaterThan(0.7);
  expect(probability([3, 0])).toBeGreaterThan(probability([-3, 0]));
  expect(threshold).toBeGreaterThan(0);
  expect(chosen).toBe("Youden's index on 60 cases of the development centre");
});

test("the unit of a column changes no answer, and a column that never changes is no matter", () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (seed, unit) => {
      const { rows, labels } = drawn(seed);
      const other = measuredBaseline(
        rows.map(([a, b]) => [a * unit, b, 7]),
        labels,
        stage,
      );
      const { probability } = measuredBaseline(rows, labels, stage);
      for (const [a, b] of rows.slice(0, 5))
        expect(other.probability([a * unit, b, 7])).toBeCloseTo(probability([a, b]), 6);
    }),
    { numRuns: 30 },
  );
});

test("cases without a label are left out; too few are refused", () => {
  const { rows, labels } = drawn(2);
  const some = labels.map((label, i) => (i < 40 ? label : undefined));
  const whole = measuredBaseline(rows.slice(0, 40), labels.slice(0, 40), stage);
  expect(measuredBaseline(rows, some, stage).probability([1, 1])).toBe(whole.probability([1, 1]));
  expect(() => measuredBaseline(rows.slice(0, 9), labels.slice(0, 9), stage)).toThrow(
    expect.objectContaining({ code: "E_TOO_FEW" }),
  );
});
