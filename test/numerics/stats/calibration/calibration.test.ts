import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../../../../src/base/random.ts";
import {
  brierDecomposition,
  calibrationCurve,
  calibrationErrors,
  calibrationInTheLarge,
  calibrationSlope,
  isotonic,
  isotonicProbability,
  platt,
  plattProbability,
  temperature,
  temperatureProbability,
} from "../../../../src/numerics/stats/index.ts";
import { study } from "../arbitrary.ts";
import { askR, hasR } from "../r.ts";

const draw = random(17);
const sets = [60, 200, 1000].map((n, s) => {
  const latent = Array.from({ length: n }, () => 1.4 * draw.normal() - 0.5);
  const labels = latent.map((x) => Number(draw.uniform() < 1 / (1 + Math.exp(-x))));
  const places = s === 1 ? 2 : 6; // the second set is tied
  const probabilities = latent.map((x) => {
    const p = 1 / (1 + Math.exp(-(0.3 + 1.5 * x)));
    return Math.min(0.99, Math.max(0.01, Number(p.toFixed(places))));
  });
  return { labels, probabilities, knots: 3 + s, at: [0.05, 0.3, 0.5, 0.8, 0.97] };
});

describe.skipIf(!hasR)("calibration against R", () => {
  interface Oracle {
    large: [number, number];
    slope: [number, number];
    observed: number[];
    low: number[];
    high: number[];
    errors: number[];
    platt: number[];
    temperature: number;
    isotonic: number[];
  }
  const oracle = hasR
    ? askR<Oracle[]>(
        sets,
        `tight <- glm.control(epsilon = 1e-14, maxit = 100)
places <- list(NULL, NULL, c(.1, .5, .9), c(.05, .35, .65, .95), c(.05, .275, .5, .725, .95))
output <- lapply(input, function(s) {
  y <- unlist(s$labels); p <- unlist(s$probabilities); x <- qlogis(p)
  large <- summary(glm(y ~ offset(x), family = binomial, control = tight))$coefficients
  slope <- summary(glm(y ~ x, family = binomial, control = tight))$coefficients
  # natural splines span the same curves as Harrell's restricted cubic splines of these knots
  k <- quantile(x, places[[s$knots]]); m <- length(k)
  d <- data.frame(y, x)
  curve <- glm(y ~ splines::ns(x, knots = k[2:(m - 1)], Boundary.knots = k[c(1, m)]), family = binomial, data = d, control = tight)
  at <- predict(curve, data.frame(x = qlogis(unlist(s$at))), se.fit = TRUE)
  e <- abs(fitted(curve) - p)
  t <- ifelse(y == 1, (sum(y) + 1) / (sum(y) + 2), 1 / (sum(1 - y) + 2))
  scaled <- suppressWarnings(coef(glm(t ~ p, family = binomial, control = tight)))
  shuffled <- order(cos(seq_along(p))); iso <- isoreg(p[shuffled], y[shuffled])
  fit <- approx(p[shuffled][iso$ord], iso$yf, xout = p, ties = "ordered")$y
  list(large = large[1, 1:2], slope = slope[2, 1:2], observed = plogis(at$fit), low = plogis(at$fit - qnorm(.975) * at$se.fit),
    high = plogis(at$fit + qnorm(.975) * at$se.fit), errors = c(mean(e), median(e), quantile(e, .9), max(e)),
    platt = unname(scaled), temperature = 1 / unname(coef(glm(y ~ x - 1, family = binomial, control = tight))), isotonic = fit) })`,
      )
    : [];

  test.each(sets.map((s, i) => ({ ...s, i, n: s.labels.length })))(
    "$n cases",
    ({ labels, probabilities, knots, at, i }) => {
      const r = oracle[i];
      const large = calibrationInTheLarge(labels, probabilities);
      expect([large.value, large.standardError]).toEqual(r.large.map((v) => expect.closeTo(v, 7)));
      const slope = calibrationSlope(labels, probabilities);
      expect([slope.value, slope.standardError]).toEqual(r.slope.map((v) => expect.closeTo(v, 7)));
      const curve = calibrationCurve(labels, probabilities, { knots, at });
      expect(curve.map((c) => c.observed)).toEqual(r.observed.map((v) => expect.closeTo(v, 8)));
      expect(curve.map((c) => c.low)).toEqual(r.low.map((v) => expect.closeTo(v, 7)));
      expect(curve.map((c) => c.high)).toEqual(r.high.map((v) => expect.closeTo(v, 7)));
      const { ici, e50, e90, eMax } = calibrationErrors(labels, probabilities, { knots });
      expect([ici, e50, e90, eMax]).toEqual(r.errors.map((v) => expect.closeTo(v, 8)));
      const scaled = platt(labels, probabilities);
      expect([scaled.intercept, scaled.slope]).toEqual(r.platt.map((v) => expect.closeTo(v, 7)));
      expect(temperature(labels, probabilities)).toBeCloseTo(r.temperature, 8);
      const rising = isotonic(labels, probabilities);
      expect(probabilities.map((p) => isotonicProbability(rising, p))).toEqual(
        r.isotonic.map((v) => expect.closeTo(v, 9)),
      );
    },
  );
});

