import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import type { FigureBlock } from "../../src/report/block.ts";
import { labeledFigure, sizesFigure } from "../../src/report/figures/learningCurve.ts";
import { figureCsv, figureSvg } from "../../src/report/figureTexts.ts";
import { drawnCurve } from "./drawnCurve.ts";

const results = { sources: ["procedural" as const], external: ["B"] };
const sizes = drawnCurve([50, 400, 200]);
const figure = sizesFigure(results, sizes);
const panelsOf = (block: FigureBlock) => [
  ...parseHTML(`<!doctype html><html><body>${block.body.markup}</body></html>`).document.querySelectorAll(
    ".panel",
  ),
];
const numbers = (element: { getAttribute(name: string): string | null } | undefined, ...names: string[]) =>
  names.map((name) => Number(element?.getAttribute(name)));

describe("by the number of cases", () => {
  const panels = panelsOf(figure);

  test("a panel a task of areas, and one of differences from the single-task models", () => {
    expect(panels.map((panel) => panel.querySelector(".panel-title")?.textContent)).toEqual(
      Array(2).fill(["Histology", "Stage", "Anatomical complexity"]).flat(),
    );
    for (const [p, panel] of panels.entries()) {
      expect(panel.querySelectorAll(".curve path")).toHaveLength(p < 3 ? 3 : 1);
      expect(panel.querySelectorAll(".intervals line")).toHaveLength(p < 3 ? 9 : 3);
      expect(panel.querySelector("svg")?.getAttribute("role")).toBe("img");
    }
  });

  test("every point asked for is named on the axis, from few to many", () => {
    for (const panel of panels) {
      const ticks = [...panel.querySelectorAll("[aria-label='x-axis tick label'] text")];
      expect(ticks.map((tick) => tick.textContent)).toEqual(["50", "200", "400"]);
    }
  });

  test("differences stand as high above the line of none as they are large, bars as long as intervals", () => {
    panels.slice(3).forEach((panel, t) => {
      const rows = sizes.differences
        .filter((row) => row.b === "stdl" && row.task === ["histology", "stage", "complexity"][t])
        .toSorted((a, b) => a.at - b.at);
      const [zero] = numbers(panel.querySelector(".rule line, line.rule") ?? undefined, "y1");
      const bars = [...panel.querySelectorAll(".intervals line")].map((bar) => numbers(bar, "y1", "y2"));
      const pixels = Math.abs(bars[0][1] - bars[0][0]) / (rows[0].ci[1] - rows[0].ci[0]);
      const dots = [...panel.querySelectorAll(".points circle")];
      rows.forEach(({ difference, ci }, i) => {
        expect(numbers(dots[i], "cy")[0]).toBeCloseTo(zero - pixels * difference, 1);
        const ends = bars[i].toSorted((a, b) => b - a);
        expect(ends).toEqual(ci.map((end) => expect.closeTo(zero - pixels * end, 1)));
      });
    });
  });

  test("the whole of it is said in words, with what is simulated", () => {
    const svg = figureSvg(figure, figure.title);
    expect(svg).toContain("MTDL − STDL: +0.050 (−0.040 to +0.140) at 50");
    expect(svg).toContain("Procedural phantoms, no patients.");
    expect(svg).not.toMatch(/var\(--|currentColor/);
  });

  test("its numbers are a table with every seed", () => {
    const [header, ...rows] = figureCsv(figure).trim().split("\n");
    expect(header).toMatch(/^task,model,cases trained on,.*seed 1,seed 2,seed 3$/);
    expect(rows).toHaveLength(sizes.auc.length + sizes.differences.length);
  });
});

test("by the share of labels: the task whose labels are withheld is named, shares are percentages", () => {
  const block = labeledFigure(results, { ...drawnCurve([0.1, 1]), withheld: "complexity" });
  expect(block.title).toMatch(/^Few labels of anatomical complexity/);
  const [panel] = panelsOf(block);
  const ticks = [...panel.querySelectorAll("[aria-label='x-axis tick label'] text")];
  expect(ticks.map((tick) => tick.textContent)).toEqual(["10 %", "100 %"]);
});

test("one model alone has no row of differences; without single-task models every other is compared", () => {
  const only = (...models: string[]) => ({
    ...sizes,
    auc: sizes.auc.filter(({ model }) => models.includes(model)),
    differences: sizes.differences.filter(({ b }) => models.includes(b)),
  });
  expect(panelsOf(sizesFigure(results, only("mtdl")))).toHaveLength(3);
  const against = sizesFigure(results, only("mtdl", "size"));
  expect(panelsOf(against)).toHaveLength(6);
  expect(against.body.markup).toContain("MTDL − size alone");
});
