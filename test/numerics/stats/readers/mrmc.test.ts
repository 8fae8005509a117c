import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../../../../src/base/random.ts";
import { fQuantile, fTail } from "../../../../src/numerics/stats/distributions/fDistribution.ts";
import {
  auc,
  type CorrelatedAucs,
  correlatedAucs,
  delongPaired,
  mrmc,
  mrmcMean,
  mrmcStandalone,
} from "../../../../src/numerics/stats/index.ts";
import { mrmcOf } from "../../../../src/numerics/stats/readers/mrmc.ts";
import { study } from "../arbitrary.ts";
import { codeOf, expectClose } from "../close.ts";
import { askR, hasR } from "../r.ts";

/** Drawn scores 1 to 9, `[modality][reader]`, of 22 positive and 26 negative cases. */
function drawn(modalities: number, readers: number, seed: number) {
  const draw = random(seed);
  const labels = Array.from({ length: 48 }, (_, k) => (k < 22 ? 1 : 0));
  const difficulty = labels.map(() => draw.normal());
  const scores = Array.from({ length: modalities }, (_, i) =>
    Array.from({ length: readers }, (_, j) =>
      labels.map((y, k) =>
        Math.round(5 + (1.2 + 0.3 * i + 0.2 * j) * y + 0.8 * difficulty[k] + 1.3 * draw.normal()),
      ),
    ),
  );
  return { labels, scores };
}

/*
 * The study of Van Dyke et al. (Radiology 1993): 2 modalities, 5 readers, 69 normal and 45 abnormal cases. AUCs,
 * components and tests as printed by OR-DBM MRMC 2.51 (trapezoidal, jackknife; RJafroc's
 * tests/testthat/goodValues361/Iowa/VanDyke.txt) and, with more digits, by MRMCaov (docs/jss/MRMCaov.tex).
 */
const vanDyke = {
  aucs: [
    [0.91964573, 0.85877617, 0.90386473, 0.97310789, 0.82979066],
    [0.94782609, 0.90531401, 0.92173913, 0.99935588, 0.92995169],
  ],
  jackknife: {
    variances: [0.0010141028, 0.0005904738],
    cov1: 0.0003466137,
    cov2: [0.0004839618, 0.0002041879],
    cov3: 0.0002390284,
  },
};

/** A covariance matrix whose entries of a kind are all alike. */
function published({ aucs, jackknife: c }: typeof vanDyke): CorrelatedAucs {
  const cells = aucs.flatMap((row, i) => row.map((_, j) => ({ i, j })));
  return {
    values: Float64Array.from(aucs.flat()),
    covariance: cells.map((a) =>
      Float64Array.from(cells, (b) =>
        a.i === b.i ? (a.j === b.j ? c.variances : c.cov2)[a.i] : a.j === b.j ? c.cov1 : c.cov3,
      ),
    ),
  };
}

describe("Van Dyke's study from its published AUCs and covariances", () => {
  const aucs = published(vanDyke);

  test("mean squares and variance components", () => {
    const { components: c } = mrmcOf(aucs, 5);
    expect(c.meanSquares.modality).toBeCloseTo(0.00479617, 8);
    expect(c.meanSquares.reader).toBeCloseTo(0.0038362, 8);
    expect(c.meanSquares.interaction).toBeCloseTo(0.00055103, 8);
    expect(c.variance).toBeCloseTo(0.0008022883, 9);
    expect(c.cov2).toBeCloseTo(0.0003440748, 9);
    expect(c.readerVariance).toBeCloseTo(0.0015349993, 8);
    expect(c.interactionVariance).toBeCloseTo(0.0002004025, 8);
  });

  test("random readers and cases: F(1, 15.26) = 4.46, p = .0517", () => {
    const { test: t, differences, means } = mrmcOf(aucs, 5);
    expect(t.f).toBeCloseTo(4.46, 2);
    expect([t.df1, Number(t.df2.toFixed(2)), Number(t.p.toFixed(4))]).toEqual([1, 15.26, 0.0517]);
    expect(differences.map((d) => [d.value, d.error, ...d.ci].map((x) => x.toFixed(5)))).toEqual([
      ["-0.04380", "0.02075", "-0.08796", "0.00036"],
    ]);
    expect(differences[0].t).toBeCloseTo(-2.11, 2);
    expect(means.map((m) => [m.value, m.error, ...m.ci].map((x) => x.toFixed(7)))).toEqual([
      ["0.8970370", "0.0331736", "0.8252236", "0.9688505"],
      ["0.9408374", "0.0215664", "0.8941378", "0.9875369"],
    ]);
    expect(means.map((m) => m.df.toFixed(2))).toEqual(["12.74", "12.71"]);
  });

  test("fixed readers: X²(1) = 5.47595, p = .01928", () => {
    const { test: t, differences, means } = mrmcOf(aucs, 5, { random: "cases" });
    expect(t.f).toBeCloseTo(5.475953, 4);
    expect(t.p).toBeCloseTo(0.01927984, 6);
    expect([differences[0].error, ...differences[0].ci].map((x) => x.toFixed(6))).toEqual([
      "0.018717",
      "-0.080486",
      "-0.007115",
    ]);
    expect(means.map((m) => [m.error, ...m.ci].map((x) => x.toFixed(7)))).toEqual([
      ["0.0242897", "0.8494301", "0.9446440"],
      ["0.0167763", "0.9079564", "0.9737184"],
    ]);
  });

  test("fixed cases: F(1, 4) = 8.704, p = .04196", () => {
    const { test: t, differences, means } = mrmcOf(aucs, 5, { random: "readers" });
    expect(t.f).toBeCloseTo(8.704, 3);
    expect([t.df1, t.df2]).toEqual([1, 4]);
    expect(t.p).toBeCloseTo(0.04195875, 6);
    expect(differences[0].ci.map((x) => x.toFixed(6))).toEqual(["-0.085020", "-0.002580"]);
    expect(means.map((m) => m.ci.map((x) => x.toFixed(6)))).toEqual([
      ["0.828098", "0.965976"],
      ["0.895989", "0.985685"],
    ]);
  });
});

