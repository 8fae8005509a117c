import { describe, expect, test } from "vitest";
import {
  areaWithInterval,
  bytes,
  count,
  day,
  difference,
  differenceInterval,
  duration,
  fixed,
  listed,
  milliseconds,
  pEquals,
  percent,
  percentInterval,
  pValue,
} from "../../src/report/numbers.ts";

describe("numbers as a journal prints them", () => {
  test.each([
    [fixed(-0.001, 2), "0.00"],
    [fixed(-1.25, 1), "−1.3"],
    [areaWithInterval(0.8564, [0.7924, 0.9205]), "0.86 (0.79–0.92)"],
    [difference(0.0274), "+0.027"],
    [difference(-0.0274), "−0.027"],
    [difference(-0.0001), "0.000"],
    [differenceInterval([-0.055, 0.109]), "−0.055 to +0.109"],
    [pValue(0.00099), "< 0.001"],
    [pValue(0.001), "0.001"],
    [pEquals(0.0221), "p = 0.022"],
    [pEquals(1e-9), "p < 0.001"],
    [percent(0.836), "84 %"],
    [percent(-0.1), "−10 %"],
    [percentInterval([0.701, 0.899]), "70–90 %"],
    [count(999), "999"],
    [count(2_310_455), "2.3 million"],
    [bytes(9_420_331), "9.4 MB"],
    [bytes(171_800_000), "172 MB"],
    [bytes(-5), "−5 B"],
    [milliseconds(4.21), "4.2 ms"],
    [milliseconds(104.9), "105 ms"],
    [milliseconds(2310), "2.3 s"],
    [duration(45), "45 s"],
    [duration(1843), "31 min"],
    [duration(7200), "2.0 h"],
    [day("2026-01-01T00:00:00.000Z"), "1 January 2026"],
    [day("some day"), "some day"],
    [listed(["a"]), "a"],
    [listed(["a", "b", "c"]), "a, b and c"],
  ])("%s", (printed, expected) => expect(printed).toBe(expected));

  test("a value just below a unit's step is not printed as a thousand of the lower", () => {
    expect(bytes(999_999)).toBe("1.0 MB");
  });
});
