import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../../../../src/base/random.ts";
import { delongAuc, delongPaired, delongUnpaired, placements } from "../../../../src/numerics/stats/index.ts";
import { study } from "../arbitrary.ts";
import { codeOf } from "../close.ts";
import { golden } from "../golden.ts";
import { askR, hasR } from "../r.ts";

describe("delong: pROC's figures", () => {
  const { labels, a, b } = golden;

  test("AUC, variance and interval", () => {
    const first = delongAuc(labels, a);
    expect(first.value).toBeCloseTo(0.796875, 14);
    expect(first.variance).toBeCloseTo(0.010104533053751804, 14);
    expect(first.ci[0]).toBeCloseTo(0.59985685964655389, 12);
    expect(first.ci[1]).toBeCloseTo(0.99389314035344611, 12);
    const second = delongAuc(labels, b);
    expect(second.variance).toBeCloseTo(0.01269460790945166, 14);
    expect(second.ci[0]).toBeCloseTo(0.54479517065392535, 12);
    expect(second.ci[1]).toBeCloseTo(0.98645482934607465, 12);
  });

  test("paired test", () => {
    const { difference, ci, z, p } = delongPaired(labels, a, b);
    expect(difference).toBeCloseTo(0.03125, 14);
    expect(z).toBeCloseTo(0.25943726083138541, 12);
    expect(p).toBeCloseTo(0.79529788360764031, 12);
    expect(ci[0]).toBeCloseTo(-0.20483356918586115, 12);
    expect(ci[1]).toBeCloseTo(0.26733356918586115, 12);
  });

  test("unpaired test", () => {
    const first = [0, 1, 2, 3, 4, 8, 9, 10, 11, 12, 13, 14, 15];
    const rest = labels.map((_, i) => i).filter((i) => !first.includes(i));
    const at = (values: number[], indices: number[]) => indices.map((i) => values[i]);
    const { t, df, p } = delongUnpaired(at(labels, first), at(a, first), at(labels, rest), at(a, rest));
    expect(t).toBeCloseTo(1.4936776415033541, 11);
    expect(df).toBeCloseTo(6.8980825531799557, 11);
    expect(p).toBeCloseTo(0.17952340260905519, 11);
  });
});

describe.skipIf(!hasR)("delong against R with pROC", () => {
  const draw = random(20260329);
  const sets = [
    { m: 2, n: 2, steps: 4 },
    { m: 3, n: 5, steps: 3 },
    { m: 12, n: 30, steps: 5 },
    { m: 30, n: 12, steps: 1000 },
    { m: 45, n: 133, steps: 5 },
    { m: 133, n: 45, steps: 100 },
    { m: 60, n: 60, steps: 2 },
    { m: 400, n: 600, steps: 20 },
    { m: 900, n: 300, steps: 1e9 },
  ].map(({ m, n, steps }) => {
    const labels = draw.shuffle(Array.from({ length: m + n }, (_, i) => (i < m ? 1 : 0)));
    const shared = labels.map(() => draw.normal());
    const score = (effect: number) =>
      labels.map((y, i) => {
        const latent = effect * y + 0.6 * shared[i] + 0.8 * draw.normal();
        return Math.round(steps / (1 + Math.exp(-latent))) / steps;
      });
    return { labels, a: score(1.3), b: score(0.8) };
  });

  interface Oracle {
    auc: number;
    variance: number;
    ci: number[];
    difference: number[];
    z: number;
    p: number;
    unpaired: number[];
  }
  const oracle = hasR
    ? askR<Oracle[]>(
        sets,
        `one <- function(s) {
  y <- unlist(s$labels)
  r <- function(x) suppressWarnings(roc(y, unlist(x), levels = 0:1, direction = "<", quiet = TRUE))
  ra <- r(s$a); rb <- r(s$b)
  t <- suppressWarnings(roc.test(ra, rb, paired = TRUE, method = "delong"))
  u <- suppressWarnings(roc.test(ra, rb, paired = FALSE, method = "delong"))
  list(auc = as.numeric(auc(ra)), variance = var(ra), ci = suppressWarnings(as.numeric(ci.auc(ra)))[c(1, 3)],
       difference = as.numeric(t$conf.int), z = unname(t$statistic), p = t$p.value,
       unpaired = c(unname(u$statistic), unname(u$parameter), u$p.value))
}
output <- lapply(input, one)`,
      )
    : [];

  test.each(sets.map((s, i) => ({ ...s, i, m: s.labels.filter((y) => y === 1).length, n: s.labels.length })))(
    "$m of $n positive",
    ({ labels, a, b, i }) => {
      const r = oracle[i];
      const single = delongAuc(labels, a);
      expect(single.value).toBeCloseTo(r.auc, 9);
      expect(single.variance).toBeCloseTo(r.variance, 9);
      expect(single.ci[0]).toBeCloseTo(r.ci[0], 9);
      expect(single.ci[1]).toBeCloseTo(r.ci[1], 9);
      const paired = delongPaired(labels, a, b);
      expect(paired.z).toBeCloseTo(r.z, 7);
      expect(paired.p).toBeCloseTo(r.p, 7);
      expect(paired.ci[0]).toBeCloseTo(r.difference[0], 9);
      expect(paired.ci[1]).toBeCloseTo(r.difference[1], 9);
      const unpaired = delongUnpaired(labels, a, labels, b);
      expect(unpaired.t).toBeCloseTo(r.unpaired[0], 7);
      expect(unpaired.df).toBeCloseTo(r.unpaired[1], 6);
      expect(unpaired.p).toBeCloseTo(r.unpaired[2], 7);
    },
  );
});