// Columns reader, treatment, case, truth, rating, as R's MRMCaov names them in `VanDyke`.
const ratingsFile = resolve(import.meta.dirname, "../../../shared/data/readers/vandyke.csv");
if (!existsSync(ratingsFile))
  console.warn("skipped: no ratings of Van Dyke's study in ../shared/data/readers");

describe.skipIf(!existsSync(ratingsFile))("Van Dyke's study from its ratings", () => {
  const rows = existsSync(ratingsFile) ? readFileSync(ratingsFile, "utf8").trim().split("\n").slice(1) : [];
  const ratings = rows.map((line) => line.split(",").map(Number));
  const of = (reader: number, treatment: number) =>
    ratings.filter(([r, t]) => r === reader && t === treatment).map((row) => row[4]);
  const labels = ratings.filter(([r, t]) => r === 1 && t === 1).map((row) => row[3]);
  const scores = [1, 2].map((t) => [1, 2, 3, 4, 5].map((r) => of(r, t)));

  test("AUCs and jackknifed covariances as published", () => {
    const { aucs, components: c, means } = mrmc(labels, scores, { covariance: "jackknife" });
    aucs.forEach((row, i) => row.forEach((value, j) => expect(value).toBeCloseTo(vanDyke.aucs[i][j], 8)));
    const { variances, cov1, cov2, cov3 } = vanDyke.jackknife;
    expect(c.cov1).toBeCloseTo(cov1, 9);
    expect(c.cov3).toBeCloseTo(cov3, 9);
    means.forEach((m, i) => {
      expect(m.variance).toBeCloseTo(variances[i], 9);
      expect(m.cov2).toBeCloseTo(cov2[i], 9);
    });
  });

  test("DeLong's covariances: MRMCaov's F(1, 15.06611) = 4.484854, p = 0.05123303", () => {
    const { components: c, test: t, means } = mrmc(labels, scores, { covariance: "delong" });
    [c.variance, c.cov1, c.cov2, c.cov3].forEach((value, i) =>
      expect(value).toBeCloseTo([0.0007921325, 0.000342009, 0.0003395265, 0.0002358497][i], 9),
    );
    expectClose(t.f, 4.484854, 1e-6);
    expectClose(t.df2, 15.06611, 1e-6);
    expectClose(t.p, 0.05123303, 1e-6);
    expect(means.map((m) => m.ci.map((x) => x.toFixed(7)))).toEqual([
      ["0.8253461", "0.9687280"],
      ["0.8942155", "0.9874592"],
    ]);
  });
});

