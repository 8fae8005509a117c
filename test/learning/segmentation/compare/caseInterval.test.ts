import { describe, expect, it } from "vitest";
import { random } from "../../../../src/base/random.ts";
import { ratioOverCases } from "../../../../src/learning/segmentation/compare/caseInterval.ts";
import { hasPython, python } from "../../../numerics/volume/python.ts";

const { uniform, integer } = random(5);
const cases = Array.from({ length: 40 }, () => {
  const of = 1 + integer(4);
  return { count: Array.from({ length: of }, uniform).filter((x) => x < 0.8).length, of };
});
const scores = Array.from({ length: 30 }, () => ({ count: uniform() ** 0.2, of: 1 }));

describe("ratioOverCases", () => {
  it.skipIf(!hasPython("scipy"))("has SciPy's bootstrap intervals, but for what the draws differ by", () => {
    const script = `
import sys, json, numpy as np
from scipy import stats
def interval(cases):
    count, of = (np.array([c[k] for c in cases], dtype=float) for k in ("count", "of"))
    found = stats.bootstrap((count, of), lambda a, b, axis=-1: a.sum(axis) / b.sum(axis), paired=True,
                            vectorized=True, method="BCa", n_resamples=9999, random_state=1)
    return list(found.confidence_interval)
print(json.dumps([interval(cases) for cases in json.load(sys.stdin)]))`;
    const expected = python<[number, number][]>(script, [cases, scores]);
    for (const [n, parts] of [cases, scores].entries()) {
      const { ci } = ratioOverCases(parts, 1)!;
      const width = expected[n][1] - expected[n][0];
      for (const end of [0, 1]) expect(Math.abs(ci![end] - expected[n][end])).toBeLessThan(0.08 * width);
    }
  });

  it("leaves out cases that say nothing, and gives no interval where it knows none", () => {
    const nothing = { count: 0, of: 0 };
    expect(ratioOverCases([nothing, ...cases, nothing], 3)).toEqual(ratioOverCases(cases, 3));
    expect(ratioOverCases([nothing], 3)).toBeNull();
    expect(ratioOverCases(cases.slice(0, 2), 3)).toMatchObject({ ci: null });
    expect(
      ratioOverCases(
        [2, 3, 1].map((of) => ({ count: of, of })),
        3,
      ),
    ).toEqual({ value: 1, ci: null });
  });
});
