import { describe, expect, test } from "vitest";
import {
  hanleyMcNeil,
  powerOneAuc,
  powerPairedAucs,
  sampleSizeForWidth,
  sampleSizeFromPilot,
  sampleSizeOneAuc,
  sampleSizePairedAucs,
} from "../../../src/numerics/stats/index.ts";
import { golden } from "./golden.ts";
import { askR, hasR } from "./r.ts";

const one = [
  { auc: 0.75, positives: 30, negatives: 60, alpha: 0.05, sides: 2 as const, power: 0.9 },
  { auc: 0.6, positives: 93, negatives: 40, alpha: 0.05, sides: 1 as const, power: 0.8 },
  { auc: 0.9, positives: 8, negatives: 8, alpha: 0.01, sides: 2 as const, power: 0.95 },
];
const two = [
  { first: 0.85, second: 0.75, rp: 0.6, rn: 0.6, b1: 1, b2: 1, positives: 60, negatives: 120, power: 0.8 },
  { first: 0.7, second: 0.8, rp: 0.3, rn: 0.5, b1: 0.8, b2: 1.3, positives: 40, negatives: 40, power: 0.9 },
  { first: 0.95, second: 0.9, rp: 0.7, rn: 0.2, b1: 1.1, b2: 1, positives: 150, negatives: 75, power: 0.85 },
];

describe.skipIf(!hasR)("power and sample size against pROC's power.roc.test", () => {
  interface Oracle {
    one: { power: number; cases: number; controls: number }[];
    two: { power: number; cases: number; controls: number }[];
    pilot: { cases: number; controls: number };
  }
  const oracle = hasR
    ? askR<Oracle>(
        { one, two, golden },
        `side <- function(s) if (s == 2) "two.sided" else "one.sided"
sizes <- function(t) list(cases = t$ncases, controls = t$ncontrols)
ones <- lapply(input$one, function(s) c(power = power.roc.test(auc = s$auc, ncases = s$positives,
    ncontrols = s$negatives, sig.level = s$alpha, alternative = side(s$sides))$power,
  sizes(power.roc.test(auc = s$auc, power = s$power, sig.level = s$alpha, kappa = s$negatives / s$positives,
    alternative = side(s$sides)))))
twos <- lapply(input$two, function(s) {
  p <- list(A1 = qnorm(s$first) * sqrt(1 + s$b1^2), B1 = s$b1, A2 = qnorm(s$second) * sqrt(1 + s$b2^2), B2 = s$b2,
    rn = s$rn, ra = s$rp, delta = s$first - s$second)
  c(power = power.roc.test(p, ncases = s$positives, ncontrols = s$negatives, sig.level = .05)$power,
    sizes(power.roc.test(p, power = s$power, sig.level = .05, kappa = s$negatives / s$positives))) })
y <- unlist(input$golden$labels)
r <- lapply(input$golden[c("a", "b")], function(x) roc(y, unlist(x), levels = 0:1, direction = "<", quiet = TRUE))
output <- list(one = ones, two = twos, pilot = sizes(power.roc.test(r$a, r$b, power = .8)))`,
      )
    : undefined;

  test.each(one.map((s, i) => ({ ...s, i })))("one AUC of $auc", ({ i, power, ...design }) => {
    const r = oracle!.one[i];
    expect(powerOneAuc(design)).toBeCloseTo(r.power, 9);
    const ratio = design.negatives / design.positives;
    expect(sampleSizeOneAuc({ ...design, power, ratio })).toEqual({
      positives: Math.ceil(r.cases),
      negatives: Math.ceil(r.controls),
    });
  });

  test.each(two.map((s, i) => ({ ...s, i })))(
    "$first against $second",
    ({ i, rp, rn, b1, b2, power, positives, negatives, ...aucs }) => {
      const r = oracle!.two[i];
      const correlation = { positives: rp, negatives: rn };
      const design = { ...aucs, correlation, spread: [b1, b2] as const };
      expect(powerPairedAucs({ ...design, positives, negatives })).toBeCloseTo(r.power, 9);
      expect(sampleSizePairedAucs({ ...design, power, ratio: negatives / positives })).toEqual({
        positives: Math.ceil(r.cases),
        negatives: Math.ceil(r.controls),
      });
    },
  );

  test("from a pilot", () => {
    const { labels, a, b } = golden;
    expect(sampleSizeFromPilot(labels, a, b, { power: 0.8 })).toEqual({
      positives: Math.ceil(oracle!.pilot.cases),
      negatives: Math.ceil(oracle!.pilot.controls),
    });
  });
});

const designs = [
  { auc: 0.893, positives: 51, negatives: 58 },
  { auc: 0.7, positives: 20, negatives: 200 },
  { auc: 0.4, positives: 9, negatives: 4 },
];
test.skipIf(!hasR)("Hanley & McNeil: the variance of the Mann–Whitney share of exponential scores", () => {
  const variances = askR<number[]>(
    designs,
    `output <- lapply(input, function(s) { m <- s$positives; n <- s$negatives; rate <- 1 / s$auc - 1
  over <- function(f) integrate(f, 0, Inf, rel.tol = 1e-10)$value
  q1 <- over(function(x) pexp(x, rate, lower.tail = FALSE)^2 * dexp(x))
  q2 <- over(function(x) pexp(x)^2 * dexp(x, rate))
  (s$auc + (m - 1) * q1 + (n - 1) * q2 - (m + n - 1) * s$auc^2) / (m * n) })`,
  );
  designs.forEach(({ auc, positives, negatives }, i) => {
    expect(hanleyMcNeil(auc, positives, negatives)).toBeCloseTo(variances[i], 10);
  });
});

test.each([
  { auc: 0.8, width: 0.1 },
  { auc: 0.85, width: 0.12, ratio: 2.5 },
  { auc: 0.6, width: 0.3, ratio: 0.4, level: 0.9 },
])("the smallest study for a width of $width at $auc", (design) => {
  const z = design.level === 0.9 ? 1.6448536269514722 : 1.9599639845400545;
  const width = (m: number) =>
    2 * z * Math.sqrt(hanleyMcNeil(design.auc, m, Math.ceil(m * (design.ratio ?? 1))));
  const { positives, negatives } = sampleSizeForWidth(design);
  expect(negatives).toBe(Math.ceil(positives * (design.ratio ?? 1)));
  expect(width(positives)).toBeLessThanOrEqual(design.width);
  expect(width(positives - 1)).toBeGreaterThan(design.width);
});
