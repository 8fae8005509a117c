import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import type { Absent, Block } from "../../src/report/block.ts";
import { calibrationFigure } from "../../src/report/figures/calibration.ts";
import { netBenefitDifferenceFigure } from "../../src/report/figures/netBenefitDifference.ts";
import { calibrationTable } from "../../src/report/tables/calibration.ts";
import { netBenefitTable } from "../../src/report/tables/netBenefit.ts";
import { drawnResults } from "./fixture.ts";

const drawn = drawnResults();
function dom(block: Block | Absent) {
  if ("absent" in block) throw new Error(block.absent);
  return parseHTML(`<!doctype html><html><body>${block.body.markup}</body></html>`).document;
}
const points = (d: string | null | undefined) =>
  [...(d ?? "").matchAll(/[ML](-?[\d.e-]+),(-?[\d.e-]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
const cells = (document: ReturnType<typeof dom>) =>
  [...document.querySelectorAll("tbody tr")].map((tr) =>
    [...tr.querySelectorAll("th, td")].map((cell) => (cell.textContent ?? "").replace(/\s+/g, " ").trim()),
  );

describe("calibration figure", () => {
  const document = dom(calibrationFigure(drawn));
  const panels = [...document.querySelectorAll(".panel")];
  // The plotting area of calibration.ts in its own units.
  const [left, right, top, bottom] = [44, 290, 8, 224];

  test("a panel a task and model, its curve through every point, its band around it", () => {
    expect(panels).toHaveLength(drawn.calibration.length);
    panels.forEach((panel, p) => {
      const { curve } = drawn.calibration[p];
      const path = points(panel.querySelector(".curve path")?.getAttribute("d"));
      expect(path).toHaveLength(curve.length);
      path.forEach(([x, y], i) => {
        expect(x).toBeCloseTo(left + curve[i].predicted * (right - left), 1);
        expect(y).toBeCloseTo(bottom - curve[i].observed * (bottom - top), 1);
      });
      const band = points(panel.querySelector(".band path")?.getAttribute("d")).map(([, y]) => y);
      expect(Math.min(...band)).toBeCloseTo(
        bottom - Math.max(...curve.map((c) => c.high)) * (bottom - top),
        1,
      );
    });
  });

  test("the bars count every case once, in proportion, each over its probabilities", () => {
    panels.forEach((panel, p) => {
      const { bins } = drawn.calibration[p];
      const most = Math.max(...bins.map((b) => b.positive + b.negative));
      const bars = [...panel.querySelectorAll(".bins rect")].map((bar) =>
        ["x", "width", "height"].map((name) => Number(bar.getAttribute(name))),
      );
      const shown = bins.filter((b) => b.positive + b.negative > 0);
      const drawnBars = bars.filter(([, , height]) => height > 0);
      expect(drawnBars).toHaveLength(shown.length);
      drawnBars.forEach(([x, width, height], i) => {
        const { from, to, positive, negative } = shown[i];
        expect(x + width / 2).toBeCloseTo(left + ((from + to) / 2) * (right - left), 0);
        expect(height).toBeCloseTo((0.16 * (bottom - top) * (positive + negative)) / most, 0);
      });
    });
    for (const { bins, n, positives } of drawn.calibration) {
      expect(bins.reduce((sum, b) => sum + b.positive + b.negative, 0)).toBe(n);
      expect(bins.reduce((sum, b) => sum + b.positive, 0)).toBe(positives);
    }
  });

  test("without a curve the panel stays and says why", () => {
    const [first, ...rest] = drawn.calibration;
    const none = { ...first, curve: [], slope: null, ici: null, note: "slope: separated" };
    const made = dom(calibrationFigure({ ...drawn, calibration: [none, ...rest] }));
    expect(made.querySelector(".panel svg")?.getAttribute("aria-label")).toContain("slope: separated");
    expect(calibrationFigure({ ...drawn, calibration: [] })).toHaveProperty("absent");
  });
});

test("calibration table: every estimate with its interval, a dash where there is none and the reason below", () => {
  const [first, ...rest] = drawn.calibration;
  const none = { ...first, slope: null, ici: null, note: "slope: separated" };
  const block = calibrationTable({ ...drawn, calibration: [none, ...rest] });
  const [, row, second] = cells(dom(block));
  expect([row[3], row[5]]).toEqual(["–", "–"]);
  const { slope, brier, ici } = drawn.calibration[1];
  const signed = (v: number) => v.toFixed(2).replace("-", "−");
  expect(second[3]).toBe(`${signed(slope?.value ?? 0)}${slope?.ci.map(signed).join(" to ")}`);
  expect(second[4]).toContain(brier.value.toFixed(3));
  expect(second[5]).toBe(`${ici?.value.toFixed(3)}by chance up to ${ici?.byChance?.toFixed(3)}`);
  expect(JSON.stringify(block)).toContain("slope: separated");
});

describe("net benefit of the multi-task model less the single-task models'", () => {
  const document = dom(netBenefitDifferenceFigure(drawn));

  test("drawn against the single-task models, not the baseline, about the line of no difference", () => {
    const panels = [...document.querySelectorAll(".panel")];
    expect(panels).toHaveLength(3);
    panels.forEach((panel, p) => {
      expect(panel.querySelectorAll(".curve path")).toHaveLength(1);
      const found = drawn.decision[p].differences.find(({ b }) => b === "stdl");
      const path = points(panel.querySelector(".curve path")?.getAttribute("d"));
      const rule = Number(
        [...panel.querySelectorAll("line")]
          .find((line) => line.parentElement?.getAttribute("aria-label") === "rule")
          ?.getAttribute("y1"),
      );
      // Heights above the line in proportion to the differences.
      const heights = path.map(([, y]) => rule - y);
      const differences = (found?.difference ?? []).slice(0, path.length);
      const largest = differences.reduce((a, d, i) => (Math.abs(d) > Math.abs(differences[a]) ? i : a), 0);
      const scale = heights[largest] / differences[largest];
      expect(scale).toBeGreaterThan(0);
      heights.forEach((height, i) => expect(height).toBeCloseTo(scale * differences[i], 0));
    });
  });

  test("the table prints net benefits and differences at its thresholds", () => {
    const rows = cells(dom(netBenefitTable(drawn)));
    expect(rows).toHaveLength(3 * 8);
    const { thresholds, curves, differences } = drawn.decision[0];
    const i = thresholds.indexOf(0.3);
    const signed = (v: number) => v.toFixed(3).replace("-", "−").replace("−0.000", "0.000");
    const at = (id: string) => signed(curves.find(({ model }) => model === id)?.netBenefit[i] ?? Number.NaN);
    expect(rows[3].slice(0, 4)).toEqual(["0.30", at("mtdl"), at("stdl"), at("all")]);
    expect(rows[3][4]).toContain(signed(differences[0].ci[i][0]));
  });

  test("results without intervals say so, and their decision curves stay", () => {
    const older = drawn.decision.map(({ task, thresholds, curves }) => ({
      ...{ task, thresholds, differences: [], method: "" },
      curves: curves.map(({ model, netBenefit }) => ({ model, netBenefit })),
    }));
    expect(netBenefitDifferenceFigure({ ...drawn, decision: older })).toHaveProperty("absent");
    expect(cells(dom(netBenefitTable({ ...drawn, decision: older })))[1]).toHaveLength(4);
  });
});
