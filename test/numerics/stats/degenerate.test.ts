import { describe, expect, test } from "vitest";
import * as stats from "../../../src/numerics/stats/index.ts";
import { codeOf } from "./close.ts";

const oneClass = { labels: [1, 1, 1], scores: [0.2, 0.4, 0.6] };
const tied = { labels: [1, 1, 0, 0], scores: [0.4, 0.4, 0.4, 0.4] };
const notANumber = { labels: [1, 1, 0, 0], scores: [0.4, Number.NaN, 0.2, 0.1] };
const badLabel = { labels: [1, 1, 0, 2], scores: [0.4, 0.3, 0.2, 0.1] };
const two = { labels: [1, 0], scores: [0.6, 0.4] };
const separated = { labels: [1, 1, 0, 0], scores: [0.9, 0.8, 0.2, 0.1] };
const uneven = { labels: [1, 1, 0, 0], scores: [0.4, 0.3, 0.2] };

type Data = { readonly labels: number[]; readonly scores: number[] };
type Answer = string | number | ((value: unknown) => void);

/** What each degenerate sample gives: a code, a number, a check, or "finite" for numbers throughout. */
interface Row {
  readonly name: string;
  readonly act: (data: Data) => unknown;
  readonly oneClass: Answer;
  readonly tied: Answer;
  readonly two: Answer;
  readonly separated: Answer;
}

