import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../../../../src/base/random.ts";
import {
  auc,
  aucReplicates,
  bcaInterval,
  bootstrap,
  bootstrapAuc,
  decisionCurve,
  netBenefit,
  netBenefitDifference,
  percentileInterval,
} from "../../../../src/numerics/stats/index.ts";
import { study } from "../arbitrary.ts";
import { golden } from "../golden.ts";
import { askR, hasR } from "../r.ts";

const { labels, a, b } = golden;
const at = (values: ArrayLike<number>, indices: Uint32Array) => Array.from(indices, (i) => values[i]);

describe("AUC replicates", () => {
  test("are those of the general bootstrap with the same seed", () => {
    fc.assert(
      fc.property(study(2), fc.nat(), ({ labels, a }, seed) => {
        const general: number[] = [];
        bootstrap(
          labels,
          (indices) => {
            general.push(auc(at(labels, indices), at(a, indices)));
            return 0;
          },
          { seed, replicates: 4 },
        );
        const [fast] = aucReplicates(labels, [a], { seed, replicates: 4 });
        fast.forEach((value, r) => {
          expect(value).toBeCloseTo(general[r], 12);
        });
      }),
      { numRuns: 50 },
    );
  });

  test("BCa by placements is BCa by leaving one out", () => {
    for (const scores of [a, b]) {
      const options = { seed: 3, replicates: 500, interval: "bca" } as const;
      const general = bootstrap(labels, (i) => auc(at(labels, i), at(scores, i)), options);
      const fast = bootstrapAuc(labels, scores, options);
      expect(fast[0]).toBeCloseTo(general[0], 10);
      expect(fast[1]).toBeCloseTo(general[1], 10);
    }
  });

  test("a perfect score has the interval [1, 1], either way", () => {
    for (const interval of ["percentile", "bca"] as const)
      expect(bootstrapAuc([1, 1, 0, 0], [4, 3, 2, 1], { seed: 1, interval })).toEqual([1, 1]);
  });
});

describe.skipIf(!hasR)("against R", () => {
  // A skewed statistic of two samples: the ratio of their means.
  const draw = random(8);
  const size = 25;
  const skewed = Array.from({ length: 2 * size }, (_, i) => Math.exp(draw.normal() + (i < size ? 0.5 : 0)));
  const classes = skewed.map((_, i) => (i < size ? 1 : 0));
  const ratio = (indices: Uint32Array) => {
    const sums = [0, 0];
    const counts = [0, 0];
    for (const i of indices) {
      sums[classes[i]] += skewed[i];
      counts[classes[i]]++;
    }
    return sums[1] / counts[1] / (sums[0] / counts[0]);
  };

  test("percentile and BCa of boot.ci, stratified", () => {
    const oracle = askR<{ percentile: number[]; bca: number[]; replicates: number[]; fixed: number[] }>(
      { skewed, classes },
      `library(boot); d <- data.frame(x = unlist(input$skewed), g = unlist(input$classes)); set.seed(2)
f <- function(d, i) { x <- d$x[i]; g <- d$g[i]; mean(x[g == 1]) / mean(x[g == 0]) }
b <- boot(d, f, 20000, strata = 1 - d$g); L <- empinf(b, type = "jack")
ci <- boot.ci(b, type = c("perc", "bca"), L = L); few <- b; few$t <- b$t[1:999, , drop = FALSE]; few$R <- 999
output <- list(percentile = ci$percent[4:5], bca = ci$bca[4:5], replicates = as.numeric(few$t),
  fixed = boot.ci(few, type = "bca", L = L)$bca[4:5])`,
    );
    const options = { seed: 5, replicates: 20000 } as const;
    // Two bootstraps of 20,000 differ by chance at the third digit.
    bootstrap(classes, ratio, options).forEach((end, k) => {
      expect(Math.abs(end / oracle.percentile[k] - 1)).toBeLessThan(0.02);
    });
    bootstrap(classes, ratio, { ...options, interval: "bca" }).forEach((end, k) => {
      expect(Math.abs(end / oracle.bca[k] - 1)).toBeLessThan(0.02);
    });
    expect(Math.abs(oracle.bca[1] / oracle.percentile[1] - 1)).toBeGreaterThan(0.03);
    // The same replicates: only the interpolation between two of them differs.
    const all = Uint32Array.from(classes, (_, i) => i);
    const value = ratio(all);
    const left = Float64Array.from(all, (i) => (size - 1) * (value - ratio(all.filter((k) => k !== i))));
    const influence = [left.subarray(0, size), left.subarray(size)];
    bcaInterval(oracle.replicates, value, influence).forEach((end, k) => {
      expect(Math.abs(end / oracle.fixed[k] - 1)).toBeLessThan(0.005);
    });
  });
});

describe("decision curves", () => {
  const probabilities = a.map((x) => x / 6);
  const thresholds = [0.5, 0.1, 0.3]; // not in order
  const options = { seed: 2, replicates: 4000 };

  test("the line is the net benefit, the band that of a plain bootstrap of all cases", () => {
    const curve = decisionCurve(labels, probabilities, thresholds, options);
    expect(curve.map((point) => point.netBenefit)).toEqual(netBenefit(labels, probabilities, thresholds));
    const draw = random(options.seed);
    const replicates = Array.from({ length: options.replicates }, () => {
      const indices = Uint32Array.from(labels, () => draw.integer(labels.length));
      return netBenefit(at(labels, indices), at(probabilities, indices), thresholds);
    });
    curve.forEach(({ ci }, t) => {
      const plain = percentileInterval(replicates.map((values) => values[t]));
      expect(ci[0]).toBeCloseTo(plain[0], 10);
      expect(ci[1]).toBeCloseTo(plain[1], 10);
    });
  });

  test("a difference's interval is near its normal one in 300 cases, and nought for a copy", () => {
    const draw = random(6);
    const truth = Array.from({ length: 300 }, () => draw.uniform());
    const y = truth.map((p) => Number(draw.uniform() < p));
    const coarse = truth.map(() => draw.uniform());
    for (const { threshold, difference, ci } of netBenefitDifference(y, truth, coarse, thresholds, options)) {
      const odds = threshold / (1 - threshold);
      const terms = y.map((label, i) => {
        const gain = Number(truth[i] >= threshold) - Number(coarse[i] >= threshold);
        return label === 1 ? gain : -gain * odds;
      });
      const mean = terms.reduce((s, v) => s + v, 0) / terms.length;
      const error = Math.sqrt(terms.reduce((s, v) => s + (v - mean) ** 2, 0)) / terms.length;
      expect(difference).toBeCloseTo(mean, 12);
      const width = (ci[1] - ci[0]) / (2 * 1.96 * error);
      expect(width).toBeGreaterThan(0.93);
      expect(width).toBeLessThan(1.07);
    }
    for (const { ci } of netBenefitDifference(y, truth, truth, thresholds, options))
      expect(ci).toEqual([0, 0]);
  });
});