describe("isotonic", () => {
  test("never falls, keeps the mean, and no other rising function through these levels is closer", () => {
    const levels = [0, 0.2, 1 / 3, 0.5, 2 / 3, 0.8, 1];
    const rising = fc.array(fc.constantFrom(...levels), { minLength: 9, maxLength: 9 }).map((v) => v.sort());
    fc.assert(
      fc.property(study(), rising, ({ labels, a }, other) => {
        const fit = isotonic(labels, a);
        const fitted = a.map((x) => isotonicProbability(fit, x));
        const sum = (values: number[]) => values.reduce((s, v) => s + v, 0);
        const loss = (values: number[]) => sum(values.map((v, i) => (v - labels[i]) ** 2));
        fit.scores.forEach((score, k) => {
          if (k === 0) return;
          expect(score).toBeGreaterThan(fit.scores[k - 1]);
          expect(fit.probabilities[k]).toBeGreaterThanOrEqual(fit.probabilities[k - 1]);
        });
        expect(sum(fitted)).toBeCloseTo(sum(labels), 9);
        expect(loss(fitted)).toBeLessThanOrEqual(loss(a.map((x) => other[x])) + 1e-9);
      }),
    );
  });

  test("straight between the knots, flat beyond", () => {
    const fit = isotonic([0, 0, 1, 1], [0, 1, 3, 4]);
    expect([-9, 0, 1, 1.5, 2, 3, 99].map((x) => isotonicProbability(fit, x))).toEqual([
      0, 0, 0, 0.25, 0.5, 1, 1,
    ]);
  });
});

describe("recalibration", () => {
  test("Platt: separable scores have a finite answer; a change of the score's scale changes nothing", () => {
    const labels = [0, 0, 0, 1, 1, 1];
    const near = platt(labels, [1, 2, 3, 4, 5, 6]);
    const far = platt(
      labels,
      [1, 2, 3, 4, 5, 6].map((x) => 1000 * x - 7e5),
    );
    expect(plattProbability(near, 6)).toBeLessThan(1);
    expect(plattProbability(far, 6000 - 7e5)).toBeCloseTo(plattProbability(near, 6), 9);
  });

  test("temperature: no other one is likelier", () => {
    const { labels, probabilities } = sets[0];
    const best = temperature(labels, probabilities);
    const loss = (t: number) =>
      probabilities.reduce((s, p, i) => {
        const q = temperatureProbability(t, p);
        return s - Math.log(labels[i] === 1 ? q : 1 - q);
      }, 0);
    for (const factor of [0.9, 0.999, 1.001, 1.1]) expect(loss(best * factor)).toBeGreaterThan(loss(best));
  });
});

describe("Brier's parts", () => {
  test("add up; predictions equal within bins leave nothing within them", () => {
    fc.assert(
      fc.property(study(), ({ labels, a }) => {
        const p = a.map((x) => 0.05 + x / 10);
        const d = brierDecomposition(labels, p);
        expect(d.reliability - d.resolution + d.uncertainty).toBeCloseTo(d.brier, 12);
        expect(d.withinBins).toBeCloseTo(0, 12);
      }),
    );
  });

  test("by hand: two bins of two", () => {
    const d = brierDecomposition([0, 1, 1, 1], [0.2, 0.4, 0.7, 0.9], 2);
    expect(d.uncertainty).toBeCloseTo(0.1875, 14);
    expect(d.resolution).toBeCloseTo(0.0625, 14);
    expect(d.reliability).toBeCloseTo((0.2 ** 2 + 0.2 ** 2) / 2, 14);
    expect(d.brier).toBeCloseTo((0.04 + 0.36 + 0.09 + 0.01) / 4, 14);
    expect(d.withinBins).toBeCloseTo(d.brier - d.reliability + d.resolution - d.uncertainty, 14);
  });
});
