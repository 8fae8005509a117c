import { expect, test } from "vitest";
import { ledoitWolf } from "../../../src/numerics/stats/index.ts";

// scikit-learn 1.2.1: ledoit_wolf(rows)
test("shrinks as scikit-learn does", () => {
  const rows = Array.from({ length: 12 }, (_, i) =>
    Array.from(
      { length: 4 },
      (__, j) => ((7 * i * i + 3 * i * j + 5 * j) % 23) / 4 - ((i * j) % 5) + (j < 2 ? 3 * i : 0),
    ),
  );
  const { covariance, shrinkage } = ledoitWolf(rows);
  expect(shrinkage).toBeCloseTo(0.11916747735659544, 12);
  expect(covariance[0][0]).toBeCloseTo(120.18686611482433, 9);
  expect(covariance[0][1]).toBeCloseTo(101.38481735129011, 9);
  expect(covariance[2][3]).toBeCloseTo(0.4939390708573259, 9);
  expect(covariance[3][3]).toBeCloseTo(10.590885169204803, 9);
});

test("fewer rows than columns still give a matrix that is no multiple of noise: its trace is the sample's", () => {
  const rows = [
    [1, 2, 3, 4],
    [2, 1, 0, 4],
    [0, 5, 1, 4],
  ];
  const { covariance, mean } = ledoitWolf(rows);
  const trace = rows.reduce((sum, row) => sum + row.reduce((s, x, f) => s + (x - mean[f]) ** 2 / 3, 0), 0);
  expect(covariance.reduce((sum, row, f) => sum + row[f], 0)).toBeCloseTo(trace, 12);
  expect(covariance[3][3]).toBeGreaterThan(0);
});
