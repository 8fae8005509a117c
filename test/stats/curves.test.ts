import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  auc,
  bootstrap,
  brier,
  confusion,
  netBenefit,
  netBenefitOfAll,
  netBenefitOfNone,
  operating,
  roc,
  youden,
} from "../../src/stats/index.ts";
import { study } from "./arbitrary.ts";
import { codeOf } from "./close.ts";
import { golden } from "./golden.ts";

describe("roc", () => {
  test("rises from (0, 0) to (1, 1), and the trapezia under it are the AUC", () => {
    fc.assert(
      fc.property(study(), ({ labels, a }) => {
        const points = roc(labels, a);
        expect(points[0]).toEqual({
          threshold: Number.POSITIVE_INFINITY,
          falsePositiveRate: 0,
          truePositiveRate: 0,
        });
        expect(points.at(-1)).toMatchObject({ falsePositiveRate: 1, truePositiveRate: 1 });
        expect(points.length).toBe(new Set(a).size + 1);
        let area = 0;
        for (let i = 1; i < points.length; i++) {
          const width = points[i].falsePositiveRate - points[i - 1].falsePositiveRate;
          expect(width).toBeGreaterThanOrEqual(0);
          area += (width * (points[i].truePositiveRate + points[i - 1].truePositiveRate)) / 2;
        }
        expect(area).toBeCloseTo(auc(labels, a), 12);
      }),
    );
  });
});

describe("youden", () => {
  test("pROC's coords(…, 'best')", () => {
    expect(youden(golden.labels, golden.b).threshold).toBeCloseTo(0.525, 14);
    expect(youden(golden.labels, golden.b)).toMatchObject({ sensitivity: 0.625 });
    // Two best cuts, 2.5 (0.875, 0.583) and 3.5 (0.625, 0.833): the more balanced is 3.5.
    expect(youden(golden.labels, golden.a).threshold).toBe(3.5);
  });

  test("no cut anywhere does better, and the fourfold table at the threshold agrees", () => {
    fc.assert(
      fc.property(study(), ({ labels, a }) => {
        const best = youden(labels, a);
        const at = operating(confusion(labels, a, best.threshold));
        expect(at.sensitivity.value).toBeCloseTo(best.sensitivity, 12);
        expect(at.specificity.value).toBeCloseTo(best.specificity, 12);
        for (let cut = -0.5; cut < 9; cut += 0.5) {
          const o = operating(confusion(labels, a, cut));
          expect(o.sensitivity.value! + o.specificity.value! - 1).toBeLessThanOrEqual(best.index + 1e-12);
        }
      }),
    );
  });

  test("neighbouring doubles are still parted", () => {
    const low = 0.1;
    const high = low + Number.EPSILON / 16;
    expect(high).toBeGreaterThan(low);
    const { threshold } = youden([0, 0, 1, 1], [low, low, high, high]);
    expect(threshold).toBe(high);
  });

  test("a constant score: that score, index 0", () => {
    expect(youden([1, 0], [0.4, 0.4])).toEqual({
      threshold: 0.4,
      index: 0,
      sensitivity: 1,
      specificity: 0,
    });
  });
});

describe("confusion and operating point", () => {
  test("positive where score ≥ threshold", () => {
    expect(confusion([1, 1, 1, 0, 0], [0.5, 0.4, 0.9, 0.5, 0.1], 0.5)).toEqual({
      truePositives: 2,
      falsePositives: 1,
      trueNegatives: 1,
      falseNegatives: 1,
    });
  });

  test("a proportion of nobody is null, not nought", () => {
    const { sensitivity, ppv, npv } = operating(confusion([0, 0], [0.1, 0.2], 0.5));
    expect(sensitivity).toEqual({ value: null, ci: null, numerator: 0, denominator: 0 });
    expect(ppv.value).toBeNull();
    expect(npv.value).toBe(1);
  });

  test("refusals", () => {
    expect(codeOf(() => confusion([0, 3], [0, 1], 0.5))).toBe("E_LABEL");
    expect(codeOf(() => confusion([0, 1], [0, 1], Number.NaN))).toBe("E_VALUE");
    expect(codeOf(() => confusion([0, 1], [0], 1))).toBe("E_VALUE");
  });
});

