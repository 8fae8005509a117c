import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { drawDisagreement } from "../../src/learning/segmentation/compare/drawDisagreement.ts";
import {
  type OverlapResults,
  overlapResults,
} from "../../src/learning/segmentation/compare/overlapResults.ts";
import { summarizeClass } from "../../src/learning/segmentation/compare/summarize.ts";
import { kitsClasses } from "../../src/learning/segmentation/scores/classes.ts";
import { scoreCase } from "../../src/learning/segmentation/scores/scoreCase.ts";
import type { Vec3 } from "../../src/numerics/volume/index.ts";
import { renderOverlap } from "../../src/report/overlap/renderOverlap.ts";
import { drawn, volume } from "../learning/segmentation/scores/blobs.ts";
import { executablePath, outside, overlapping, skip } from "./layout.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-overlap-"));
afterAll(() => rmSync(folder, { recursive: true }));

const size: Vec3 = [40, 24, 8];
/** A kidney that is half tumour, moved by some voxels. */
const labels = (by: number) => {
  const kidney = drawn(size, [1, 1, 1], ([i, j]) => i >= 8 + by && i < 24 + by && j >= 6 && j < 18);
  return volume(
    kidney.map((inside, n) => (inside && n % 40 > 15 + by ? 2 : inside)),
    size,
    [1, 1, 3],
  );
};
const hostile = "<script>alert(1)</script> of a patient with a very long name, and longer still";
const names = ["case_1", "case_2", "case_3", hostile];
const scores = names.map((_, n) => scoreCase(labels(0), labels(2 * n), kitsClasses));

const results: OverlapResults = overlapResults.parse({
  ...{
    format: "trinephron-overlap/1",
    software: "trinephron 0.0.0",
    created: "2026-01-02T03:04:05Z",
    seed: 1,
  },
  ...{ reference: "drawn", predicted: "predicted", classes: kitsClasses },
  detection: { leastIou: 0.1, speckMl: 0.05 },
  cases: names.map((name, n) => ({ case: name, scores: scores[n], remarks: [] })),
  leftOut: [{ case: "case_9", reason: "no prediction" }],
  summary: kitsClasses.map((each, c) =>
    summarizeClass(
      each,
      scores.map((of) => of[c]),
      1,
    ),
  ),
  pictures: kitsClasses.flatMap((each) =>
    [3, 2, 1].map((n) => ({
      ...{ case: names[n], class: each.name, dice: 0.5 },
      ...drawDisagreement(labels(0), labels(2 * n), each),
    })),
  ),
} satisfies Record<keyof OverlapResults, unknown>);
const page = renderOverlap(results);

describe("the report of a comparison", () => {
  test("has every class's mean, what was left out, and no script out of the results", () => {
    for (const { scores: found } of results.summary)
      expect(page).toContain(`>${found.dice!.mean.toFixed(3)}</td>`);
    expect(page).toContain("case_9: no prediction");
    expect(page).not.toMatch(/<script|NaN|undefined|Infinity/);
  });

  test("shows no picture that is not an embedded PNG", () => {
    const [first] = results.pictures;
    const other = renderOverlap({
      ...results,
      pictures: [{ ...first, image: 'data:image/png;base64,x" onload="y' }],
    });
    expect(other).not.toContain("<image");
    expect(other).not.toContain("onload");
  });

  test.skipIf(skip)(
    "fits a screen and a phone, and loads nothing (skipped without Chromium)",
    async () => {
      const file = join(folder, "report.html");
      writeFileSync(file, page);
      const browser = await chromium.launch({
        executablePath,
        args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
      });
      try {
        for (const width of [1280, 360]) {
          const view = await browser.newPage({ viewport: { width, height: 900 } });
          const requests: string[] = [];
          view.on("request", (request) => {
            if (!request.url().startsWith("data:image/png;")) requests.push(request.url());
          });
          await view.goto(pathToFileURL(file).href);
          expect(requests).toEqual([pathToFileURL(file).href]);
          expect(await view.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
          expect(await view.evaluate(outside, 1.5)).toEqual([]);
          expect(await view.evaluate(overlapping)).toEqual([]);
        }
      } finally {
        await browser.close();
      }
    },
    60_000,
  );
});
