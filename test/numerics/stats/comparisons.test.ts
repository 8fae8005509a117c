import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../../../src/base/random.ts";
import {
  adjust,
  adjustments,
  compareAucs,
  confusion,
  delongAuc,
  delongPaired,
  kappaInterval,
  likelihoodRatios,
  logitInterval,
  mcnemar,
  nonInferiority,
} from "../../../src/numerics/stats/index.ts";
import { study } from "./arbitrary.ts";
import { golden } from "./golden.ts";
import { askR, hasR } from "./r.ts";

const draw = random(23);
const asked = {
  families: Array.from({ length: 6 }, (_, s) =>
    Array.from({ length: 1 + 3 * s }, () => Math.round(1000 * draw.uniform() ** 3) / 1000),
  ),
  pairs: [
    [1, 9],
    [12, 5],
    [3, 3],
    [0, 6],
    [101, 150],
  ],
  tables: [
    [40, 12, 8, 90],
    [7, 3, 11, 5],
    [150, 30, 45, 900],
  ],
  kappas: [
    { k: 3, counts: [88, 14, 18, 10, 40, 10, 2, 6, 12] },
    { k: 4, counts: [10, 4, 1, 0, 5, 10, 12, 2, 2, 4, 12, 5, 0, 2, 6, 13] },
  ],
  golden,
};

describe.skipIf(!hasR)("against R", () => {
  interface Oracle {
    adjusted: Record<string, number | number[]>[];
    mcnemar: { exact: number; plain: number; corrected: number }[];
    ratios: number[][];
    kappas: { none: number[]; linear: number[]; quadratic: number[] }[];
    nonInferiority: number[];
    logit: number[];
  }
  const oracle = hasR
    ? askR<Oracle>(
        asked,
        `adjusted <- lapply(input$families, function(p) setNames(lapply(c("bonferroni", "holm", "hochberg", "BH"),
  function(m) p.adjust(unlist(p), m)), c("bonferroni", "holm", "hochberg", "bh")))
mc <- lapply(input$pairs, function(x) { x <- unlist(x); m <- matrix(c(5, x[1], x[2], 5), 2)
  list(exact = binom.test(x[1], sum(x))$p.value, plain = mcnemar.test(m, correct = FALSE)$p.value,
       corrected = mcnemar.test(m)$p.value) })
# a likelihood ratio is a relative risk of the answer: a log-binomial model with Wald's interval
relative <- function(called, diseased) { f <- coef(summary(suppressWarnings(glm(called ~ diseased, family = binomial("log"),
    start = c(log(mean(called)), 0), control = glm.control(epsilon = 1e-14, maxit = 1000)))))[2, ]
  exp(f[1] + c(0, -1, 1) * qnorm(.975) * f[2]) }
ratios <- lapply(input$tables, function(t) { t <- unlist(t)
  called <- rep(c(1, 1, 0, 0), t[c(1, 2, 3, 4)]); diseased <- rep(c(1, 0, 1, 0), t)
  c(relative(called, diseased), relative(1 - called, diseased)) })
# the delta method, with the gradient by differences
kappas <- lapply(input$kappas, function(s) { k <- s$k; n <- matrix(unlist(s$counts), k, byrow = TRUE)
  d <- abs(outer(1:k, 1:k, "-")) / (k - 1)
  lapply(list(none = 1 * (d > 0), linear = d, quadratic = d^2), function(w) {
    f <- function(p) { p <- p / sum(p); 1 - sum(w * p) / sum(w * outer(rowSums(p), colSums(p))) }
    p <- n / sum(n); h <- 1e-6
    g <- sapply(seq_along(p), function(i) { e <- p * 0; e[i] <- h; (f(p + e) - f(p - e)) / (2 * h) })
    c(f(p), sqrt((sum(p * g^2) - sum(p * g)^2) / sum(n))) }) })
y <- unlist(input$golden$labels)
r <- lapply(input$golden[c("a", "b")], function(x) roc(y, unlist(x), levels = 0:1, direction = "<", quiet = TRUE))
se <- sqrt(var(r$a) + var(r$b) - 2 * cov(r$a, r$b)); z <- (as.numeric(auc(r$a) - auc(r$b)) + .1) / se
A <- as.numeric(auc(r$a)); half <- qnorm(.975) * sqrt(var(r$a)) / (A * (1 - A))
output <- list(adjusted = adjusted, mcnemar = mc, ratios = ratios, kappas = kappas,
  nonInferiority = c(z, pnorm(z, lower.tail = FALSE)), logit = plogis(qlogis(A) + c(-1, 1) * half))`,
      )
    : undefined;
  const close = (values: readonly number[], digits = 9) => values.map((v) => expect.closeTo(v, digits));

  test("p.adjust", () => {
    asked.families.forEach((family, s) => {
      for (const method of adjustments)
        expect(adjust(family, method), method).toEqual(close([oracle!.adjusted[s][method]].flat(), 12));
    });
  });

  test("mcnemar.test, binom.test", () => {
    asked.pairs.forEach(([b, c], s) => {
      const r = oracle!.mcnemar[s];
      const found = mcnemar(b, c);
      expect(found.exact).toBeCloseTo(r.exact, 11);
      expect(found.asymptotic).toBeCloseTo(r.plain, 11);
      expect(found.corrected).toBeCloseTo(r.corrected, 11);
    });
  });

  test("likelihood ratios as relative risks of a log-binomial glm", () => {
    asked.tables.forEach(([truePositives, falsePositives, falseNegatives, trueNegatives], s) => {
      const counts = { truePositives, falsePositives, falseNegatives, trueNegatives };
      const { positive, negative } = likelihoodRatios(counts);
      const found = [positive, negative].flatMap(({ value, ci }) => [value!, ...ci!]);
      expect(found).toEqual(close(oracle!.ratios[s], 6));
    });
  });

  test("kappa's standard error by the delta method", () => {
    asked.kappas.forEach(({ k, counts }, s) => {
      const table = Array.from({ length: k }, (_, i) => counts.slice(i * k, (i + 1) * k));
      for (const weights of ["none", "linear", "quadratic"] as const) {
        const { value, standardError } = kappaInterval(table, weights);
        expect([value, standardError]).toEqual(close(oracle!.kappas[s][weights], 8));
      }
    });
  });

  test("non-inferiority and the logit interval from pROC's variances", () => {
    const { z, p } = nonInferiority(golden.labels, golden.a, golden.b, 0.1);
    expect([z, p]).toEqual(close(oracle!.nonInferiority, 9));
    expect(logitInterval(delongAuc(golden.labels, golden.a))).toEqual(close(oracle!.logit, 9));
  });
});

