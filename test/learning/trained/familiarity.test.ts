import { expect, test } from "vitest";
import { random } from "../../../src/base/random.ts";
import { familiarityOf, mahalanobis } from "../../../src/learning/trained/familiarity.ts";

const draw = random(3);
/** Two features that go together, one of its own, one that never changes. */
const row = () => {
  const a = draw.normal();
  return [a, 10 * (a + 0.3 * draw.normal()), 5 + draw.normal(), 7];
};
const rows = (n: number) => Array.from({ length: n }, row);
const record = familiarityOf(rows(400), rows(100));

test("distances of other cases of the same kind are about √F, and those against the correlation are far", () => {
  const median = record.distances[50];
  expect(median).toBeGreaterThan(1);
  expect(median).toBeLessThan(2.5);
  const along = mahalanobis([1, 10, 5, 7], record);
  const against = mahalanobis([1, -10, 5, 7], record);
  expect(against).toBeGreaterThan(2 * along);
  expect(against).toBeGreaterThan(record.distances[99]);
});

test("the mean lies at distance 0; ranges hold 98 % of the training cases", () => {
  expect(mahalanobis(record.mean, record)).toBeCloseTo(0, 9);
  expect(record.low[0]).toBeGreaterThan(-3.2);
  expect(record.high[0]).toBeLessThan(3.2);
  expect(record.high[0]).toBeGreaterThan(1.8);
});

test("it passes through JSON unchanged", () => {
  expect(JSON.parse(JSON.stringify(record))).toEqual(record);
});