describe("delong", () => {
  test("placements, variance and covariance are those of the definition, pair by pair", () => {
    fc.assert(
      fc.property(study(2), ({ labels, a, b }) => {
        const cases = labels.map((_, i) => i);
        const [positives, negatives] = [1, 0].map((y) => cases.filter((i) => labels[i] === y));
        const win = (x: number[], i: number, j: number) => (x[i] > x[j] ? 1 : x[i] === x[j] ? 0.5 : 0);
        const mean = (v: number[]) => v.reduce((s, x) => s + x, 0) / v.length;
        const naive = (x: number[]) => ({
          positives: positives.map((i) => mean(negatives.map((j) => win(x, i, j)))),
          negatives: negatives.map((j) => mean(positives.map((i) => win(x, i, j)))),
        });
        const covariance = (v: number[], w: number[]) =>
          v.reduce((s, x, i) => s + (x - mean(v)) * (w[i] - mean(w)), 0) / (v.length - 1) / v.length;
        const [va, vb] = [naive(a), naive(b)];
        const found = placements(labels, a);
        expect([...found.positives]).toEqual(va.positives.map((v) => expect.closeTo(v, 12)));
        expect([...found.negatives]).toEqual(va.negatives.map((v) => expect.closeTo(v, 12)));
        const between = (v: typeof va, w: typeof va) =>
          covariance(v.positives, w.positives) + covariance(v.negatives, w.negatives);
        expect(delongAuc(labels, a).variance).toBeCloseTo(between(va, va), 12);
        const paired = between(va, va) + between(vb, vb) - 2 * between(va, vb);
        expect(delongPaired(labels, a, b).variance).toBeCloseTo(paired, 12);
      }),
    );
  });

  test("swapping the models turns the sign and nothing else", () => {
    fc.assert(
      fc.property(study(2), ({ labels, a, b }) => {
        const one = delongPaired(labels, a, b);
        const other = delongPaired(labels, b, a);
        expect(other.difference).toBe(-one.difference + 0);
        expect(other.p).toBeCloseTo(one.p, 12);
        expect(other.variance).toBeCloseTo(one.variance, 12);
      }),
    );
  });

  test("the paired variance is that of the two AUCs less twice their covariance: exact for a copy", () => {
    fc.assert(
      fc.property(study(2), ({ labels, a }) => {
        const same = delongPaired(
          labels,
          a,
          a.map((x) => x ** 3),
        );
        expect(same).toMatchObject({ difference: 0, variance: 0, z: 0, p: 1 });
      }),
    );
  });

  test("the interval holds the AUC, within [0, 1], wider at a higher level", () => {
    fc.assert(
      fc.property(study(2), ({ labels, a }) => {
        const { value, ci } = delongAuc(labels, a);
        const wide = delongAuc(labels, a, 0.99).ci;
        expect(ci[0]).toBeLessThanOrEqual(value + 1e-15);
        expect(ci[1]).toBeGreaterThanOrEqual(value - 1e-15);
        expect(wide[0]).toBeLessThanOrEqual(ci[0]);
        expect(wide[1]).toBeGreaterThanOrEqual(ci[1]);
        expect(wide[0]).toBeGreaterThanOrEqual(0);
        expect(wide[1]).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("one perfect curve against one flat: an infinite z, not a NaN", () => {
    expect(delongPaired([0, 0, 1, 1], [1, 2, 3, 4], [1, 1, 1, 1])).toMatchObject({
      difference: 0.5,
      z: Number.POSITIVE_INFINITY,
      p: 0,
    });
  });

  test("refuses fewer than two of a class", () => {
    expect(codeOf(() => delongAuc([1, 0, 0], [1, 2, 3]))).toBe("E_TOO_FEW");
    expect(codeOf(() => delongPaired([1, 1], [1, 2], [1, 2]))).toBe("E_ONE_CLASS");
    expect(codeOf(() => delongAuc([1, 1, 0, 0], [1, 2, 3, 4], 95))).toBe("E_VALUE");
  });
});
