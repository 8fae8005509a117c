import { decode } from "fast-png";
import { parseHTML } from "linkedom";
import { expect, describe as group, test } from "vitest";
import { loops } from "../../../src/imaging/nephrometry/figure/loops.ts";
import {
  describe,
  figure,
  nephrometry,
  readTumors,
  refined,
  scenePng,
  sceneSvg,
  uncertainty,
} from "../../../src/imaging/nephrometry/index.ts";
import { phantom } from "./phantom.ts";

const mask = phantom({
  spacing: [1.5, 1.5, 2],
  tumors: [
    { center: [-80, 8, 10], radius: 14 },
    { center: [55, -20, -30], radius: 9 },
  ],
});
const [reading, second] = readTumors(mask, refined);

group("figure", () => {
  test("a document by itself, with the scores in words", () => {
    const svg = sceneSvg(figure(reading, { rules: refined, title: "A & <B>" }));
    const { document } = parseHTML(svg);
    const root = document.querySelector("svg");
    expect(root?.getAttribute("role")).toBe("img");
    expect(svg).toContain("A &amp; &lt;B&gt;");
    expect(svg).not.toMatch(/<script|<style|href|url\(|NaN|Infinity|undefined/);
    const texts = [...document.querySelectorAll("text")].map((node) => node.textContent);
    const { total, suffix, complexity } = reading.scores.renal;
    expect(texts[0]).toBe(`R.E.N.A.L. ${total}${suffix} · ${complexity}`);
    expect(document.querySelector("desc")?.textContent).toBe(describe(reading.scores));
  });

  test("the diameter's line is as long as R, the polar lines as far apart as they lie", () => {
    const { shapes } = figure(reading, { rules: refined });
    const lines = shapes.filter((shape) => shape.kind === "line");
    const bar = lines.at(-1)!.points;
    const pxPerMm = (bar[2] - bar[0]) / 20;
    const [x0, y0, x1, y1] = lines.find(({ width }) => width === 1.8)!.points;
    expect(Math.hypot(x1 - x0, y1 - y0) / pxPerMm).toBeCloseTo(reading.scores.renal.R.mm, 6);
    const dashed = lines.filter(({ dash }) => dash?.[0] === 7).map(({ points }) => points[1]);
    const [first, last] = reading.sinus.polarLines!;
    expect(Math.abs(dashed[0] - dashed[1]) / pxPerMm).toBeCloseTo((last - first + 1) * 2, 6);
  });

  test("everything lies on the canvas", () => {
    for (const scene of [
      figure(reading),
      figure(second, { rules: refined, uncertainty: uncertainty(second) }),
    ])
      for (const shape of scene.shapes) {
        const points =
          shape.kind === "area"
            ? shape.loops.flat()
            : shape.kind === "line"
              ? shape.points
              : [shape.x, shape.y];
        for (const [n, at] of points.entries()) {
          expect(at).toBeGreaterThanOrEqual(0);
          expect(at).toBeLessThanOrEqual(n % 2 === 0 ? scene.width : scene.height);
        }
      }
  });
});

test("PNG: twice the size, white at its rim, each tint where the scene has it", () => {
  const scene = figure(reading, { rules: refined });
  const { width, height, channels, data } = decode(scenePng(scene));
  expect([width, height, channels]).toEqual([2 * scene.width, 2 * scene.height, 3]);
  const at = (x: number, y: number) => {
    const from = 3 * (Math.round(2 * y) * width + Math.round(2 * x));
    return `#${[...data.slice(from, from + 3)].map((v) => v.toString(16).padStart(2, "0")).join("")}`;
  };
  expect(at(1, 1)).toBe("#ffffff");
  const swatches = scene.shapes.filter((shape) => shape.kind === "area").slice(-6);
  for (const {
    loops: [[x, y]],
    fill,
  } of swatches)
    expect(at(x + 6, y + 5)).toBe(fill);
  expect(
    at(scene.width - 30, 0.5 + scene.shapes.findLast((shape) => shape.kind === "line")!.points[1] - 0.5),
  ).toBe("#1a1a1a");
});

group("loops", () => {
  test("a square, and a ring's two borders", () => {
    const [square, ...more] = loops((u, v) => u >= 1 && u < 3 && v >= 1 && v < 3, 4, 4, [2, 1]);
    expect(more).toEqual([]);
    expect(square).toHaveLength(16);
    expect(Math.min(...square)).toBe(1);
    expect(loops((u, v) => !(u === 1 && v === 1), 3, 3, [1, 1])).toHaveLength(2);
  });
});

test("the paragraph names side, sizes, scores, borderline values and what is not known", () => {
  const [right] = nephrometry(mask, refined).tumors;
  const text = describe(right);
  expect(text).toMatch(/^Right kidney, /);
  expect(text).toContain(`R.E.N.A.L. ${right.renal.total}${right.renal.suffix} (R 1 + E `);
  expect(text).toContain("estimated from the outlines alone");
  expect(text).toContain("main renal vessels (h) is not known");
  for (const part of ["NaN", "undefined", "Infinity"]) expect(text).not.toContain(part);
});