// SAS/STAT user's guide, the FREQ procedure, "Computing Cohen's kappa": two dermatologists, 88 patients.
test("SAS's example of kappa and its interval, linear weights", () => {
  const dermatologists = [
    [10, 4, 1, 0],
    [5, 10, 12, 2],
    [2, 4, 12, 5],
    [0, 2, 6, 13],
  ];
  const plain = kappaInterval(dermatologists);
  expect([plain.value, plain.standardError, ...plain.ci]).toEqual(
    [0.3449, 0.0724, 0.203, 0.4868].map((v) => expect.closeTo(v, 4)),
  );
  const weighted = kappaInterval(dermatologists, "linear");
  expect([weighted.value, weighted.standardError, ...weighted.ci]).toEqual(
    [0.5082, 0.0655, 0.3798, 0.6366].map((v) => expect.closeTo(v, 4)),
  );
});

describe("adjust", () => {
  test("never below the raw p, order kept, and Bonferroni ≥ Holm ≥ Hochberg ≥ BH", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (family) => {
        const [bonferroni, holm, hochberg, bh] = adjustments.map((method) => adjust(family, method));
        family.forEach((p, i) => {
          const chain = [bonferroni[i], holm[i], hochberg[i], bh[i], p];
          chain.slice(1).forEach((v, k) => {
            expect(v).toBeLessThanOrEqual(chain[k] + 1e-15);
          });
          family.forEach((q, j) => {
            if (p < q) for (const m of [holm, hochberg, bh]) expect(m[i]).toBeLessThanOrEqual(m[j]);
          });
        });
      }),
    );
  });
});

