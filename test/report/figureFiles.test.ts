import { parse } from "csv-parse/sync";
import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { light } from "../../src/page/palette.ts";
import { reportFigures } from "../../src/report/figureFiles.ts";
import { renderReport } from "../../src/report/report.ts";
import { drawnResults } from "./fixture.ts";

const drawn = drawnResults();
const figures = reportFigures(drawn);
const named = (id: string) => {
  const found = figures.find(({ name }) => name.endsWith(`-${id}`));
  if (!found) throw new Error(`no figure ${id}`);
  return found;
};
const rows = (id: string): Record<string, string>[] => parse(named(id).csv, { columns: true });

test("every figure of the page is a file, numbered as there", () => {
  const { document } = parseHTML(renderReport(drawn));
  const shown = [...document.querySelectorAll("figure:not(.table)")].map((figure) => ({
    label: figure.querySelector("figcaption b")?.textContent,
    id: figure.id,
  }));
  expect(figures.map(({ label, name }) => [`${label}.`, name])).toEqual(
    shown.map(({ label, id }) => [label, `${label?.toLowerCase().replace(" ", "-").replace(".", "")}-${id}`]),
  );
  expect(figures.length).toBe(10);
});

test("results without a figure have no file of it, and the rest is numbered without gaps", () => {
  const fewer = reportFigures({ ...drawn, flow: [], gates: [] });
  expect(fewer.map(({ name }) => name)).not.toContainEqual(expect.stringMatching(/flow|gates/));
  expect(fewer.map(({ label }) => label)).toEqual(fewer.map((_, i) => `Figure ${i + 1}`));
});

describe.each(figures.map((figure) => [figure.name, figure] as const))("%s", (_, { svg, csv, title }) => {
  test("is well-formed, and needs no style sheet", () => {
    const open: string[] = [];
    for (const [, closing, name, selfClosing] of svg.matchAll(
      /<(\/?)([a-zA-Z][\w:]*)(?:"[^"]*"|[^>"])*?(\/?)>/g,
    )) {
      if (closing) expect(open.pop()).toBe(name);
      else if (!selfClosing) open.push(name);
    }
    expect(open).toEqual([]);
    // XML: no `<` in an attribute, no entity of HTML.
    for (const [, value] of svg.matchAll(/ [\w:-]+="([^"]*)"/g)) expect(value).not.toContain("<");
    for (const [entity] of svg.matchAll(/&[^;\s]*;?/g)) expect(entity).toMatch(/^&(amp|lt|gt|quot|#39);$/);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 [\d.]+ [\d.]+"/);
    expect(svg).not.toMatch(/var\(|currentColor|undefined|NaN|&nbsp;|<script|<style/);
    expect(svg).not.toMatch(/https?:\/\/(?!www\.w3\.org\/)/);
  });

  test("tells what it shows", () => {
    const { document } = parseHTML(`<!doctype html><body>${svg}</body>`);
    expect(document.querySelector("svg > title")?.textContent).toContain(title);
    expect(document.querySelector("svg > desc")?.textContent?.length).toBeGreaterThan(30);
  });

  test("its data are a table of full rows", () => {
    const found: string[][] = parse(csv);
    expect(found.length).toBeGreaterThan(1);
    expect(new Set(found.map((row) => row.length)).size).toBe(1);
  });
});

test("what is painted or simulated is printed in the picture", () => {
  for (const id of ["roc", "calibration", "decision", "examples", "flow", "gates", "training"]) {
    expect(named(id).svg).toMatch(/<tspan[^>]*>Painted phases, not real CT/);
    expect(named(id).svg).toContain(`fill="${light.warn}"`);
  }
  expect(named("roc").svg).toContain("ome readers simulated");
  expect(named("savings").svg).not.toContain("Painted");
  const real = { ...drawn, study: { ...drawn.study, sources: ["real" as const] } };
  for (const { svg } of reportFigures(real)) expect(svg).not.toContain("not real CT");
});

describe("the CSV holds the numbers of the results, all digits", () => {
  test("ROC curves and readers' points", () => {
    const mtdl = rows("roc").filter((r) => r.task === "stage" && r.name === "mtdl");
    const points = drawn.roc.find((r) => r.task === "stage" && r.model === "mtdl")?.points;
    expect(mtdl.map((r) => [Number(r["1 - specificity"]), Number(r.sensitivity)])).toEqual(points);
    expect(rows("roc").filter((r) => r.kind === "reader")).toHaveLength(drawn.readers.length);
  });

  test("calibration curves", () => {
    const found = rows("calibration").map((r) => [
      r.task,
      r.model,
      Number(r.observed),
      Number(r["95 % low"]),
    ]);
    expect(found).toEqual(
      drawn.calibration.flatMap((c) => c.curve.map((p) => [c.task, c.model, p.observed, p.low])),
    );
  });

  test("decision curves with their bands, differences of the multi-task model and every other", () => {
    const [first] = drawn.decision;
    const mtdl = first.curves.find(({ model }) => model === "mtdl");
    const found = rows("decision").filter((r) => r.task === first.task && r.model === "mtdl");
    expect(found.map((r) => [Number(r["net benefit"]), Number(r["95 % low"])])).toEqual(
      mtdl?.netBenefit.map((v, i) => [v, mtdl.ci?.[i][0]]),
    );
    const pairs = new Set(rows("benefit-difference").map((r) => `${r.task} ${r.a} ${r.b}`));
    expect(pairs.size).toBe(6);
  });

  test("what was saved, in units", () => {
    const [time, memory] = rows("savings");
    expect([time.unit, Number(time.mtdl), Number(time["stdl together"])]).toEqual(["ms", 41.27, 104.9]);
    expect([memory.unit, Number(memory.mtdl)]).toEqual(["bytes", 61_300_000]);
  });
});