const finite = "finite";
const seed = { seed: 1, replicates: 50 };
const rows: Row[] = [
  {
    name: "auc",
    act: ({ labels, scores }) => stats.auc(labels, scores),
    oneClass: "E_ONE_CLASS",
    tied: 0.5,
    two: 1,
    separated: 1,
  },
  {
    name: "delongAuc",
    act: ({ labels, scores }) => stats.delongAuc(labels, scores).variance,
    oneClass: "E_ONE_CLASS",
    tied: 0,
    two: "E_TOO_FEW",
    separated: 0,
  },
  {
    name: "placements",
    act: ({ labels, scores }) => [...stats.placements(labels, scores).positives][0],
    oneClass: "E_ONE_CLASS",
    tied: 0.5,
    two: "E_TOO_FEW",
    separated: 1,
  },
  {
    name: "delongPaired, against a copy",
    act: ({ labels, scores }) => stats.delongPaired(labels, scores, scores).p,
    oneClass: "E_ONE_CLASS",
    tied: 1,
    two: "E_TOO_FEW",
    separated: 1,
  },
  {
    name: "delongUnpaired, against a copy",
    act: ({ labels, scores }) => stats.delongUnpaired(labels, scores, labels, scores).p,
    oneClass: "E_ONE_CLASS",
    tied: 1,
    two: "E_TOO_FEW",
    separated: 1,
  },
  {
    name: "logitInterval",
    act: ({ labels, scores }) => stats.logitInterval(stats.delongAuc(labels, scores))[1],
    oneClass: "E_ONE_CLASS",
    tied: (high) => expect(high).toBeCloseTo(0.5, 14),
    two: "E_TOO_FEW",
    separated: 1,
  },
  {
    name: "bootstrapAuc",
    act: ({ labels, scores }) => stats.bootstrapAuc(labels, scores, seed)[0],
    oneClass: "E_ONE_CLASS",
    tied: 0.5,
    two: 1,
    separated: 1,
  },
  {
    name: "bootstrapAuc, BCa",
    act: ({ labels, scores }) => stats.bootstrapAuc(labels, scores, { ...seed, interval: "bca" })[0],
    oneClass: "E_ONE_CLASS",
    tied: 0.5,
    two: "E_TOO_FEW",
    separated: 1,
  },
  {
    name: "compareAucs",
    act: ({ labels, scores }) => stats.compareAucs(labels, new Map([["a", scores]])).auc.a.value,
    oneClass: "E_ONE_CLASS",
    tied: 0.5,
    two: "E_TOO_FEW",
    separated: 1,
  },
  {
    name: "nonInferiority, to a copy",
    act: ({ labels, scores }) => stats.nonInferiority(labels, scores, scores, 0.1).p,
    oneClass: "E_ONE_CLASS",
    tied: 0,
    two: "E_TOO_FEW",
    separated: 0,
  },
  {
    name: "partialAuc",
    act: ({ labels, scores }) => stats.partialAuc(labels, scores, { from: 0.8, to: 1 }),
    oneClass: "E_ONE_CLASS",
    tied: (area) => expect(area).toBeCloseTo(0.02, 12),
    two: (area) => expect(area).toBeCloseTo(0.2, 12),
    separated: (area) => expect(area).toBeCloseTo(0.2, 12),
  },
  {
    name: "roc",
    act: ({ labels, scores }) => stats.roc(labels, scores).length,
    oneClass: "E_ONE_CLASS",
    tied: 2,
    two: 3,
    separated: 5,
  },
  {
    name: "operatingPoints",
    act: ({ labels, scores }) => stats.operatingPoints(labels, scores).length,
    oneClass: "E_ONE_CLASS",
    tied: 2,
    two: 3,
    separated: 5,
  },
  {
    name: "youden",
    act: ({ labels, scores }) => stats.youden(labels, scores).threshold,
    oneClass: "E_ONE_CLASS",
    tied: 0.4,
    two: 0.5,
    separated: 0.5,
  },
  {
    name: "thresholdAtSensitivity",
    act: ({ labels, scores }) => stats.thresholdAtSensitivity(labels, scores, 0.9).threshold,
    oneClass: "E_ONE_CLASS",
    tied: 0.4,
    two: 0.5,
    separated: 0.5,
  },
  {
    name: "thresholdAtSpecificity",
    act: ({ labels, scores }) => stats.thresholdAtSpecificity(labels, scores, 0.9).threshold,
    oneClass: "E_ONE_CLASS",
    tied: Number.POSITIVE_INFINITY,
    two: 0.5,
    separated: 0.5,
  },
  {
    name: "averagePrecision",
    act: ({ labels, scores }) => stats.averagePrecision(labels, scores),
    oneClass: "E_ONE_CLASS",
    tied: 0.5,
    two: 1,
    separated: 1,
  },
  {
    name: "calibrationInTheLarge",
    act: ({ labels, scores }) => stats.calibrationInTheLarge(labels, scores).value,
    oneClass: "E_ONE_CLASS",
    tied: finite,
    two: finite,
    separated: finite,
  },
  {
    name: "calibrationSlope",
    act: ({ labels, scores }) => stats.calibrationSlope(labels, scores).value,
    oneClass: "E_ONE_CLASS",
    tied: "E_VALUE",
    two: "E_VALUE",
    separated: "E_VALUE",
  },
  {
    name: "calibrationCurve",
    act: ({ labels, scores }) => stats.calibrationCurve(labels, scores)[0].observed,
    oneClass: "E_ONE_CLASS",
    tied: "E_VALUE",
    two: "E_VALUE",
    separated: "E_VALUE",
  },
  {
    name: "calibrationErrors",
    act: ({ labels, scores }) => stats.calibrationErrors(labels, scores).ici,
    oneClass: "E_ONE_CLASS",
    tied: "E_VALUE",
    two: "E_VALUE",
    separated: "E_VALUE",
  },
  {
    name: "platt",
    act: ({ labels, scores }) => stats.platt(labels, scores).slope,
    oneClass: "E_ONE_CLASS",
    tied: "E_VALUE",
    two: finite,
    separated: finite,
  },
  {
    name: "isotonic",
    act: ({ labels, scores }) => stats.isotonicProbability(stats.isotonic(labels, scores), 0.9),
    oneClass: "E_ONE_CLASS",
    tied: 0.5,
    two: 1,
    separated: 1,
  },
  {
    name: "temperature",
    act: ({ labels, scores }) => stats.temperature(labels, scores),
    oneClass: "E_ONE_CLASS",
    tied: "E_VALUE",
    two: "E_VALUE",
    separated: "E_VALUE",
  },
  {
    name: "sampleSizeFromPilot, against a copy",
    act: ({ labels, scores }) => stats.sampleSizeFromPilot(labels, scores, scores, { power: 0.8 }),
    oneClass: "E_ONE_CLASS",
    tied: "E_VALUE",
    two: "E_TOO_FEW",
    separated: "E_VALUE",
  },
  // These take one class alone.
  {
    name: "brier",
    act: ({ labels, scores }) => stats.brier(labels, scores),
    oneClass: finite,
    tied: finite,
    two: finite,
    separated: finite,
  },
  {
    name: "brierDecomposition",
    act: ({ labels, scores }) => stats.brierDecomposition(labels, scores).uncertainty,
    oneClass: 0,
    tied: 0.25,
    two: 0.25,
    separated: 0.25,
  },
  {
    name: "netBenefit",
    act: ({ labels, scores }) => stats.netBenefit(labels, scores, [0.5])[0],
    oneClass: finite,
    tied: 0,
    two: 0.5,
    separated: 0.5,
  },
  {
    name: "decisionCurve",
    act: ({ labels, scores }) => stats.decisionCurve(labels, scores, [0.1], seed)[0].ci[1],
    oneClass: 1,
    tied: finite,
    two: finite,
    separated: finite,
  },
  {
    name: "netBenefitDifference, against a copy",
    act: ({ labels, scores }) =>
      stats.netBenefitDifference(labels, scores, scores, [0.1], seed)[0].difference,
    oneClass: 0,
    tied: 0,
    two: 0,
    separated: 0,
  },
];

