import fc from "fast-check";
import { expect, test } from "vitest";
import { learningRateAt } from "../../../src/learning/train/schedule.ts";

test("rises to the peak in the warm-up, then falls along a half cosine to zero", () => {
  const total = 100;
  const rates = Array.from({ length: total + 1 }, (_, step) => learningRateAt(step, 10, total, 0.5));
  expect(rates.slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, i) => (0.5 * (i + 1)) / 10));
  expect(rates[10]).toBe(0.5);
  expect(rates[55]).toBeCloseTo(0.25, 12);
  expect(rates[100]).toBeCloseTo(0, 12);
  for (let step = 10; step < total; step++) expect(rates[step + 1]).toBeLessThan(rates[step]);
});

test("is never negative, never above the peak and never undefined", () => {
  fc.assert(
    fc.property(fc.nat(500), fc.nat(50), fc.nat(400), (step, warmup, total) => {
      const rate = learningRateAt(step, warmup, total, 1);
      expect(rate).toBeGreaterThanOrEqual(0);
      expect(rate).toBeLessThanOrEqual(1);
    }),
  );
});
