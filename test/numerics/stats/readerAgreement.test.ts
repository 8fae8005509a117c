import { describe, expect, test } from "vitest";
import { random } from "../../../src/base/random.ts";
import {
  crossTable,
  fleissKappa,
  icc,
  iccInterval,
  jackknife,
  kappa,
  meanKappa,
} from "../../../src/numerics/stats/index.ts";
import { mean } from "../../../src/numerics/stats/moments.ts";
import { codeOf, expectClose } from "./close.ts";
import { askR, hasR } from "./r.ts";

describe("fleissKappa", () => {
  // Fourteen raters, ten subjects, five categories: the worked example of Wikipedia's "Fleiss' kappa", κ = 0.210.
  const counts = [
    [0, 0, 0, 0, 14],
    [0, 2, 6, 4, 2],
    [0, 0, 3, 5, 6],
    [0, 3, 9, 2, 0],
    [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0],
    [2, 5, 3, 2, 2],
    [6, 5, 2, 1, 0],
    [0, 2, 2, 3, 7],
  ];
  test("a published example", () => expect(fleissKappa(counts)).toBeCloseTo(0.21, 3));

  test("two raters: Scott's pi, which is below Cohen's kappa where the margins differ", () => {
    const first = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0];
    const second = [1, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    const pairs = first.map((a, i) => [2 - a - second[i], a + second[i]]);
    // Observed 0.8; chance (0.7² + 0.3²) = 0.58 by pooled margins.
    expect(fleissKappa(pairs)).toBeCloseTo((0.8 - 0.58) / 0.42, 12);
    expect(fleissKappa(pairs)).toBeLessThan(kappa(crossTable(first, second, [0, 1])));
  });

  test("refusals", () => {
    expect(codeOf(() => fleissKappa([[3, 0]]))).toBe("E_ONE_CLASS");
    expect(codeOf(() => fleissKappa([[1, 0]]))).toBe("E_TOO_FEW");
    expect(codeOf(() => fleissKappa([]))).toBe("E_TOO_FEW");
    expect(
      codeOf(() =>
        fleissKappa([
          [2, 1],
          [1, 1],
        ]),
      ),
    ).toBe("E_VALUE");
  });
});

test("meanKappa is the mean over pairs", () => {
  const ratings = [
    [1, 2, 3, 4, 5, 1, 2],
    [2, 2, 3, 5, 5, 1, 1],
    [1, 3, 3, 4, 4, 2, 1],
  ];
  const levels = [1, 2, 3, 4, 5];
  const pair = (i: number, j: number) => kappa(crossTable(ratings[i], ratings[j], levels), "quadratic");
  expect(meanKappa(ratings, levels, "quadratic")).toBeCloseTo((pair(0, 1) + pair(0, 2) + pair(1, 2)) / 3, 12);
  expect(codeOf(() => meanKappa([ratings[0]], levels))).toBe("E_TOO_FEW");
});

describe("iccInterval", () => {
  // Shrout & Fleiss, Psychol Bull 1979;86:420, table 2: ICC(2,1) = .29.
  const shroutFleiss = [
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
  ];
  test.skipIf(!hasR)("McGraw & Wong's limits are where their F is the quantile, by aov and qf", () => {
    const value = icc(shroutFleiss).icc21;
    const ci = iccInterval(shroutFleiss).icc21;
    expect(value).toBeCloseTo(0.29, 2);
    const tails = askR<number[]>(
      { ratings: shroutFleiss, value, ci },
      `m <- do.call(rbind, lapply(input$ratings, unlist)); n <- nrow(m); k <- ncol(m)
d <- data.frame(v = as.vector(m), s = factor(row(m)), r = factor(col(m)))
ms <- summary(aov(v ~ s + r, d))[[1]][["Mean Sq"]]
rho <- input$value; a <- k * rho / (n * (1 - rho)); b <- 1 + k * rho * (n - 1) / (n * (1 - rho))
df <- (a * ms[2] + b * ms[3])^2 / ((a * ms[2])^2 / (k - 1) + (b * ms[3])^2 / ((n - 1) * (k - 1)))
# The limit L is the correlation at which MS(subjects) over its expectation, a combination of MS(raters) and MS(error), is F's quantile.
at <- function(l) ms[1] / (k * l / (n * (1 - l)) * ms[2] + (1 + k * l * (n - 1) / (n * (1 - l))) * ms[3])
output <- c(pf(at(input$ci[[1]]), n - 1, df, lower.tail = FALSE), pf(at(input$ci[[2]]), n - 1, df))`,
    );
    tails.forEach((p) => expectClose(p, 0.025, 1e-9));
  });

  test("perfect agreement has no width", () => {
    const perfect = iccInterval([
      [1, 1],
      [2, 2],
      [4, 4],
    ]);
    expect(perfect.icc21).toEqual([1, 1]);
  });
});

describe("jackknife", () => {
  test("of a mean: Student's interval", () => {
    // R: t.test(c(2, 4, 4, 5, 9))$conf.int
    const values = [2, 4, 4, 5, 9];
    const { value, ci } = jackknife(values.length, (indices) => mean(indices.map((i) => values[i])));
    expect(value).toBeCloseTo(4.8, 12);
    expectClose(ci[0], 1.58603242927, 1e-11);
    expectClose(ci[1], 8.01396757073, 1e-11);
  });

  test("covers Fleiss's kappa of drawn decisions in about 95 of 100 samples", () => {
    // Latent agreement: each rater keeps the subject's class with probability 0.85; κ = (0.85 − 0.15)² = 0.49.
    const draw = random(3);
    const covered = Array.from({ length: 300 }, () => {
      const counts = Array.from({ length: 60 }, () => {
        const truth = draw.uniform() < 0.5 ? 1 : 0;
        const yes = [0, 1, 2, 3].filter(() => (draw.uniform() < 0.85 ? truth : 1 - truth) === 1).length;
        return [4 - yes, yes];
      });
      const { ci } = jackknife(counts.length, (indices) => fleissKappa(indices.map((i) => counts[i])));
      return ci[0] <= 0.49 && 0.49 <= ci[1];
    }).filter(Boolean).length;
    expect(covered / 300).toBeGreaterThan(0.91);
    expect(covered / 300).toBeLessThan(0.99);
  });

  test("too few cases", () => expect(codeOf(() => jackknife(2, () => 0))).toBe("E_TOO_FEW"));
});