function expectAnswer(act: () => unknown, answer: Answer) {
  if (typeof answer === "string" && answer !== finite) expect(codeOf(act)).toBe(answer);
  else if (answer === finite) expect(Number.isFinite(act()), String(act())).toBe(true);
  else if (typeof answer === "function") answer(act());
  else expect(act()).toBe(answer);
}

describe("functions of labels and scores", () => {
  test.each(rows)("$name", (row) => {
    expectAnswer(() => row.act(oneClass), row.oneClass);
    expectAnswer(() => row.act(tied), row.tied);
    expectAnswer(() => row.act(two), row.two);
    expectAnswer(() => row.act(separated), row.separated);
    expect(codeOf(() => row.act(notANumber))).toBe("E_VALUE");
    expect(codeOf(() => row.act(uneven))).toBe("E_VALUE");
    expect(codeOf(() => row.act(badLabel))).toBe("E_LABEL");
    expect(codeOf(() => row.act({ labels: [], scores: [] }))).toMatch(/^E_(ONE_CLASS|TOO_FEW)$/);
  });
});

const good = { labels: [1, 1, 0, 0, 1, 0], scores: [0.9, 0.3, 0.6, 0.1, 0.7, 0.4] };
const paired = { first: 0.8, second: 0.7, correlation: { positives: 0.5, negatives: 0.5 } };
const size = { positives: 50, negatives: 50 };

