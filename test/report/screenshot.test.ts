import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { decode } from "fast-png";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reportFigures } from "../../src/report/figureFiles.ts";
import { renderReport } from "../../src/report/report.ts";
import { drawnResults } from "./fixture.ts";
import { executablePath, outside, overlapping, panelsOf, shownFigures, skip } from "./layout.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-screenshot-"));
const file = join(folder, "report.html");
const url = pathToFileURL(file).href;
const drawn = drawnResults();
const figures = reportFigures(drawn);

let browser: Browser;
beforeAll(async () => {
  if (skip) return;
  writeFileSync(file, renderReport(drawn));
  for (const { name, svg } of figures) writeFileSync(join(folder, `${name}.svg`), svg);
  browser = await chromium.launch({
    executablePath,
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
}, 30_000);
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Standard deviation of all samples of a part of a PNG, in grey levels: 0 where it is blank. */
function deviation(png: ReturnType<typeof decode>, { x, y, width, height }: Box): number {
  let [n, sum, squares] = [0, 0, 0];
  const [right, bottom] = [Math.min(png.width, x + width), Math.min(png.height, y + height)];
  for (let row = Math.max(0, Math.ceil(y)); row < Math.floor(bottom); row++)
    for (let column = Math.max(0, Math.ceil(x)); column < Math.floor(right); column++) {
      const value = png.data[(row * png.width + column) * png.channels];
      [n, sum, squares] = [n + 1, sum + value, squares + value * value];
    }
  return Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2));
}
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A4 less the margins of the style sheet, at 96 points an inch. */
const paper = Math.round(((210 - 30) / 25.4) * 96);

describe.skipIf(skip).each([
  { size: "desktop", width: 1280, height: 900, media: "screen" },
  { size: "phone", width: 360, height: 740, media: "screen" },
  { size: "print", width: paper, height: 1000, media: "print" },
] as const)("the report on $size, $width px wide (skipped without Chromium)", ({ width, height, media }) => {
  const messages: string[] = [];
  const requests: string[] = [];
  let page: Page;
  beforeAll(async () => {
    // Print must be black on white for a reader who prefers dark as well.
    page = await browser.newPage({
      viewport: { width, height },
      colorScheme: media === "print" ? "dark" : "light",
    });
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") messages.push(message.text());
    });
    page.on("pageerror", (error) => messages.push(String(error)));
    page.on("request", (request) => {
      if (!request.url().startsWith("data:image/png;")) requests.push(request.url());
    });
    await page.emulateMedia({ media });
    await page.goto(url);
  }, 30_000);
  afterAll(() => page?.close());

  test("loads itself and nothing else, without a word on the console", () => {
    expect(requests).toEqual([url]);
    expect(messages).toEqual([]);
  });

  test("does not scroll sideways as a whole", async () => {
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
  });

  test("no text leaves its cell, its figure or the page", async () => {
    expect(await page.evaluate(outside, 1.5)).toEqual([]);
  });

  test("panels, entries of legends and captions do not lie over each other", async () => {
    expect(await page.evaluate(overlapping)).toEqual([]);
  });

  test("every figure is there, and no panel of it is blank", async () => {
    const ids = await page.evaluate(shownFigures);
    expect(ids).toHaveLength(figures.length);
    for (const id of ids) {
      const figure = page.locator(`#${id}`);
      const png = decode(await figure.screenshot());
      const panels = await page.evaluate(panelsOf, id);
      expect(panels.length).toBeGreaterThan(0);
      for (const box of panels) {
        expect(Math.min(box.width, box.height)).toBeGreaterThan(60);
        expect(deviation(png, box), `${id}: ${JSON.stringify(box)}`).toBeGreaterThan(4);
      }
    }
  }, 30_000);

  test.runIf(media === "screen")(
    "tabs reach every table in the order of the page",
    async () => {
      const regions: string[] = await page.evaluate(
        "[...document.querySelectorAll('.scroll')].map((e) => e.getAttribute('aria-labelledby'))",
      );
      expect(regions).toHaveLength(13);
      const seen: string[] = [];
      await page.evaluate("document.activeElement?.blur?.(), window.scrollTo(0, 0)");
      for (let i = 0; i < 600 && seen.length < regions.length; i++) {
        await page.keyboard.press("Tab");
        const region: string | null = await page.evaluate(
          "document.activeElement.matches('.scroll') ? document.activeElement.getAttribute('aria-labelledby') : null",
        );
        if (region !== null) seen.push(region);
      }
      expect(seen).toEqual(regions);
    },
    30_000,
  );

  test.runIf(width === 360)(
    "a table wider than the phone scrolls by arrow keys, its row names staying",
    async () => {
      const region = page.locator("#readers .scroll");
      await region.focus();
      const left = () => region.evaluate((e) => (e as unknown as { scrollLeft: number }).scrollLeft);
      const name = region.locator("th[scope=row]").first();
      const before = await name.boundingBox();
      expect(await left()).toBe(0);
      for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowRight");
      await expect.poll(left).toBeGreaterThan(40);
      expect((await name.boundingBox())?.x).toBeCloseTo(before?.x ?? Number.NaN, 0);
    },
  );

  test.runIf(media === "print")("prints whole tables, dark on white, with page numbers", async () => {
    const clipped = await page.evaluate(
      "[...document.querySelectorAll('.scroll')].filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.parentElement.id)",
    );
    expect(clipped).toEqual([]);
    const [background, ink] = await page.evaluate<string[]>(
      "(() => { const s = getComputedStyle(document.body); return [s.backgroundColor, s.color]; })()",
    );
    expect([background, ink]).toEqual(["rgb(255, 255, 255)", "rgb(22, 25, 29)"]);
    const pdf = await page.pdf({ preferCSSPageSize: true, format: "A4" });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    const pages = [...pdf.toString("latin1").matchAll(/\/Type\s*\/Page\b/g)].length;
    expect(pages).toBeGreaterThan(8);
    expect(pages).toBeLessThan(40);
  });
});

describe.skipIf(skip)("figures as files (skipped without Chromium)", () => {
  let page: Page;
  beforeAll(async () => {
    page = await browser.newPage();
  });
  afterAll(() => page?.close());

  test.each(figures.map(({ name }) => name))(
    "%s.svg is XML that shows something, its text inside",
    async (name) => {
      await page.setViewportSize({ width: 1100, height: 900 });
      await page.goto(pathToFileURL(join(folder, `${name}.svg`)).href);
      // What is not well-formed shows an error in place of the figure.
      expect(await page.evaluate("document.querySelector('parsererror')")).toBeNull();
      const [width, height, texts]: [number, number, number[][]] = await page.evaluate(`(() => {
        const { width, height } = document.documentElement.getBoundingClientRect();
        const boxes = [...document.querySelectorAll("text")].map((e) => e.getBoundingClientRect());
        return [width, height, boxes.map((b) => [b.left, b.right, b.top, b.bottom])];
      })()`);
      for (const [left, right, top, bottom] of texts) {
        expect(Math.min(left, top)).toBeGreaterThanOrEqual(-1);
        expect(right).toBeLessThanOrEqual(width + 1);
        expect(bottom).toBeLessThanOrEqual(height + 1);
      }
      await page.setViewportSize({ width: Math.ceil(width), height: Math.ceil(height) });
      const png = decode(await page.screenshot());
      expect(deviation(png, { x: 0, y: 0, width, height })).toBeGreaterThan(8);
    },
    20_000,
  );
});