describe.skipIf(!hasR)("against R", () => {
  test("jackknife covariances are Dorfman, Berbaum & Metz's analysis of pseudovalues by aov", () => {
    const { labels, scores } = drawn(3, 4, 7);
    const found = mrmc(labels, scores, { covariance: "jackknife" });
    const dbm = askR<{ f: number; df2: number; p: number; single: number[][] }>(
      { labels, scores },
      `y <- unlist(input$labels); n <- length(y)
area <- function(s, y) { p <- s[y == 1]; q <- s[y == 0]; mean(outer(p, q, function(a, b) (a > b) + (a == b) / 2)) }
cells <- expand.grid(r = seq_along(input$scores[[1]]), t = seq_along(input$scores))
d <- do.call(rbind, lapply(seq_len(nrow(cells)), function(i) {
  s <- unlist(input$scores[[cells$t[i]]][[cells$r[i]]])
  v <- n * area(s, y) - (n - 1) * sapply(seq_len(n), function(k) area(s[-k], y[-k]))
  data.frame(v, t = cells$t[i], r = cells$r[i], k = seq_len(n)) }))
for (f in c("t", "r", "k")) d[[f]] <- factor(d[[f]])
squares <- function(m) { s <- summary(m)[[1]]; setNames(s[["Mean Sq"]], trimws(rownames(s))) }
ms <- squares(aov(v ~ t * r * k, d))
sum <- ms[["t:r"]] + max(ms[["t:k"]] - ms[["t:r:k"]], 0)
df1 <- nlevels(d$t) - 1; df2 <- sum^2 / (ms[["t:r"]]^2 / (df1 * (nlevels(d$r) - 1))); f <- ms[["t"]] / sum
single <- lapply(levels(d$t), function(t) {
  one <- d[d$t == t, ]; r <- nlevels(d$r); m <- squares(aov(v ~ r * k, one))
  total <- m[["r"]] + max(m[["k"]] - m[["r:k"]], 0); df <- total^2 / (m[["r"]]^2 / (r - 1))
  c(df, mean(one$v) + c(-1, 1) * qt(0.975, df) * sqrt(total / (r * n))) })
output <- list(f = f, df2 = df2, p = pf(f, df1, df2, lower.tail = FALSE), single = single)`,
    );
    expectClose(found.test.f, dbm.f, 1e-9);
    expectClose(found.test.df2, dbm.df2, 1e-9);
    expectClose(found.test.p, dbm.p, 1e-9);
    found.means.forEach((m, i) => {
      expectClose(m.df, dbm.single[i][0], 1e-9);
      expectClose(m.ci[0], Math.max(0, dbm.single[i][1]), 1e-9);
      expectClose(m.ci[1], Math.min(1, dbm.single[i][2]), 1e-9);
    });
  });

  test("DeLong's covariances are pROC's", () => {
    const { labels, scores } = drawn(1, 3, 3);
    const { covariance } = correlatedAucs(labels, scores[0]);
    const expected = askR<number[]>(
      { labels, scores: scores[0] },
      `r <- lapply(input$scores, function(s) roc(unlist(input$labels), unlist(s), levels = 0:1, direction = "<"))
output <- c(var(r[[1]]), cov(r[[1]], r[[2]]), cov(r[[1]], r[[3]]), cov(r[[2]], r[[3]]))`,
    );
    [covariance[0][0], covariance[0][1], covariance[2][0], covariance[1][2]].forEach((value, i) =>
      expectClose(value, expected[i], 1e-10),
    );
  });
});

