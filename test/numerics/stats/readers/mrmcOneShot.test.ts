import { describe, expect, test } from "vitest";
import { random } from "../../../../src/base/random.ts";
import { mrmcOneShot, mrmcOneShotStandalone } from "../../../../src/numerics/stats/index.ts";
import { mean, variance } from "../../../../src/numerics/stats/moments.ts";
import {
  fixedCovariance,
  judged,
  oneShotCovariance,
} from "../../../../src/numerics/stats/readers/oneShotMoments.ts";
import { codeOf, expectClose } from "../close.ts";
import { nested, type SparseStudy, scattered, splitPlot, unpaired } from "./sparseStudies.ts";

/** So many ones, then noughts. */
const run = (ones: number, noughts: number) => [...Array(ones).fill(1), ...Array(noughts).fill(0)];

/*
 * fakepilot2 of github.com/DIDSR/iMRMC, Accudata/home: 150 positive, then 150 negative cases, 3 readers, 2 modalities.
 * Figures of its fakepilot2201901300952/statAnalysis.csv, printed by the Java program iMRMC 4.0.0 (CC0).
 */
test("iMRMC 4.0.0's printed variances and degrees of freedom", () => {
  const a = [run(171, 129), run(204, 96), run(138, 162)];
  const b = [run(282, 18), run(288, 12), run(282, 18)];
  for (const centered of [true, false]) {
    const { means, differences } = mrmcOneShot(run(150, 150), [a, b], { centered });
    expect(means.map((m) => [m.value, m.error ** 2, m.df].map((x) => x.toExponential(8)))).toEqual([
      ["9.03333333e-1", "1.86122297e-3", "2.11212165e+0"],
      ["5.53333333e-1", "1.82252051e-4", "2.94284717e+1"],
    ]);
    const [{ value, error, df }] = differences;
    expect([value, error ** 2, df].map((x) => x.toExponential(8))).toEqual([
      "3.50000000e-1",
      "1.42393736e-3",
      "2.39887433e+0",
    ]);
    // AUCperReader.csv: variance of each reader's AUC.
    const [first] = judged(run(150, 150), a);
    expect(fixedCovariance(first, first).toExponential(4)).toBe("2.0201e-4");
  }
});

/*
 * By iMRMC's R code (doAUC, doAUCmrmcCov and doDFdifference of Rpackage/iMRMC/R/doAUCMRMC.R, commits 22f87b53 and, for
 * readers not shared by the modalities, 8dccd8e1), run by R 4 on the studies of `sparseStudies.ts`: AUC, variance and
 * degrees of freedom of each modality; difference, variance, degrees of freedom, p; variances with fixed readers.
 */
const byImrmc: readonly {
  readonly study: () => SparseStudy;
  readonly means: readonly (readonly [number, number, number])[];
  readonly difference: readonly [number, number, number, number];
  readonly fixed: readonly [number, number, number];
}[] = [
  {
    study: splitPlot,
    means: [
      [0.7251984126984127, 0.0031214484629344, 8.9726086378170624],
      [0.7658730158730159, 0.0014345166605611, 9.9057007322489792],
    ],
    difference: [-0.04067460317460325, 0.00077921640992227, 5, 0.20487143605865954],
    fixed: [0.0023583738241476, 0.0018012913288211, 0.0021381251850002],
  },
  {
    study: scattered,
    means: [
      [0.7374588815789473, 0.0020613350928046, 7.7201327302845488],
      [0.7937380497131931, 0.0014270954364785, 4],
    ],
    difference: [-0.0562791681342457, 0.0018472585814648, 4, 0.2605354117518036],
    fixed: [0.00162430064943379, 0.00053876641681619, 0.00058018127097714],
  },
  {
    study: nested,
    // A negative variance: NA there.
    means: [
      [0.705882352941177, Number.NaN, 2],
      [0.794117647058823, 0.011271574991311, 2],
    ],
    difference: [-0.088235294117647, 0.011835826253069, 2, 0.502511712290251],
    fixed: [0.0033997250228187, 0.00244111057420041, 0.00506005509529794],
  },
  {
    study: unpaired,
    means: [
      [0.7856666666666666, 0.0015975421455938, 15.5989775157457],
      [0.83866666666667, 0.00072256960408688, 11.378451122832],
    ],
    difference: [-0.053, 0.000057643039591254, 2, 0.01991003806579],
    fixed: [0.00177372749042149, 0.00127099446573013, 0.00078225324606215],
  },
];

