import fc from "fast-check";
import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import type { Results } from "../../src/evidence/validate/results.ts";
import { html } from "../../src/page/html.ts";
import type { Absent, Block } from "../../src/report/block.ts";
import { decisionCurveFigure } from "../../src/report/figures/decisionCurve.ts";
import { efficiencyFigure } from "../../src/report/figures/efficiency.ts";
import { flowFigure, wrap } from "../../src/report/figures/flow.ts";
import { gatesFigure } from "../../src/report/figures/gates.ts";
import { rocFigure } from "../../src/report/figures/roc.ts";
import { trainingCurvesFigure } from "../../src/report/figures/trainingCurves.ts";
import { drawnResults } from "./fixture.ts";

const drawn = drawnResults();

function dom(block: Block | Absent) {
  if ("absent" in block) throw new Error(block.absent);
  return parseHTML(`<!doctype html><html><body>${block.body.markup}</body></html>`).document;
}

type Point = readonly [x: number, y: number];
const points = (d: string | null | undefined): Point[] =>
  [...(d ?? "").matchAll(/[ML](-?[\d.e-]+),(-?[\d.e-]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
const close = (p: Point) => p.map((v) => expect.closeTo(v, 1));

describe("ROC curves", () => {
  const block = rocFigure(drawn);
  const document = dom(block);
  // The plotting area of roc.ts in its own units, and the scale from rates to it.
  const [left, right, top, bottom] = [44, 290, 8, 264];
  const at = (fpr: number, tpr: number): Point => [
    left + fpr * (right - left),
    bottom - tpr * (bottom - top),
  ];

  test("start at no positives, end at all, and pass every point on the way, rising", () => {
    const paths = [...document.querySelectorAll(".curve path")].map((path) => points(path.getAttribute("d")));
    expect(paths).toHaveLength(drawn.roc.length);
    paths.forEach((path, i) => {
      expect(path[0]).toEqual(close(at(0, 0)));
      expect(path.at(-1)).toEqual(close(at(1, 1)));
      expect(path).toEqual(drawn.roc[i].points.map(([x, y]) => close(at(x, y))));
      for (let k = 1; k < path.length; k++) {
        expect(path[k][0]).toBeGreaterThanOrEqual(path[k - 1][0]);
        expect(path[k][1]).toBeLessThanOrEqual(path[k - 1][1]);
      }
    });
  });

  test("each reader's point is where it belongs, hollow where simulated", () => {
    const dots = [...document.querySelectorAll(".readers path")];
    const expected = ["histology", "stage", "complexity"].flatMap((task) =>
      drawn.readers.filter((r) => r.task === task),
    );
    expect(dots).toHaveLength(expected.length);
    dots.forEach((dot, i) => {
      const [, x, y] = /translate\(([\d.]+),([\d.]+)\)/.exec(dot.getAttribute("transform") ?? "") ?? [];
      expect([Number(x), Number(y)]).toEqual(close(at(...expected[i].point)));
      expect(dot.getAttribute("fill")).toBe(expected[i].simulated ? "var(--paper)" : "currentColor");
    });
  });

  test("beside a human reader the caption denies no one's reading but the simulated readers'", () => {
    const { markup } = html`${"note" in block ? block.note : ""}`;
    expect(drawn.readers.some((r) => !r.simulated)).toBe(true);
    expect(markup).toContain("no human being read the cases as them");
  });

  test("without readers no word of them", () => {
    const block = rocFigure({ ...drawn, readers: [] });
    expect(JSON.stringify(block)).not.toMatch(/reader/i);
  });
});

test("decision curves: treating none lies on zero, treating all starts at the prevalence's height", () => {
  const document = dom(decisionCurveFigure(drawn));
  const panels = [...document.querySelectorAll(".panel")];
  expect(panels).toHaveLength(3);
  panels.forEach((panel, p) => {
    const [all, none, ...models] = [...panel.querySelectorAll(".curve path")].map((path) =>
      points(path.getAttribute("d")),
    );
    expect(models).toHaveLength(drawn.models.length);
    expect(new Set(none.map(([, y]) => y)).size).toBe(1);
    const { curves, thresholds } = drawn.decision[p];
    const benefit = curves.find((c) => c.model === "all")?.netBenefit ?? [];
    const zero = none[0][1];
    // Pixels per unit of net benefit, from the first model's curve: the same scale must place `all`.
    const mtdl = curves.find((c) => c.model === "mtdl")?.netBenefit ?? [];
    const scale = (zero - models[0][0][1]) / mtdl[0];
    expect(all[0][1]).toBeCloseTo(zero - scale * benefit[0], 1);
    expect(all[10][1]).toBeCloseTo(zero - scale * benefit[10], 1);
    expect(none).toHaveLength(thresholds.length);
    for (const [, y] of [...all, ...models.flat()]) expect(y).toBeLessThanOrEqual(240 - 36 + 0.01);
  });
});

test("gates: each bar's segments fill it, in proportion to the weights", () => {
  const document = dom(gatesFigure(drawn));
  const widths = [...document.querySelectorAll(".segments rect")].map((rect) =>
    Number(rect.getAttribute("width")),
  );
  const weights = drawn.gates.flatMap((gate) => gate.weights);
  expect(widths).toHaveLength(weights.length);
  const full = 340 - 74 - 12;
  widths.forEach((width, i) => expect(width).toBeCloseTo(full * weights[i], 1));
});

test("efficiency: bars as long as their share of the single-task models'", () => {
  const document = dom(efficiencyFigure(drawn));
  const widths = [...document.querySelectorAll(".bars rect")].map((rect) =>
    Number(rect.getAttribute("width")),
  );
  expect(widths).toHaveLength(10);
  expect(widths[0] / widths[1]).toBeCloseTo(41.27 / 104.9, 3);
  expect(widths[2] / widths[3]).toBeCloseTo(61.3 / 171.8, 3);
});

test("training: one loss panel a run with its kept epoch, one AUC panel a task", () => {
  const document = dom(trainingCurvesFigure(drawn));
  expect(document.querySelectorAll(".panels.small .panel")).toHaveLength(4);
  expect(document.querySelectorAll(".panels:not(.small) .panel")).toHaveLength(3);
  expect(document.querySelectorAll(".best line")).toHaveLength(4);
  for (const path of document.querySelectorAll(".curve path"))
    expect(points(path.getAttribute("d"))).toHaveLength(30);
  const one = drawn.training.map((run) => ({ ...run, epochs: run.epochs.slice(0, 1), best: 1 }));
  expect(
    dom(trainingCurvesFigure({ ...drawn, training: one })).querySelectorAll("svg[role=img]"),
  ).toHaveLength(7);
  expect(
    trainingCurvesFigure({ ...drawn, training: one.map((run) => ({ ...run, epochs: [] })) }),
  ).toHaveProperty("absent");
});

describe("study flow", () => {
  test("boxes do not overlap, hold their text, and name every count and reason", () => {
    const document = dom(flowFigure(drawn));
    const boxes = [...document.querySelectorAll("rect")].map((rect) =>
      ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name))),
    );
    boxes.forEach(([x, y, w, h], i) =>
      boxes.slice(i + 1).forEach(([x2, y2, w2, h2]) => {
        expect(x + w <= x2 || x2 + w2 <= x || y + h <= y2 || y2 + h2 <= y).toBe(true);
      }),
    );
    const text = (document.querySelector("svg")?.textContent ?? "").replace(/\s+/g, " ");
    for (const words of ["n = 489", "Excluded: n = 37", "benign tumour: 31", "n = 452", "n = 431"])
      expect(text).toContain(words);
    expect(text).toContain("Centre B, external: n = 160");
  });

  test("the step that is the split says so by a field, not by its reason", () => {
    const text = (step: Results["flow"][number]) =>
      dom(flowFigure({ ...drawn, flow: [...drawn.flow, step] })).querySelector("svg")?.textContent ?? "";
    const step = { step: "Test", in: 431, out: 160, excluded: [{ reason: "reworded", n: 271 }] };
    expect(text({ ...step, development: "A" })).toMatch(/Development: n\s=\s271/);
    const center = [{ reason: "development centre A", n: 271 }];
    expect(text({ ...step, excluded: center })).toMatch(/Excluded: n\s=\s271/);
  });

  test("wrapping loses no letter and no line is too long", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."abcdefg  ") }), (text) => {
        const lines = wrap(text, 7);
        expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(7);
      }),
    );
  });
});