describe("likelihood ratios", () => {
  test("pre-test odds times the ratio are post-test odds", () => {
    fc.assert(
      fc.property(study(), ({ labels, a }) => {
        const counts = confusion(labels, a, 4);
        const { positive, negative } = likelihoodRatios(counts);
        const odds = labels.filter((y) => y === 1).length / labels.filter((y) => y === 0).length;
        if (counts.falsePositives > 0)
          expect(odds * positive.value!).toBeCloseTo(counts.truePositives / counts.falsePositives, 9);
        if (counts.trueNegatives > 0)
          expect(odds * negative.value!).toBeCloseTo(counts.falseNegatives / counts.trueNegatives, 9);
      }),
    );
  });

  test("noughts", () => {
    const at = (tp: number, fp: number, tn: number, fn: number) =>
      likelihoodRatios({ truePositives: tp, falsePositives: fp, trueNegatives: tn, falseNegatives: fn });
    expect(at(5, 0, 5, 0)).toEqual({
      positive: { value: Number.POSITIVE_INFINITY, ci: null },
      negative: { value: 0, ci: null },
    });
    expect(at(0, 0, 5, 5).positive).toEqual({ value: null, ci: null });
    expect(at(3, 0, 0, 3).negative).toEqual({ value: null, ci: null });
  });
});

describe("non-inferiority", () => {
  test("is concluded just where the two-sided interval lies above −margin", () => {
    fc.assert(
      fc.property(study(2), fc.double({ min: 0.01, max: 0.5, noNaN: true }), ({ labels, a, b }, margin) => {
        const { p, ci, variance } = nonInferiority(labels, a, b, margin);
        fc.pre(variance > 0 && Math.abs(ci[0] + margin) > 1e-9);
        expect(p < 0.025).toBe(ci[0] > -margin);
      }),
    );
  });

  test("a copy is not inferior to itself", () => {
    expect(nonInferiority([1, 1, 0, 0], [4, 2, 3, 1], [4, 2, 3, 1], 0.05)).toMatchObject({
      difference: 0,
      z: Number.POSITIVE_INFINITY,
      p: 0,
    });
  });
});

describe("compareAucs", () => {
  const { labels, a, b } = golden;
  const columns = new Map([
    ["2", a],
    ["1", b],
    ["sum", a.map((x, i) => x / 5 + b[i])],
  ]);

  test("DeLong's figures, pairs in the columns' order, Holm over the three", () => {
    const found = compareAucs(labels, columns, { adjust: "holm", noninferiority: 0.05 });
    expect(found.pairs.map((pair) => [pair.a, pair.b])).toEqual([
      ["2", "1"],
      ["2", "sum"],
      ["1", "sum"],
    ]);
    const { difference, z, p } = delongPaired(labels, a, b);
    expect(found.pairs[0]).toMatchObject({ difference, z, p });
    expect(found.pairs.map(({ pAdjusted }) => pAdjusted)).toEqual(
      adjust(
        found.pairs.map((pair) => pair.p),
        "holm",
      ),
    );
    const tested = nonInferiority(labels, a, b, 0.05);
    expect(found.pairs[0].noninferiority).toEqual({ margin: 0.05, z: tested.z, p: tested.p });
  });

  // pROC 1.18.0, r as above: set.seed(1); roc.test(ra, rb, method = "bootstrap", boot.n = 20000): D = 0.26537, p = 0.7907
  test("bootstrap: near DeLong's, the same for the same seed", () => {
    const options = { method: "bootstrap", seed: 4, replicates: 20000 } as const;
    const found = compareAucs(labels, columns, options);
    expect(found).toEqual(compareAucs(labels, columns, options));
    expect(found.method).toBe("bootstrap, 20000 replicates");
    expect(found.pairs[0].difference).toBeCloseTo(0.03125, 12);
    expect(found.pairs[0].z).toBeCloseTo(0.26537, 2);
    expect(found.pairs[0].p).toBeCloseTo(0.7907, 2);
  });
});
