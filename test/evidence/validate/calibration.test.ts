import { describe, expect, test } from "vitest";
import { random } from "../../../src/base/random.ts";
import { taskSample } from "../../../src/evidence/predictions/taskSample.ts";
import { calibrationOf } from "../../../src/evidence/validate/calibration.ts";
import { decisionOf } from "../../../src/evidence/validate/decision.ts";
import { calibrationErrors, netBenefit } from "../../../src/numerics/stats/index.ts";
import { definitions } from "../../../src/patients/cohort/tasks.ts";
import { drawnPredictions } from "./study.ts";

/** `n` probabilities and outcomes drawn from them: perfectly calibrated. */
function calibrated(n: number, seed: number) {
  const draw = random(seed);
  const probabilities = Float64Array.from({ length: n }, () => 1 / (1 + Math.exp(-1.3 * draw.normal())));
  return { probabilities, labels: Uint8Array.from(probabilities, (p) => (draw.uniform() < p ? 1 : 0)) };
}
const of = (sample: { labels: Uint8Array; probabilities: Float64Array }, replicates = 200) =>
  calibrationOf({ task: "stage", model: "mtdl", ...sample, seed: 3, replicates });

describe("calibration", () => {
  test("right probabilities: intercept about 0, slope about 1, their intervals around both", () => {
    const { intercept, slope, note, curve, n } = of(calibrated(800, 1));
    expect(note).toBe("");
    expect(n).toBe(800);
    for (const [estimate, ideal] of [
      [intercept, 0],
      [slope, 1],
    ] as const) {
      expect(estimate?.ci[0]).toBeLessThan(ideal);
      expect(estimate?.ci[1]).toBeGreaterThan(ideal);
    }
    for (const { observed, low, high } of curve) {
      expect(low).toBeLessThanOrEqual(observed);
      expect(high).toBeGreaterThanOrEqual(observed);
    }
  });

  test("probabilities twice too extreme on the logit scale: slope about a half", () => {
    const { labels, probabilities } = calibrated(2000, 2);
    const extreme = probabilities.map((p) => 1 / (1 + ((1 - p) / p) ** 2));
    const { slope, ici } = of({ labels, probabilities: extreme }, 50);
    expect(slope?.value).toBeGreaterThan(0.4);
    expect(slope?.value).toBeLessThan(0.6);
    expect(ici?.value).toBeGreaterThan(ici?.byChance ?? Number.NaN);
  });

  test("the index by chance is what about one of twenty perfectly calibrated samples exceeds", () => {
    const { probabilities, labels } = calibrated(120, 4);
    const limit = of({ labels, probabilities }, 400).ici?.byChance ?? Number.NaN;
    const draw = random(77);
    let above = 0;
    for (let r = 0; r < 400; r++) {
      const drawn = Uint8Array.from(probabilities, (p) => (draw.uniform() < p ? 1 : 0));
      const rare = Math.min(...[0, 1].map((y) => labels.filter((label) => label === y).length));
      if (calibrationErrors(drawn, probabilities, { knots: rare < 50 ? 3 : 4 }).ici > limit) above++;
    }
    expect(above / 400).toBeGreaterThan(0.015);
    expect(above / 400).toBeLessThan(0.1);
  });

  test("a probability of 1 has no logit: what needs one is null and says so, Brier's score stays", () => {
    const { labels, probabilities } = calibrated(60, 5);
    probabilities[7] = 1;
    const found = of({ labels, probabilities }, 50);
    expect([found.intercept, found.slope, found.ici]).toEqual([null, null, null]);
    expect(found.curve).toEqual([]);
    expect(found.note).toMatch(/calibration curve: .*intercept: .*slope: /);
    expect(found.brier.value).toBeGreaterThan(0);
    const last = found.bins.at(-1);
    expect((last?.positive ?? 0) + (last?.negative ?? 0)).toBe(probabilities.filter((p) => p >= 0.95).length);
  });

  test("equal probabilities have an intercept and no slope", () => {
    const { labels } = calibrated(60, 6);
    const found = of({ labels, probabilities: new Float64Array(60).fill(0.4) }, 50);
    expect(found.intercept).not.toBeNull();
    expect(found.slope).toBeNull();
    expect(found.note).toContain("all equal");
  });
});

describe("decision curves", () => {
  const sample = taskSample(definitions.stage, drawnPredictions(150))!;
  const models = ["mtdl", "stdl", "size"].map((id) => ({ id }));
  const found = decisionOf(sample, models, "mtdl", { seed: 1, replicates: 200 });

  test("are those of the sample, with bands around models and none around treating all or none", () => {
    expect(found.curves.map(({ model }) => model)).toEqual(["mtdl", "stdl", "size", "all", "none"]);
    for (const { model, netBenefit: values, ci } of found.curves) {
      if (model === "all" || model === "none") expect(ci).toBeUndefined();
      else {
        expect(values).toEqual([...netBenefit(sample.labels, sample.scores(model), found.thresholds)]);
        const inside = ci?.filter(([low, high], i) => low <= values[i] && values[i] <= high).length;
        expect(inside).toBe(99);
      }
    }
  });

  test("differences are of the multi-task model and each other, on the same cases", () => {
    expect(found.differences.map(({ a, b }) => `${a} ${b}`)).toEqual(["mtdl stdl", "mtdl size"]);
    const [mtdl, stdl] = found.curves;
    found.differences[0].difference.forEach((value, i) =>
      expect(value).toBeCloseTo(mtdl.netBenefit[i] - stdl.netBenefit[i], 12),
    );
    const twins = { ...sample, scores: () => sample.scores("mtdl") };
    const [same] = decisionOf(twins, models.slice(0, 2), "mtdl", { seed: 1, replicates: 50 }).differences;
    expect(new Set([...same.difference, ...same.ci.flat()])).toEqual(new Set([0]));
  });
});