describe("as iMRMC's R code", () => {
  test.each(byImrmc)("$study.name", ({ study, means, difference, fixed }) => {
    const { labels, scores } = study();
    const found = mrmcOneShot(labels, scores, { centered: false });
    found.means.forEach((m, i) => {
      const [value, variance, df] = means[i];
      expectClose(m.value, value, 1e-9);
      if (Number.isNaN(variance)) expect(m.error).toBeNaN();
      else [m.error ** 2, m.df].forEach((x, k) => expectClose(x, [variance, df][k], 1e-9));
    });
    const [d] = found.differences;
    [d.value, d.error ** 2, d.df, d.p].forEach((x, k) => expectClose(x, difference[k], 1e-8));
    const these = mrmcOneShot(labels, scores, { centered: false, random: "cases" });
    [...these.means, ...these.differences].forEach((m, k) => {
      expectClose(m.error ** 2, fixed[k], 1e-8);
      expect(m.df).toBe(Infinity);
    });
  });

  // The model stands there twice, as readers AI1 and AI2.
  test("a model against readers", () => {
    const { labels, scores } = splitPlot();
    const draw = random(5);
    const model = labels.map((y) => Math.round(10 + 2.4 * y + 2 * draw.normal()));
    const found = mrmcOneShotStandalone(labels, model, scores[0], { centered: false });
    expectClose(found.standalone, 0.7883597883597884, 1e-12);
    expectClose(found.value, 0.0631613756613757, 1e-12);
    expectClose(found.error ** 2, 0.0058045861062281, 1e-9);
    expectClose(found.df, 24.303740932372, 1e-9);
    expectClose(found.p, 0.4151602991636371, 1e-9);
    const these = mrmcOneShotStandalone(labels, model, scores[0], { centered: false, random: "cases" });
    expectClose(these.error ** 2, 0.0050415114674414, 1e-9);
  });
});

/*
 * VIPER's screening study of high prevalence: 20 readers in four groups, each group with a part of the cases. Shares of
 * the variance's coefficients from table 2 of iMRMC's "How to perform a non-inferiority analysis" (c1 … c7, SFM); that
 * table's own case numbers are not printed: some 130 negative and 109 positive cases follow from the AI's coefficients.
 */
test("VIPER's published coefficients of a split-plot design, to one in a hundred", () => {
  const groups = [0, 1, 2, 3].flatMap((g) => Array(5).fill(g) as number[]);
  const labels = run(109, 130);
  const columns = groups.map((g) => labels.map((_, k) => (k % 4 === g ? k % 7 : Number.NaN)));
  const readers = judged(labels, columns);
  const { coefficients } = oneShotCovariance(readers, readers, (r, s) => r === s);
  const [c1, c2, c3, c4, c5, c6, c7] = [5.66e-5, 1.78e-3, 1.49e-3, 4.67e-2, 2.27e-4, 7.13e-3, 5.96e-3];
  expectClose(coefficients.readers, c1 + c2 + c3 + c4, 0.01);
  expectClose(coefficients.positives, c1 + c2 + c5 + c6, 0.01);
  expectClose(coefficients.negatives, c1 + c3 + c5 + c7, 0.01);
});

/** What the moments come to: the product of the means less the mean product of judgements that share nothing. */
function byDefinition({ labels, scores: [first, second] }: SparseStudy): number {
  const told = (columns: number[][]) =>
    columns.flatMap((column, r) =>
      labels.flatMap((y, i) =>
        labels.flatMap((z, j) => {
          if (y !== 1 || z !== 0 || Number.isNaN(column[i] + column[j])) return [];
          return [{ r, i, j, s: column[i] > column[j] ? 1 : column[i] === column[j] ? 0.5 : 0 }];
        }),
      ),
    );
  const [a, b] = [told(first), told(second)];
  const products = a.flatMap((x) =>
    b.filter((y) => y.r !== x.r && y.i !== x.i && y.j !== x.j).map((y) => x.s * y.s),
  );
  return mean(a.map((x) => x.s)) * mean(b.map((x) => x.s)) - mean(products);
}

