import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { auc } from "../../../../src/numerics/stats/index.ts";
import { aucByPairs, study } from "../arbitrary.ts";
import { codeOf } from "../close.ts";
import { golden } from "../golden.ts";

describe("auc", () => {
  test("pROC's figures", () => {
    expect(auc(golden.labels, golden.a)).toBeCloseTo(0.796875, 14);
    expect(auc(golden.labels, golden.b)).toBeCloseTo(0.765625, 14);
  });

  test("is the share of pairs won, ties ½", () => {
    fc.assert(
      fc.property(study(), ({ labels, a }) => {
        expect(auc(labels, a)).toBeCloseTo(aucByPairs(labels, a), 12);
      }),
    );
  });

  test("keeps under a rising transform, mirrors under a falling one and under swapped labels", () => {
    fc.assert(
      fc.property(study(), ({ labels, a }) => {
        const value = auc(labels, a);
        expect(
          auc(
            labels,
            a.map((x) => Math.exp(x / 3) - 7),
          ),
        ).toBe(value);
        expect(
          auc(
            labels,
            a.map((x) => -x),
          ),
        ).toBeCloseTo(1 - value, 12);
        expect(
          auc(
            labels.map((y) => 1 - y),
            a,
          ),
        ).toBeCloseTo(1 - value, 12);
      }),
    );
  });

  test("½ where all scores are equal", () => {
    expect(auc([1, 0, 0, 1], [3, 3, 3, 3])).toBe(0.5);
  });

  test("refuses what has no AUC", () => {
    expect(codeOf(() => auc([1, 1], [0.1, 0.2]))).toBe("E_ONE_CLASS");
    expect(codeOf(() => auc([], []))).toBe("E_ONE_CLASS");
    expect(codeOf(() => auc([1, 2], [0.1, 0.2]))).toBe("E_LABEL");
    expect(codeOf(() => auc([1, 0], [0.1, Number.NaN]))).toBe("E_VALUE");
    expect(codeOf(() => auc([1, 0], [0.1]))).toBe("E_VALUE");
  });
});