describe("arguments out of range", () => {
  const { labels, scores } = good;
  test.each<[string, () => unknown, string]>([
    ["a level of 95", () => stats.delongAuc(labels, scores, 95), "E_VALUE"],
    ["BCa at level 0", () => stats.bcaInterval([1, 2], 1.5, [[1]], 0), "E_VALUE"],
    ["BCa: all replicates on one side", () => stats.bcaInterval([1, 2], 3, [[1]]), "E_VALUE"],
    ["percentiles of no replicates", () => stats.percentileInterval([]), "E_TOO_FEW"],
    ["half a replicate", () => stats.bootstrapAuc(labels, scores, { seed: 1, replicates: 0.5 }), "E_VALUE"],
    ["an empty range", () => stats.partialAuc(labels, scores, { from: 0.5, to: 0.5 }), "E_VALUE"],
    ["a range above 1", () => stats.partialAuc(labels, scores, { from: 0.5, to: 1.1 }), "E_VALUE"],
    ["a sensitivity of 90", () => stats.thresholdAtSensitivity(labels, scores, 90), "E_VALUE"],
    ["a specificity of NaN", () => stats.thresholdAtSpecificity(labels, scores, Number.NaN), "E_VALUE"],
    ["a probability of 1: slope", () => stats.calibrationSlope([1, 0, 1], [1, 0.2, 0.1]), "E_VALUE"],
    ["a probability of 0: temperature", () => stats.temperature([1, 0, 1], [0, 0.2, 0.1]), "E_VALUE"],
    ["probabilities that point the wrong way", () => stats.temperature([1, 0], [0.2, 0.8]), "E_VALUE"],
    ["two knots", () => stats.calibrationCurve(labels, scores, { knots: 2 }), "E_VALUE"],
    ["a curve at 1", () => stats.calibrationCurve(labels, scores, { at: [1] }), "E_VALUE"],
    ["no bins", () => stats.brierDecomposition(labels, scores, 0), "E_VALUE"],
    ["a threshold probability of 1", () => stats.decisionCurve(labels, scores, [1], { seed: 1 }), "E_VALUE"],
    ["a margin of 5", () => stats.nonInferiority(labels, scores, scores, 5), "E_VALUE"],
    ["a p-value of 1.5", () => stats.adjust([0.2, 1.5], "holm"), "E_VALUE"],
    ["a p-value of NaN", () => stats.adjust([Number.NaN], "bh"), "E_VALUE"],
    ["−1 discordant pairs", () => stats.mcnemar(-1, 4), "E_VALUE"],
    ["half a discordant pair", () => stats.mcnemar(0.5, 4), "E_VALUE"],
    ["an AUC of 1.2", () => stats.hanleyMcNeil(1.2, 5, 5), "E_VALUE"],
    ["no negatives", () => stats.hanleyMcNeil(0.8, 5, 0), "E_VALUE"],
    ["a width of 0", () => stats.sampleSizeForWidth({ auc: 0.8, width: 0 }), "E_VALUE"],
    ["the power of an AUC of ½", () => stats.powerOneAuc({ auc: 0.5, ...size }), "E_VALUE"],
    ["a power of 1", () => stats.sampleSizeOneAuc({ auc: 0.8, power: 1 }), "E_VALUE"],
    ["alpha 5", () => stats.powerPairedAucs({ ...paired, ...size, alpha: 5 }), "E_VALUE"],
    ["equal AUCs", () => stats.sampleSizePairedAucs({ ...paired, second: 0.8, power: 0.8 }), "E_VALUE"],
    [
      "a correlation of 2",
      () => stats.powerPairedAucs({ ...paired, ...size, correlation: { positives: 2, negatives: 0 } }),
      "E_VALUE",
    ],
    [
      "kappa of nobody",
      () =>
        stats.kappaInterval([
          [0, 0],
          [0, 0],
        ]),
      "E_TOO_FEW",
    ],
    [
      "kappa of one category",
      () =>
        stats.kappaInterval([
          [7, 0],
          [0, 0],
        ]),
      "E_ONE_CLASS",
    ],
    ["ICC of one rater", () => stats.iccInterval([[1], [2]]), "E_TOO_FEW"],
    [
      "ICC of ratings that do not vary",
      () =>
        stats.iccInterval([
          [1, 1],
          [1, 1],
        ]),
      "E_VALUE",
    ],
    [
      "a regression on a constant",
      () =>
        stats.logisticFit(
          [
            [1, 1, 1],
            [2, 2, 2],
          ],
          [0, 1, 1],
        ),
      "E_VALUE",
    ],
    ["a regression of no case", () => stats.logisticFit([[]], []), "E_TOO_FEW"],
    ["a regression on NaN", () => stats.logisticFit([[1, Number.NaN]], [0, 1]), "E_VALUE"],
    ["Wald at level 2", () => stats.wald(0, 1, 2), "E_VALUE"],
  ])("%s", (_, act, code) => expect(codeOf(act)).toBe(code));
});

describe("defined answers at the edge", () => {
  test("no discordant pairs: p = 1", () =>
    expect(stats.mcnemar(0, 0)).toEqual({ exact: 1, statistic: 0, asymptotic: 1, corrected: 1 }));
  test("no p-values: none adjusted", () => expect(stats.adjust([], "hochberg")).toEqual([]));
  test("equal AUCs: the power is half the level", () =>
    expect(stats.powerPairedAucs({ ...paired, second: 0.8, ...size })).toBeCloseTo(0.025, 12));
  test("complete agreement: kappa's interval has no width", () =>
    expect(
      stats.kappaInterval([
        [5, 0],
        [0, 5],
      ]),
    ).toEqual({ value: 1, standardError: 0, ci: [1, 1] }));
  test("two distinct predictions: the calibration curve is a straight line through both shares", () => {
    const curve = stats.calibrationCurve([1, 0, 0, 0, 1, 1, 1, 0], [0.2, 0.2, 0.2, 0.2, 0.7, 0.7, 0.7, 0.7], {
      at: [0.2, 0.7],
    });
    expect(curve.map(({ observed }) => observed)).toEqual([0.25, 0.75].map((v) => expect.closeTo(v, 9)));
  });
  test("a spline of fewer than three knots is a line", () =>
    expect(stats.restrictedCubicSpline(0.3, [0, 1])).toEqual([0.3]));
});
