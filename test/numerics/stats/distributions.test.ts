import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { betaCdf, betaQuantile } from "../../../src/numerics/stats/distributions/beta.ts";
import { logGamma } from "../../../src/numerics/stats/distributions/gamma.ts";
import {
  criticalValue,
  normalCdf,
  normalQuantile,
  normalTwoSided,
} from "../../../src/numerics/stats/distributions/normal.ts";
import { studentQuantile, studentTwoSided } from "../../../src/numerics/stats/distributions/student.ts";
import { chiSquareTail } from "../../../src/numerics/stats/tests/chiSquare.ts";
import { codeOf, expectClose } from "./close.ts";

// All figures below: R 4.2.2, options(digits = 17), the call named above each list.
describe("distributions against R", () => {
  test.each([
    // pnorm(z)
    [-10, 7.619853024160527e-24],
    [-3.7, 0.00010779973347738828],
    [-1, 0.15865525393145705],
    [-1e-3, 0.49960105778608893],
    [0.5, 0.691462461274013],
    [2, 0.9772498680518208],
    [6, 0.9999999990134123],
  ])("Φ(%d)", (z, p) => expectClose(normalCdf(z), p));

  test.each([
    // qnorm(p)
    [1e-300, -37.0470962993612],
    [1e-20, -9.262340089798409],
    [0.001, -3.090232306167813],
    [0.025, -1.9599639845400538],
    [0.3, -0.5244005127080407],
    [0.5, 0],
    [0.8, 0.8416212335729144],
    [0.975, 1.9599639845400536],
    [1 - 1e-10, 6.361340889697421],
  ])("Φ⁻¹(%d)", (p, z) => expectClose(normalQuantile(p), z, 4e-16));

  test.each([
    // 2 * pt(-abs(t), df)
    [-2.3, 11.7, 0.04071326071992136],
    [-0.01, 1, 0.9936340144701835],
    [40, 5, 1.8411962171772952e-7],
    [-1.5, 4000, 0.13369332339679207],
  ])("t = %d on %d", (t, df, p) => expectClose(studentTwoSided(t, df), p, 1e-11));

  test.each([
    // qt(.975, df)
    [1, 12.706204736174694],
    [4.5, 2.6589123472044025],
    [200, 1.971896223633908],
  ])("t quantile on %d", (df, t) => expectClose(studentQuantile(0.975, df), t, 1e-11));

  test.each([
    // pchisq(x, df, lower.tail = FALSE)
    [0.1, 1, 0.7518296340458493],
    [3.84, 1, 0.050043521248705224],
    [40, 3, 1.0655090334255863e-8],
    [200, 150, 0.003973185970821609],
    [1000, 990, 0.40557162823372445],
  ])("χ² = %d on %d", (x, df, p) => expectClose(chiSquareTail(x, df), p, 1e-11));

  test.each([
    // pbeta(x, a, b)
    [0.01, 2, 3, 0.0005920300000000003],
    [0.3, 0.5, 0.5, 0.36901011956554525],
    [0.5, 800, 750, 0.10196164507973947],
    [0.97, 18, 0.7, 0.41817158850895086],
  ])("I at %d of (%d, %d)", (x, a, b, p) => expectClose(betaCdf(x, a, b), p, 1e-11));

  test.each([
    // qbeta(p, a, b)
    [0.025, 18, 83, 0.11031122915326054],
    [0.975, 1, 1000, 0.003682083896865671],
    [0.5, 500, 0.5, 0.9995449396318582],
  ])("beta quantile %d of (%d, %d)", (p, a, b, x) => expectClose(betaQuantile(p, a, b), x, 1e-11));

  test.each([
    // lgamma(x)
    [0.1, 2.252712651734206],
    [0.5, 0.5723649429247001],
    [1.5, -0.12078223763524518],
    [10, 12.801827480081469],
    [171.3, 708.1149470389971],
    [5000, 37582.626315685353],
  ])("ln Γ(%d)", (x, y) => expectClose(logGamma(x), y, 1e-13));
});

describe("distributions", () => {
  test("the normal quantile undoes the normal probability", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (p) => {
        expectClose(normalCdf(normalQuantile(p)), p, 1e-12);
      }),
    );
  });

  test("the two-sided p is twice the tail", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 12, noNaN: true }), (z) => {
        expectClose(normalTwoSided(z), 2 * normalCdf(-z), 1e-12);
      }),
    );
  });

  test("the ends", () => {
    expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(normalCdf(Number.POSITIVE_INFINITY)).toBe(1);
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
    expect(studentTwoSided(Number.POSITIVE_INFINITY, 3)).toBe(0);
    expect(codeOf(() => normalQuantile(1.1))).toBe("E_VALUE");
    expect(codeOf(() => criticalValue(95))).toBe("E_VALUE");
  });
});