describe("by definition", () => {
  const small = (seed: number): SparseStudy => {
    const draw = random(seed);
    const labels = run(6, 7);
    const scores = [0, 1].map(() =>
      [0, 1, 2].map(() =>
        labels.map((y) =>
          draw.uniform() < 0.7 ? Math.round(3 + 1.2 * y + 1.5 * draw.normal()) : Number.NaN,
        ),
      ),
    );
    return { labels, scores };
  };

  test.each([1, 2, 3, 4])("any design, study %i", (seed) => {
    const { labels, scores } = small(seed);
    const readers = scores.map((columns) => judged(labels, columns));
    for (const [i, j] of [
      [0, 0],
      [0, 1],
    ]) {
      const { value } = oneShotCovariance(readers[i], readers[j], (r, s) => r === s);
      expect(value).toBeCloseTo(byDefinition({ labels, scores: [scores[i], scores[j]] }), 12);
    }
  });

  test("factorial: Obuchowski and Rockette's variance of a mean, with unbiased covariances of readers", () => {
    const { labels, scores } = unpaired();
    const readers = judged(labels, scores[0].slice(0, 4));
    const found = oneShotCovariance(readers, readers, (r, s) => r === s).value;
    const others = readers.flatMap((a, r) =>
      readers.flatMap((b, s) => (r === s ? [] : [fixedCovariance(a, b)])),
    );
    expect(found).toBeCloseTo(variance(readers.map((r) => r.auc)) / 4 + mean(others), 12);
  });
});

test("about the mean: the same where the design's parts are alike", () => {
  const { labels, scores } = splitPlot();
  const [about, plain] = [true, false].map((centered) => mrmcOneShot(labels, scores, { centered }));
  [...about.means, ...about.differences].forEach((m, i) => {
    const other = [...plain.means, ...plain.differences][i];
    expectClose(m.error, other.error, 1e-10);
    expectClose(m.df, other.df, 1e-10);
  });
});

test("about the mean: a variance in a design of unequal parts, where iMRMC's is negative", () => {
  const { labels, scores } = nested();
  const [{ error, ci, aucs }] = mrmcOneShot(labels, scores).means;
  expect(error).toBeGreaterThan(0.02);
  expect(error).toBeLessThan(0.1);
  expect(ci[0]).toBeGreaterThan(0);
  expect(ci[1]).toBeLessThanOrEqual(1);
  expect([...aucs].every((auc) => auc > 0.4 && auc < 1)).toBe(true);
});

test("what cannot be estimated is refused", () => {
  const { labels, scores } = splitPlot();
  const nobody = labels.map(() => Number.NaN);
  expect(codeOf(() => mrmcOneShot(labels, [[scores[0][0], nobody]]))).toBe("E_TOO_FEW");
  expect(codeOf(() => mrmcOneShot(labels, [[scores[0][0], nobody]], { random: "cases" }))).toBe(
    "nothing thrown",
  );
  expect(codeOf(() => mrmcOneShot(labels, [scores[0], scores[1].slice(1)]))).toBe("E_VALUE");
  expect(codeOf(() => mrmcOneShot(labels, [[scores[0][0].slice(1), nobody]]))).toBe("E_VALUE");
  expect(codeOf(() => mrmcOneShot(labels, [[scores[0][0].map(() => Infinity), nobody]]))).toBe("E_VALUE");
  expect(codeOf(() => mrmcOneShot([1, 1, 0], [scores[0].map(() => [1, 2, 3])]))).toBe("E_TOO_FEW");
  expect(codeOf(() => mrmcOneShot(nobody, scores))).toBe("E_LABEL");
});

test("readers who are all perfect: no error", () => {
  const labels = run(4, 4);
  const perfect = [0, 1].map(() => labels.map((y) => y));
  const { means, differences } = mrmcOneShot(labels, [perfect, perfect]);
  expect([means[0].value, means[0].error]).toEqual([1, 0]);
  expect([differences[0].t, differences[0].p]).toEqual([0, 1]);
});
