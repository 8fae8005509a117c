import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clopperPearson, wilson } from "../../../src/numerics/stats/index.ts";
import { codeOf } from "./close.ts";

describe("intervals of a proportion", () => {
  // R 4.2.2: prop.test(81, 263, correct = FALSE), prop.test(0, 12, correct = FALSE)
  test("Wilson, R's figures", () => {
    expect(wilson(81, 263)[0]).toBeCloseTo(0.25528851987827428, 12);
    expect(wilson(81, 263)[1]).toBeCloseTo(0.36620957698280016, 12);
    expect(wilson(0, 12)).toEqual([0, expect.closeTo(0.24249400665524079, 12)]);
  });

  // R 4.2.2: binom.test(81, 263), binom.test(0, 12), binom.test(12, 12)
  test("Clopper–Pearson, R's figures", () => {
    expect(clopperPearson(81, 263)[0]).toBeCloseTo(0.25273674558527121, 12);
    expect(clopperPearson(81, 263)[1]).toBeCloseTo(0.3676219226013514, 12);
    expect(clopperPearson(0, 12)).toEqual([0, expect.closeTo(0.26464846939705111, 12)]);
    expect(clopperPearson(12, 12)).toEqual([expect.closeTo(0.73535153060294889, 12), 1]);
  });

  test("hold the proportion, mirror with it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), (n, k) => {
        const x = k % (n + 1);
        for (const interval of [wilson, clopperPearson]) {
          const [low, high] = interval(x, n);
          expect(low).toBeLessThanOrEqual(x / n + 1e-12);
          expect(high).toBeGreaterThanOrEqual(x / n - 1e-12);
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1);
          expect(interval(n - x, n)[0]).toBeCloseTo(1 - high, 10);
        }
      }),
    );
  });

  test("refusals", () => {
    for (const interval of [wilson, clopperPearson]) {
      expect(codeOf(() => interval(0, 0))).toBe("E_TOO_FEW");
      expect(codeOf(() => interval(3, 2))).toBe("E_VALUE");
      expect(codeOf(() => interval(0.5, 2))).toBe("E_VALUE");
      expect(codeOf(() => interval(1, 2, 95))).toBe("E_VALUE");
    }
  });
});
