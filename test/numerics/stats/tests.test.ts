import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../../../src/base/random.ts";
import {
  association,
  chiSquare,
  fisherExact,
  mannWhitney,
  quantile,
  welch,
} from "../../../src/numerics/stats/index.ts";
import { codeOf, expectClose } from "./close.ts";
import { askR, hasR } from "./r.ts";

const x = [54, 61, 47, 39, 72, 66, 58, 49, 61, 55];
const z = [60, 71, 66, 54, 61, 80, 69, 75];

describe("tests of Table 1: R 4.2.2's figures", () => {
  test("t.test(x, z)", () => {
    const { t, df, p } = welch(x, z);
    expectClose(t, -2.522314740955005);
    expectClose(df, 15.789368994510317);
    expectClose(p, 0.02279613447215386);
  });

  test("wilcox.test(x, z, exact = FALSE)", () => {
    const { u, p } = mannWhitney(x, z);
    expect(u).toBe(17);
    expectClose(p, 0.04492075476283451);
  });

  test("chisq.test(matrix(c(309, 80, 43, 123, 20, 31), 2, byrow = TRUE), correct = FALSE)", () => {
    const found = chiSquare([
      [309, 80, 43],
      [123, 20, 31],
    ]);
    expectClose(found.statistic, 10.000320633133132);
    expectClose(found.p, 0.006736866881139583);
    expectClose(found.minExpected, 21.247524752475247);
    expect(found.df).toBe(2);
  });

  test("fisher.test: the tea tasting, and two more", () => {
    const p = (a: number, b: number, c: number, d: number) =>
      fisherExact([
        [a, b],
        [c, d],
      ]);
    expectClose(p(3, 1, 1, 3), 0.4857142857142857);
    expectClose(p(8, 1, 2, 9), 0.005477494641581329);
    expectClose(p(120, 41, 30, 25), 0.006860223712672242);
  });
});

describe.skipIf(!hasR)("tests of Table 1 against R, drawn data", () => {
  const draw = random(11);
  const sets = Array.from({ length: 12 }, (_, s) => {
    const value = () => Math.round(draw.normal() * (s % 3 === 0 ? 2 : 50));
    return {
      a: Array.from({ length: 5 + draw.integer(40) }, value),
      b: Array.from({ length: 5 + draw.integer(40) }, () => value() + 1),
      table: [0, 1].map(() => [1 + draw.integer(s < 6 ? 8 : 60), 1 + draw.integer(s < 6 ? 8 : 60)]),
    };
  });
  const oracle = hasR
    ? askR<{ welch: number; rank: number; pearson: number; fisher: number; q: number }[]>(
        sets,
        `output <- lapply(input, function(s) { a <- unlist(s$a); b <- unlist(s$b); m <- do.call(rbind, lapply(s$table, unlist))
  list(welch = t.test(a, b)$p.value, rank = suppressWarnings(wilcox.test(a, b, exact = FALSE)$p.value),
       pearson = suppressWarnings(chisq.test(m, correct = FALSE)$p.value), fisher = fisher.test(m)$p.value,
       q = unname(quantile(a, .37))) })`,
      )
    : [];

  test.each(sets.map((s, i) => ({ ...s, i })))("set $i", ({ a, b, table, i }) => {
    expect(welch(a, b).p).toBeCloseTo(oracle[i].welch, 10);
    expect(mannWhitney(a, b).p).toBeCloseTo(oracle[i].rank, 10);
    expect(chiSquare(table).p).toBeCloseTo(oracle[i].pearson, 10);
    expect(quantile(a, 0.37)).toBeCloseTo(oracle[i].q, 10);
    const [[p, q], [r, s]] = table;
    expect(
      fisherExact([
        [p, q],
        [r, s],
      ]),
    ).toBeCloseTo(oracle[i].fisher, 8);
  });
});

describe("tests of Table 1", () => {
  test("swapping the groups changes no p", () => {
    const values = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(welch(b, a).p).toBeCloseTo(welch(a, b).p, 12);
        expect(mannWhitney(b, a).p).toBeCloseTo(mannWhitney(a, b).p, 12);
        expect(mannWhitney(a, b).u + mannWhitney(b, a).u).toBeCloseTo(a.length * b.length, 9);
      }),
    );
  });

  test("transposing a table changes no p", () => {
    const n = fc.integer({ min: 0, max: 30 });
    fc.assert(
      fc.property(n, n, n, n, (a, b, c, d) => {
        fc.pre(a + b + c + d > 0);
        expect(
          fisherExact([
            [a, c],
            [b, d],
          ]),
        ).toBeCloseTo(
          fisherExact([
            [a, b],
            [c, d],
          ]),
          9,
        );
        expect(
          chiSquare([
            [a, c],
            [b, d],
          ]).p,
        ).toBeCloseTo(
          chiSquare([
            [a, b],
            [c, d],
          ]).p,
          9,
        );
      }),
    );
  });

  test("Table 1 takes Fisher's test for a small 2 × 2 table only", () => {
    expect(
      association([
        [3, 1],
        [1, 3],
      ]).test,
    ).toBe("Fisher’s exact");
    expect(
      association([
        [30, 10],
        [10, 30],
      ]).test,
    ).toBe("Pearson’s χ²");
    expect(
      association([
        [3, 1, 1],
        [1, 3, 1],
      ]).test,
    ).toBe("Pearson’s χ²");
  });

  test("degenerate input has an answer or a code", () => {
    expect(welch([3, 3], [3, 3])).toEqual({ t: 0, df: 2, p: 1 });
    expect(welch([3, 3], [4, 4]).p).toBe(0);
    expect(mannWhitney([2, 2], [2])).toMatchObject({ z: 0, p: 1 });
    expect(
      chiSquare([
        [4, 0],
        [9, 0],
      ]),
    ).toMatchObject({ df: 0, p: 1 });
    expect(codeOf(() => welch([1], [1, 2]))).toBe("E_TOO_FEW");
    expect(codeOf(() => mannWhitney([], [1]))).toBe("E_TOO_FEW");
    expect(codeOf(() => chiSquare([[0, 0]]))).toBe("E_TOO_FEW");
    expect(codeOf(() => chiSquare([[1], [1, 2]]))).toBe("E_VALUE");
    expect(
      codeOf(() =>
        fisherExact([
          [1, -1],
          [0, 2],
        ]),
      ),
    ).toBe("E_VALUE");
  });
});
