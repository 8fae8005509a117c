import { describe, expect, test } from "vitest";
import { crossTable, icc, iccInterval, kappa } from "../../../src/numerics/stats/index.ts";
import { codeOf } from "./close.ts";

describe("kappa", () => {
  // Cohen, Psychol Bull 1968;70:213, table 1: κ 0.492, weighted κ 0.348.
  const cohen = [
    [88, 14, 18],
    [10, 40, 10],
    [2, 6, 12],
  ];
  test("Cohen's example, plain and with his weights", () => {
    expect(kappa(cohen)).toBeCloseTo(0.492, 3);
    const weights = [
      [0, 1, 3],
      [1, 0, 6],
      [3, 6, 0],
    ];
    expect(kappa(cohen, weights)).toBeCloseTo(0.348, 3);
  });

  test("two categories: every weighting is the plain one", () => {
    const table = [
      [20, 5],
      [10, 15],
    ];
    // po 0.7, pe 0.5
    expect(kappa(table)).toBeCloseTo(0.4, 14);
    expect(kappa(table, "linear")).toBeCloseTo(0.4, 14);
    expect(kappa(table, "quadratic")).toBeCloseTo(0.4, 14);
  });

  test("quadratic forgives near misses, and full agreement is 1", () => {
    const near = crossTable([1, 2, 3, 4, 5, 1], [2, 2, 3, 5, 5, 1], [1, 2, 3, 4, 5]);
    expect(kappa(near, "quadratic")).toBeGreaterThan(kappa(near, "linear"));
    expect(kappa(near, "linear")).toBeGreaterThan(kappa(near));
    expect(kappa(crossTable(["a", "b"], ["a", "b"], ["a", "b"]))).toBe(1);
  });

  test("refusals", () => {
    expect(codeOf(() => kappa([[4]]))).toBe("E_VALUE");
    expect(
      codeOf(() =>
        kappa([
          [0, 0],
          [0, 0],
        ]),
      ),
    ).toBe("E_TOO_FEW");
    expect(
      codeOf(() =>
        kappa([
          [7, 0],
          [0, 0],
        ]),
      ),
    ).toBe("E_ONE_CLASS");
    expect(codeOf(() => crossTable([1], [9], [1, 2]))).toBe("E_VALUE");
  });
});

describe("icc", () => {
  // Shrout & Fleiss, Psychol Bull 1979;86:420, tables 2 and 4: six targets, four judges.
  const judges = [
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
  ];
  test("Shrout & Fleiss's example", () => {
    const found = icc(judges);
    expect(found.icc11).toBeCloseTo(0.17, 2);
    expect(found.icc21).toBeCloseTo(0.29, 2);
    expect(found.icc31).toBeCloseTo(0.71, 2);
    expect(found.icc1k).toBeCloseTo(0.44, 2);
    expect(found.icc2k).toBeCloseTo(0.62, 2);
    expect(found.icc3k).toBeCloseTo(0.91, 2);
  });

  // Lower and upper bounds as R's psych package prints them for this example, in its documentation of ICC.
  test("Shrout & Fleiss's example: intervals", () => {
    const found = iccInterval(judges);
    const printed = {
      icc11: [-0.133, 0.72],
      icc21: [0.019, 0.76],
      icc31: [0.342, 0.95],
      icc1k: [-0.884, 0.91],
      icc2k: [0.071, 0.93],
      icc3k: [0.676, 0.99],
    };
    for (const [form, [low, high]] of Object.entries(printed)) {
      expect(found[form as keyof typeof found][0], form).toBeCloseTo(low, 3);
      expect(found[form as keyof typeof found][1], form).toBeCloseTo(high, 2);
    }
  });

  test("full agreement: every interval ends at 1", () => {
    for (const [low, high] of Object.values(
      iccInterval([
        [1, 1],
        [2, 2],
        [4, 4],
      ]),
    )) {
      expect(low).toBeCloseTo(1, 9);
      expect(high).toBeCloseTo(1, 9);
    }
  });

  test("raters that differ by a constant are consistent, not in agreement", () => {
    const found = icc([
      [1, 3],
      [2, 4],
      [5, 7],
    ]);
    expect(found.icc31).toBeCloseTo(1, 12);
    expect(found.icc21).toBeLessThan(0.8);
  });

  test("refusals", () => {
    expect(codeOf(() => icc([[1, 2]]))).toBe("E_TOO_FEW");
    expect(codeOf(() => icc([[1], [2]]))).toBe("E_TOO_FEW");
    expect(codeOf(() => icc([[1, 2], [1]]))).toBe("E_VALUE");
    expect(
      codeOf(() =>
        icc([
          [1, 1],
          [1, 1],
        ]),
      ),
    ).toBe("E_VALUE");
  });
});
