import { expect, test } from "vitest";
import { backoffSeconds } from "../../../../src/apps/service/delivery/backoff.ts";

test("waits grow twofold up to an hour, a quarter of them by chance", () => {
  const waits = [1, 2, 3, 10, 20, 5000].map((tries) => [
    backoffSeconds(tries, undefined, 0),
    backoffSeconds(tries, undefined, 1),
  ]);
  expect(waits).toEqual([
    [3.75, 5],
    [7.5, 10],
    [15, 20],
    [1920, 2560],
    [2700, 3600],
    [2700, 3600],
  ]);
});

test("a destination is not asked before the time it named, but after a day at the latest", () => {
  expect(backoffSeconds(1, 600, 0.5)).toBe(600);
  expect(backoffSeconds(20, 1, 1)).toBe(3600);
  expect(backoffSeconds(1, 1e9, 0)).toBe(86_400);
});
