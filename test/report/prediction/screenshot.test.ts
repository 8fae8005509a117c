import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { printPdf } from "../../../src/page/browser.ts";
import { pagePicture } from "../../../src/page/pagePicture.ts";
import { renderPrediction } from "../../../src/report/prediction/renderPrediction.ts";
import { fullPrediction, minimalPrediction } from "../../evidence/predict/aPrediction.ts";
import { executablePath, outside, skip } from "../layout.ts";
import { longPrediction, paintedPictures } from "./fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-prediction-"));
const names = ["long", "lacking", "minimal"] as const;
const file = (name: string) => join(folder, `${name}.html`);

let browser: Browser;
beforeAll(async () => {
  if (skip) return;
  const lacking = { ...(await paintedPictures(["excretory"])), maps: {} };
  writeFileSync(file("long"), renderPrediction(longPrediction, await paintedPictures()));
  writeFileSync(file("lacking"), renderPrediction(fullPrediction, lacking));
  writeFileSync(file("minimal"), renderPrediction(minimalPrediction, lacking));
  browser = await chromium.launch({
    executablePath,
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
}, 30_000);
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A4 less the margins of the style sheet, at 96 points an inch. */
const mm = 96 / 25.4;
const paper = { width: Math.round(192 * mm), height: Math.round(283 * mm) };

/** Pairs of parts of the page that lie over each other. */
const overlaps = `(() => {
  const found = [];
  const over = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  for (const parent of document.querySelectorAll("body, main, section, .cards, .card, .images, .rows, .row, .tiles, .tile, .facts, tr")) {
    const parts = [...parent.children].filter((e) => getComputedStyle(e).position !== "absolute" && e.matches(":not(.kicker, h1)"));
    const boxes = parts.map((e) => e.getBoundingClientRect());
    boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b, j) => {
      if (over(a, b)) found.push([parts[i], parts[i + 1 + j]].map((e) => e.tagName + "." + e.className + " " + e.textContent.slice(0, 20)).join(" / "));
    }));
    // What a part holds must end where it ends.
    for (const part of parts) if (part.scrollHeight > part.clientHeight + 2 && part.clientHeight > 0 && getComputedStyle(part).display !== "inline")
      found.push("overflows: " + part.tagName + "." + part.className);
  }
  return found;
})()`;

describe.skipIf(skip).each([
  { size: "desktop", width: 1240, height: 900, media: "screen" },
  { size: "phone", width: 390, height: 800, media: "screen" },
  { size: "print", ...paper, media: "print" },
] as const)("a patient's page on $size (skipped without Chromium)", ({ width, height, media }) => {
  let page: Page;
  const messages: string[] = [];
  const requests: string[] = [];
  const open = async (name: string) => {
    page = await browser.newPage({
      viewport: { width, height },
      colorScheme: media === "print" ? "dark" : "light",
    });
    page.on("console", (message) => messages.push(message.text()));
    page.on("request", (request) => {
      if (!request.url().startsWith("data:image/png;")) requests.push(request.url());
    });
    await page.emulateMedia({ media });
    await page.goto(pathToFileURL(file(name)).href);
  };
  afterEach(() => page?.close());

  test.each(names)(
    "%s: nothing scrolls sideways, leaves its place or lies over another",
    async (name) => {
      await open(name);
      expect(requests.splice(0)).toEqual([pathToFileURL(file(name)).href]);
      expect(messages).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      expect(await page.evaluate(outside, 1.5)).toEqual([]);
      expect(await page.evaluate(overlaps)).toEqual([]);
    },
    20_000,
  );

  test.runIf(media === "print")("no type is smaller than 6.5 points, no picture than 14 mm", async () => {
    await open("long");
    const sizes = await page.evaluate<number[]>(`(() => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const found = [];
      while (walker.nextNode()) {
        const { data, parentElement: e } = walker.currentNode;
        if (data.trim() !== "" && !e.closest("svg")) found.push(parseFloat(getComputedStyle(e).fontSize));
      }
      return found;
    })()`);
    expect(Math.min(...sizes) * 0.75).toBeGreaterThanOrEqual(6.5);
    const edges = await page.evaluate<number[]>(
      "[...document.querySelectorAll('.frame')].flatMap((e) => [e.clientWidth, e.clientHeight])",
    );
    expect(edges).toHaveLength(24);
    expect(Math.min(...edges) / mm).toBeGreaterThan(14);
  });
});

describe.skipIf(skip)("by the browser of the command line (skipped without Chromium)", () => {
  test.each(names)(
    "%s prints on one page",
    async (name) => {
      const out = join(folder, `${name}.pdf`);
      await printPdf(executablePath, file(name), out);
      expect([...readFileSync(out, "latin1").matchAll(/\/Type\s*\/Page\b/g)]).toHaveLength(1);
    },
    20_000,
  );

  test("a picture of the page: as wide as A4 at 150 dpi, drawn to near its end", async () => {
    const { width, height, channels, data } = await pagePicture(file("long"));
    expect([width, channels, data.length]).toEqual([1240, 3, 3 * width * height]);
    expect(height).toBeGreaterThan(1200);
    const row = (y: number) => data.subarray(3 * width * y, 3 * width * (y + 1));
    expect(row(height - 1).every((value) => value === 255)).toBe(true);
    expect(row(height - 25).some((value) => value < 128)).toBe(true);
    // The banner's rule: vermillion, a pixel inside its left edge.
    const orange = Array.from({ length: 300 }, (_, y) => row(y).subarray(3 * 28, 3 * 29));
    expect(orange.some(([r, g, b]) => r === 213 && g === 94 && b === 0)).toBe(true);
  }, 20_000);

  test("a page longer than any picture is refused", async () => {
    writeFileSync(file("endless"), '<body style="height:40000px;background:linear-gradient(red,blue)">');
    await expect(pagePicture(file("endless"))).rejects.toMatchObject({ code: "E_BROWSER" });
  }, 20_000);
});

test("without a browser: E_BROWSER", async () => {
  const before = process.env.CHROME_PATH;
  process.env.CHROME_PATH = join(folder, "no-browser");
  try {
    await expect(pagePicture(file("long"))).rejects.toMatchObject({ code: "E_BROWSER" });
  } finally {
    if (before === undefined) delete process.env.CHROME_PATH;
    else process.env.CHROME_PATH = before;
  }
});
