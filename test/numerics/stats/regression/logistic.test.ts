import { describe, expect, test } from "vitest";
import { random } from "../../../../src/base/random.ts";
import { logistic, logisticProbability } from "../../../../src/numerics/stats/index.ts";
import { codeOf } from "../close.ts";
import { askR, hasR } from "../r.ts";

/**
 * R 4.2.2:
 * ```r
 * options(digits = 15)
 * m <- glm(am ~ log(wt) + hp, binomial, mtcars, control = glm.control(epsilon = 1e-14)); coef(m); fitted(m)[1:2]
 * ```
 */
const mtcars = {
  am: [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1],
  wt: [
    2.62, 2.875, 2.32, 3.215, 3.44, 3.46, 3.57, 3.19, 3.15, 3.44, 3.44, 4.07, 3.73, 3.78, 5.25, 5.424, 5.345,
    2.2, 1.615, 1.835, 2.465, 3.52, 3.435, 3.84, 3.845, 1.935, 2.14, 1.513, 3.17, 2.77, 3.57, 2.78,
  ],
  hp: [
    110, 110, 93, 110, 175, 105, 245, 62, 95, 123, 123, 180, 180, 180, 205, 215, 230, 66, 52, 65, 97, 150,
    150, 245, 175, 66, 91, 113, 264, 175, 335, 109,
  ],
};
const golden = {
  coefficients: [19.766500420565, -22.6690176618462, 0.0331005632965808],
  fitted: [0.828260192407247, 0.37002388666692, 0.977408951761587],
};

test("R's glm of a published data set", () => {
  const rows = mtcars.wt.map((wt, i) => [Math.log(wt), mtcars.hp[i]]);
  const model = logistic(rows, mtcars.am, 0);
  [model.intercept, ...model.slopes].forEach((b, j) => {
    expect(b).toBeCloseTo(golden.coefficients[j], 8);
  });
  golden.fitted.forEach((p, i) => {
    expect(logisticProbability(model, rows[i])).toBeCloseTo(p, 9);
  });
});

describe.skipIf(!hasR)("R on drawn data", () => {
  const draw = random(3);
  const sets = Array.from({ length: 10 }, (_, s) => {
    const n = 30 + 20 * s;
    const features = 1 + (s % 3);
    const x = Array.from({ length: n }, () => Array.from({ length: features }, () => 3 * draw.normal() + s));
    const y = x.map((row) => Number(draw.uniform() < 1 / (1 + Math.exp(1 - 0.4 * row[0]))));
    return { x, y, ridge: s % 2 ? 0.5 : 0 };
  });
  const oracle = hasR
    ? askR<number[][]>(
        sets,
        `output <- lapply(input, function(s) {
  x <- do.call(rbind, lapply(s$x, unlist)); y <- unlist(s$y)
  b <- coef(glm(y ~ x, family = binomial, control = glm.control(epsilon = 1e-14, maxit = 100)))
  if (s$ridge > 0) {
    f <- function(b) { z <- cbind(1, x) %*% b; sum(log1p(exp(-abs(z))) + pmax(z, 0) - y * z) + s$ridge / 2 * sum(b[-1]^2) }
    g <- function(b) { z <- cbind(1, x) %*% b; drop(t(cbind(1, x)) %*% (plogis(z) - y)) + s$ridge * c(0, b[-1]) }
    b <- optim(b, f, g, method = "BFGS", control = list(reltol = 1e-16, maxit = 10000))$par
  }
  as.numeric(b) })`,
      )
    : [];
  test.each(sets.map((s, i) => ({ ...s, i })))("set $i, ridge $ridge", ({ x, y, ridge, i }) => {
    const { intercept, slopes } = logistic(x, y, ridge);
    [intercept, ...slopes].forEach((b, j) => {
      expect(b).toBeCloseTo(oracle[i][j], ridge > 0 ? 5 : 8);
    });
  });
});

test("separable cases have an answer that puts each on its side", () => {
  const rows = [1, 2, 3, 4, 5, 6].map((x) => [x]);
  const model = logistic(rows, [0, 0, 0, 1, 1, 1]);
  expect(model.slopes[0]).toBeGreaterThan(0);
  expect(rows.map((row) => logisticProbability(model, row) > 0.5)).toEqual([
    false,
    false,
    false,
    true,
    true,
    true,
  ]);
});

test("no case, or a value that is no number", () => {
  expect(codeOf(() => logistic([], []))).toBe("E_TOO_FEW");
  for (const x of [Number.NaN, Infinity, -Infinity])
    expect(codeOf(() => logistic([[x], [1]], [0, 1]))).toBe("E_VALUE");
});
