import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../../../../src/base/random.ts";
import { auc, type PartialAucOptions, partialAuc } from "../../../../src/numerics/stats/index.ts";
import { study } from "../arbitrary.ts";
import { askR, hasR } from "../r.ts";

describe.skipIf(!hasR)("partial AUC against pROC", () => {
  const draw = random(5);
  const sets = [3, 6, 1e6].map((steps) => {
    const labels = Array.from({ length: 90 }, (_, i) => (i % 3 === 0 ? 1 : 0));
    const scores = labels.map((y) => Math.round(steps * (draw.normal() + y)) / steps);
    return { labels, scores };
  });
  const ranges: PartialAucOptions[] = [
    { from: 0.8, to: 1 },
    { from: 0.333, to: 0.71, of: "specificity" },
    { from: 0.9, to: 0.901 },
    { from: 0.8, to: 1, of: "sensitivity" },
    { from: 0, to: 1, of: "sensitivity" },
    { from: 0.45, to: 0.62, of: "sensitivity" },
  ];
  const asked = sets.flatMap((set) => ranges.map((range) => ({ ...set, of: "specificity", ...range })));
  const oracle = hasR
    ? askR<{ plain: number; corrected: number }[]>(
        asked,
        `output <- lapply(input, function(s) {
  r <- roc(unlist(s$labels), unlist(s$scores), levels = 0:1, direction = "<", quiet = TRUE)
  area <- function(corrected) as.numeric(auc(r, partial.auc = c(s$from, s$to), partial.auc.focus = s$of,
    partial.auc.correct = corrected, allow.invalid.partial.auc.correct = TRUE))
  list(plain = area(FALSE), corrected = area(TRUE)) })`,
      )
    : [];

  test.each(asked.map((a, i) => ({ ...a, i, cases: a.labels.length })))(
    "$of $from to $to, set $i",
    ({ labels, scores, of, from, to, i }) => {
      const range = { of, from, to } as PartialAucOptions;
      expect(partialAuc(labels, scores, range)).toBeCloseTo(oracle[i].plain, 10);
      expect(partialAuc(labels, scores, { ...range, corrected: true })).toBeCloseTo(oracle[i].corrected, 9);
    },
  );
});

test("the whole range is the AUC, and parts add up, whichever way they are cut", () => {
  fc.assert(
    fc.property(study(), fc.double({ min: 0.01, max: 0.99, noNaN: true }), ({ labels, a }, cut) => {
      for (const axis of ["specificity", "sensitivity"] as const) {
        const part = (from: number, to: number) => partialAuc(labels, a, { of: axis, from, to });
        expect(part(0, 1)).toBeCloseTo(auc(labels, a), 12);
        expect(part(0, cut) + part(cut, 1)).toBeCloseTo(auc(labels, a), 12);
      }
    }),
  );
});

test("corrected: 1 for a perfect score, ½ for a useless one", () => {
  const range = { from: 0.7, to: 0.9, corrected: true };
  expect(partialAuc([1, 1, 0, 0], [4, 3, 2, 1], range)).toBeCloseTo(1, 12);
  expect(partialAuc([1, 1, 0, 0], [2, 2, 2, 2], range)).toBeCloseTo(0.5, 12);
});