describe("net benefit", () => {
  test("by hand: 10 cases, 4 diseased, at 0.2: 3 true, 2 false positives", () => {
    const labels = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0];
    const p = [0.9, 0.5, 0.2, 0.1, 0.6, 0.3, 0.19, 0.1, 0.05, 0];
    expect(netBenefit(labels, p, [0.2])[0]).toBeCloseTo(3 / 10 - (2 / 10) * 0.25, 14);
    expect(netBenefitOfAll(labels, [0.2, 0.4])).toEqual([
      expect.closeTo(0.4 - 0.6 * 0.25, 14),
      expect.closeTo(0, 14),
    ]);
    expect(netBenefitOfNone([0.2, 0.4])).toEqual([0, 0]);
  });

  test("below every probability it is treat-all, above every one treat-none, never above prevalence", () => {
    fc.assert(
      fc.property(study(), ({ labels, a }) => {
        const p = a.map((x) => 0.1 + x / 10);
        const prevalence = labels.filter((y) => y === 1).length / labels.length;
        expect(netBenefit(labels, p, [0.05])).toEqual(netBenefitOfAll(labels, [0.05]));
        expect(netBenefit(labels, p, [0.95])).toEqual([0]);
        for (const b of netBenefit(labels, p, [0.1, 0.3, 0.5, 0.7]))
          expect(b).toBeLessThanOrEqual(prevalence);
      }),
    );
  });

  test("refusals", () => {
    expect(codeOf(() => netBenefit([0, 1], [0.2, 1.2], [0.5]))).toBe("E_VALUE");
    expect(codeOf(() => netBenefit([0, 1], [0.2, 0.4], [1]))).toBe("E_VALUE");
    expect(codeOf(() => netBenefit([], [], [0.5]))).toBe("E_TOO_FEW");
    expect(codeOf(() => netBenefitOfAll([2], [0.5]))).toBe("E_LABEL");
  });
});

describe("brier", () => {
  test("by hand", () => {
    expect(brier([1, 0, 1], [0.8, 0.3, 0.5])).toBeCloseTo((0.04 + 0.09 + 0.25) / 3, 14);
    expect(brier([1, 1], [1, 1])).toBe(0);
    expect(codeOf(() => brier([], []))).toBe("E_TOO_FEW");
    expect(codeOf(() => brier([1], [2]))).toBe("E_VALUE");
  });
});

describe("bootstrap", () => {
  const { labels, b } = golden;
  const resampled = (seed: number, replicates = 2000) =>
    bootstrap(
      labels,
      (indices) =>
        auc(
          Array.from(indices, (i) => labels[i]),
          Array.from(indices, (i) => b[i]),
        ),
      { seed, replicates },
    );

  test("the same seed gives the same interval, another seed another", () => {
    expect(resampled(7)).toEqual(resampled(7));
    expect(resampled(7)).not.toEqual(resampled(8));
  });

  // R 4.2.2, b as in golden.ts: set.seed(9); quantile(replicate(40000, { p <- sample(b[1:8], 8, TRUE);
  // q <- sample(b[9:20], 12, TRUE); mean(outer(p, q, ">") + .5 * outer(p, q, "==")) }), c(.025, .975))
  test("is R's stratified bootstrap, to a step of the AUC's grid", () => {
    const [low, high] = resampled(7, 20000);
    expect(Math.abs(low - 0.5260417)).toBeLessThan(1 / 96);
    expect(Math.abs(high - 0.9479167)).toBeLessThan(1 / 96);
  });

  test("every replicate keeps the class counts", () => {
    bootstrap(
      labels,
      (indices) => {
        expect(indices.reduce((n, i) => n + labels[i], 0)).toBe(8);
        return 0;
      },
      { seed: 1, replicates: 50 },
    );
  });

  test("refusals", () => {
    expect(codeOf(() => bootstrap([1, 0], () => Number.NaN, { seed: 1, replicates: 3 }))).toBe("E_VALUE");
    expect(codeOf(() => bootstrap([1, 0], () => 1, { seed: 1, replicates: 0 }))).toBe("E_VALUE");
    expect(codeOf(() => bootstrap([1, 1], () => 1, { seed: 1 }))).toBe("E_ONE_CLASS");
  });
});
