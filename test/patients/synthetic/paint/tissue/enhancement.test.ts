import { describe, expect, test } from "vitest";
import { random } from "../../../../../src/base/random.ts";
import { auc } from "../../../../../src/numerics/stats/index.ts";
import { mean } from "../../../../../src/numerics/stats/moments.ts";
import { type Histology, phases } from "../../../../../src/patients/cohort/case.ts";
import { drawTumor } from "../../../../../src/patients/synthetic/paint/tissue/enhancement.ts";
import { tissueHu } from "../../../../../src/patients/synthetic/paint/tissue/tissues.ts";
import { bestCutoff, logistic } from "../logistic.ts";

/** Published ranges of group means (ISRN 2015/476750, Urologia 10.5301/uj.5000256), HU by phase. */
const published: Partial<Record<Histology, readonly (readonly [number, number])[]>> = {
  clear_cell: [
    [125, 185],
    [95, 149],
    [80, 98],
  ],
  papillary: [
    [32, 100],
    [18, 91],
    [18, 73],
  ],
};

const draws = (histology: Histology, n: number, seed: number) => {
  const r = random(seed);
  return Array.from({ length: n }, () => drawTumor({ histology }, r));
};

describe("tumour enhancement", () => {
  for (const [histology, ranges] of Object.entries(published))
    test(`${histology}: means over patients lie in the published ranges`, () => {
      const drawn = draws(histology as Histology, 4000, 11);
      for (const [n, phase] of phases.entries()) {
        const hu = mean(drawn.map((d) => d.mean[phase]));
        expect(hu).toBeGreaterThan(ranges[n][0]);
        expect(hu).toBeLessThan(ranges[n][1]);
      }
    });

  test("one cut-off separates ccRCC in the study's mix with 81–86 % accuracy; three phases with AUC under 0.94", () => {
    const mix = { clear_cell: 7480, papillary: 1000, chromophobe: 850, other: 670 } as const;
    const all = Object.entries(mix).flatMap(([h, n], seed) =>
      draws(h as Histology, n, 100 + seed).map((d) => ({
        label: (h === "clear_cell" ? 1 : 0) as 0 | 1,
        row: [...phases.map((p) => d.mean[p]), Math.log(d.heterogeneity)],
      })),
    );
    const labels = all.map((a) => a.label);
    const { accuracy } = bestCutoff(
      all.map((a) => a.row[0]),
      labels,
    );
    expect(accuracy).toBeGreaterThan(0.81);
    expect(accuracy).toBeLessThan(0.86);
    const score = logistic(
      all.map((a) => a.row),
      labels,
    );
    const reached = auc(
      labels,
      all.map((a) => score(a.row)),
    );
    expect(reached).toBeGreaterThan(0.88);
    expect(reached).toBeLessThan(0.94);
  });
});

test("kidney tissue lies in the ranges of its time–density curves", () => {
  const ranges = {
    cortex: [
      [230, 250],
      [180, 210],
      [150, 180],
    ],
    medulla: [
      [110, 135],
      [170, 190],
      [150, 180],
    ],
  };
  for (const [tissue, rows] of Object.entries(ranges))
    for (const [n, phase] of phases.entries()) {
      const hu = tissueHu[tissue as "cortex" | "medulla"][phase];
      expect(hu).toBeGreaterThanOrEqual(rows[n][0]);
      expect(hu).toBeLessThanOrEqual(rows[n][1]);
    }
});