describe("relations", () => {
  test("the jackknife is what leaving out one case at a time gives", () => {
    fc.assert(
      fc.property(study(3), ({ labels, a, b }) => {
        const n = labels.length;
        const without = (values: readonly number[], k: number) => values.filter((_, i) => i !== k);
        const left = [a, b].map((s) => labels.map((_, k) => auc(without(labels, k), without(s, k))));
        const mean = left.map((v) => v.reduce((x, y) => x + y, 0) / n);
        const expected =
          ((n - 1) / n) *
          labels.reduce<number>((s, _, k) => s + (left[0][k] - mean[0]) * (left[1][k] - mean[1]), 0);
        expect(correlatedAucs(labels, [a, b], "jackknife").covariance[0][1]).toBeCloseTo(expected, 10);
      }),
    );
  });

  test("one fixed reader of two modalities: DeLong's paired test", () => {
    const { labels, scores } = drawn(2, 1, 5);
    const { differences, test: t } = mrmc(labels, scores, { random: "cases" });
    const paired = delongPaired(labels, scores[0][0], scores[1][0]);
    expectClose(differences[0].t, paired.z, 1e-9);
    expectClose(t.p, paired.p, 1e-9);
    expectClose(differences[0].ci[0], paired.ci[0], 1e-9);
  });

  test.each(["readers and cases", "cases", "readers"] as const)(
    "a model against readers is a modality in which every reader scores as the model (random %s)",
    (factors) => {
      const { labels, scores } = drawn(2, 4, 11);
      const [model] = scores[1];
      const options = { random: factors, covariance: "jackknife" } as const;
      const standalone = mrmcStandalone(labels, model, scores[0], options);
      const two = mrmc(labels, [scores[0].map(() => model), scores[0]], options);
      expectClose(standalone.t ** 2, two.test.f, 1e-9);
      expectClose(standalone.p, two.test.p, 1e-9);
      expectClose(standalone.ci[1], two.differences[0].ci[1], 1e-9);
      if (factors !== "cases") expectClose(standalone.df, two.test.df2, 1e-9);
      expect(standalone.standalone).toBeCloseTo(auc(labels, model), 12);
      expect(standalone.readers).toBeCloseTo(mrmcMean(labels, scores[0]).value, 12);
    },
  );

  test("the order of readers and cases changes nothing", () => {
    const { labels, scores } = drawn(2, 4, 13);
    const turned = mrmc(
      labels.toReversed(),
      scores.map((modality) => modality.toReversed().map((s) => s.toReversed())),
    );
    const { test: t, differences } = mrmc(labels, scores);
    expectClose(turned.test.f, t.f, 1e-9);
    expectClose(turned.differences[0].ci[1], differences[0].ci[1], 1e-9);
  });

  test("three modalities: a test for all, and three pairs", () => {
    const { labels, scores } = drawn(3, 3, 17);
    const { differences, test: t } = mrmc(labels, scores);
    expect(t.df1).toBe(2);
    expect(differences.map((d) => [d.a, d.b])).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ]);
    expect(differences[1].value).toBeCloseTo(differences[0].value + differences[2].value, 12);
  });

  test("readers alike and perfect in both modalities: no difference, p = 1", () => {
    const labels = [1, 1, 1, 0, 0, 0];
    const { test: t, means } = mrmc(labels, [
      [labels, labels],
      [labels, labels],
    ]);
    expect([t.f, t.p]).toEqual([0, 1]);
    expect(means[0].ci).toEqual([1, 1]);
  });
});

describe("refusals", () => {
  const { labels, scores } = drawn(2, 2, 1);
  test("too few readers, modalities or cases; uneven tables", () => {
    expect(codeOf(() => mrmc(labels, [[scores[0][0]], [scores[1][0]]]))).toBe("E_TOO_FEW");
    expect(codeOf(() => mrmc(labels, [scores[0]]))).toBe("E_TOO_FEW");
    expect(codeOf(() => mrmc(labels, [scores[0], [scores[1][0]]]))).toBe("E_VALUE");
    expect(codeOf(() => mrmcMean(labels, []))).toBe("E_TOO_FEW");
    expect(codeOf(() => mrmcMean([1, 0, 0], [[1, 2, 3]], { random: "cases" }))).toBe("E_TOO_FEW");
    expect(codeOf(() => mrmcMean(labels, [[1, 2], scores[0][0]]))).toBe("E_VALUE");
  });
});

// R: pf(c(4.46, 1.2, 30, 0.5), c(1, 2, 3, 7), c(15.26, 4, 100, 2.5), lower.tail = FALSE)
//    qf(c(.975, .5, .025, .999), c(5, 3, 9, 2.5), c(15.7, 8, 3.3, 40))
describe("Fisher's F", () => {
  test("tail", () => {
    const tails = [5.1580149386436e-2, 3.90625e-1, 6.45500991718161e-14, 7.95597653840349e-1];
    expectClose(fTail(4.46, 1, 15.26), tails[0], 1e-11);
    expectClose(fTail(1.2, 2, 4), tails[1], 1e-11);
    expectClose(fTail(30, 3, 100), tails[2], 1e-11);
    expectClose(fTail(0.5, 7, 2.5), tails[3], 1e-11);
    expectClose(fTail(5.475953, 1, Infinity), 0.01927984, 1e-6);
    expect([fTail(0, 1, 3), fTail(Infinity, 1, 3)]).toEqual([1, 0]);
  });
  test("quantile", () => {
    const quantiles = [3.523240030419716, 0.860037808522182, 0.201979429155985, 7.275369321586759];
    expectClose(fQuantile(0.975, 5, 15.7), quantiles[0], 1e-11);
    expectClose(fQuantile(0.5, 3, 8), quantiles[1], 1e-11);
    expectClose(fQuantile(0.025, 9, 3.3), quantiles[2], 1e-11);
    expectClose(fQuantile(0.999, 2.5, 40), quantiles[3], 1e-11);
  });
});
