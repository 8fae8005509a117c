import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  auc,
  averagePrecision,
  bootstrap,
  brier,
  confusion,
  netBenefit,
  netBenefitOfAll,
  netBenefitOfNone,
  operating,
  operatingPoints,
  precisionRecall,
  roc,
  thresholdAtSensitivity,
  thresholdAtSpecificity,
  youden,
} from "../../../src/numerics/stats/index.ts";
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

describe("thresholds at a sensitivity or specificity", () => {
  test("reach it, and no cut that reaches it is better on the other side", () => {
    fc.assert(
      fc.property(study(), fc.double({ min: 0, max: 1, noNaN: true }), ({ labels, a }, target) => {
        const sensitive = thresholdAtSensitivity(labels, a, target);
        const specific = thresholdAtSpecificity(labels, a, target);
        expect(sensitive.sensitivity).toBeGreaterThanOrEqual(target - 1e-9);
        expect(specific.specificity).toBeGreaterThanOrEqual(target - 1e-9);
        for (let cut = -0.5; cut < 9; cut++) {
          const o = operating(confusion(labels, a, cut));
          if (o.sensitivity.value! >= target)
            expect(o.specificity.value!).toBeLessThanOrEqual(sensitive.specificity + 1e-9);
          if (o.specificity.value! >= target)
            expect(o.sensitivity.value!).toBeLessThanOrEqual(specific.sensitivity + 1e-9);
        }
        for (const point of [sensitive, specific]) {
          if (point.threshold === Number.POSITIVE_INFINITY) continue;
          const o = operating(confusion(labels, a, point.threshold));
          expect(o.sensitivity.value).toBeCloseTo(point.sensitivity, 12);
          expect(o.specificity.value).toBeCloseTo(point.specificity, 12);
        }
      }),
    );
  });

  test("by hand: 9 of 10 is a sensitivity of 0.9, thresholds lie halfway", () => {
    const labels = [...Array(10).fill(1), 0, 0];
    const scores = [10, 9, 8, 7, 6, 5, 4, 3, 2, 0, 1, -1];
    expect(thresholdAtSensitivity(labels, scores, 0.9)).toEqual({
      threshold: 1.5,
      sensitivity: 0.9,
      specificity: 1,
    });
    expect(thresholdAtSensitivity(labels, scores, 1).threshold).toBe(-0.5);
    expect(thresholdAtSpecificity(labels, scores, 0.5)).toMatchObject({ threshold: -0.5, sensitivity: 1 });
  });

  test("a negative scores highest: only calling nobody is specific", () => {
    expect(thresholdAtSpecificity([1, 0], [1, 2], 1)).toEqual({
      threshold: Number.POSITIVE_INFINITY,
      sensitivity: 0,
      specificity: 1,
    });
  });

  test("every point's threshold gives its rates", () => {
    fc.assert(
      fc.property(study(), ({ labels, a }) => {
        const [nobody, ...points] = operatingPoints(labels, a);
        expect(nobody).toEqual({ threshold: Number.POSITIVE_INFINITY, sensitivity: 0, specificity: 1 });
        for (const { threshold, sensitivity, specificity } of points) {
          const o = operating(confusion(labels, a, threshold));
          expect(o.sensitivity.value).toBeCloseTo(sensitivity, 12);
          expect(o.specificity.value).toBeCloseTo(specificity, 12);
        }
      }),
    );
  });
});

describe("precision and recall", () => {
  test("each point is the fourfold table's sensitivity and positive predictive value", () => {
    fc.assert(
      fc.property(study(), ({ labels, a }) => {
        for (const { threshold, recall, precision } of precisionRecall(labels, a)) {
          const o = operating(confusion(labels, a, threshold));
          expect(recall).toBeCloseTo(o.sensitivity.value!, 12);
          expect(precision).toBeCloseTo(o.ppv.value!, 12);
        }
      }),
    );
  });

  test("without ties, average precision is the mean precision at the positive cases", () => {
    fc.assert(
      fc.property(study(), ({ labels, a }) => {
        const untied = a.map((x, i) => x + i / 100);
        const atPositives = labels.flatMap((y, i) => {
          if (y === 0) return [];
          const above = labels.filter((_, j) => untied[j] >= untied[i]);
          return [above.filter((label) => label === 1).length / above.length];
        });
        const mean = atPositives.reduce((s, v) => s + v, 0) / atPositives.length;
        expect(averagePrecision(labels, untied)).toBeCloseTo(mean, 12);
      }),
    );
  });

  // The example of scikit-learn's average_precision_score: 0.83.
  test("scikit-learn's example; a constant score has the prevalence", () => {
    expect(averagePrecision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])).toBeCloseTo(5 / 6, 12);
    expect(averagePrecision([1, 0, 0, 0], [2, 2, 2, 2])).toBe(0.25);
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
    const { sensitivity, ppv, npv, accuracy } = operating(confusion([0, 0], [0.1, 0.2], 0.5));
    expect(accuracy).toMatchObject({ value: 1, numerator: 2, denominator: 2 });
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
