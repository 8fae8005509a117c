import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { viewOf } from "../../../src/apps/room/store/link.ts";
import { firstView, pixelsOf } from "../../../src/apps/room/store/view.ts";
import { extentOf } from "../../../src/apps/room/view/extent.ts";
import { grayOf } from "../../../src/apps/room/view/gray.ts";
import { placeOf } from "../../../src/apps/room/view/pixels.ts";
import type { Plane } from "../../../src/apps/room/view/plane.ts";
import { indexToPoint, type Vec3 } from "../../../src/numerics/volume/index.ts";
import { phases } from "../../../src/patients/cohort/case.ts";
import { hostile, paintedBody, writeStudy } from "./paintedStudy.ts";
import { buildRoom, type Site, serveSite } from "./site.ts";

const executablePath = "/usr/bin/chromium";
const skip = !existsSync(executablePath) && !process.env.CI;
if (skip) console.warn(`skipped: the reading room in a browser needs ${executablePath} (Debian: chromium)`);

const folder = mkdtempSync(join(tmpdir(), "trinephron-room-"));
const [site, study] = [join(folder, "site"), join(folder, "study")];
const body = paintedBody();
const link = "#window=100,400&image=2";

let browser: Browser;
let page: Page;
let served: Site;
const faults: string[] = [];
beforeAll(async () => {
  if (skip) return;
  writeStudy(study, body);
  await buildRoom(site);
  served = await serveSite(site);
  browser = await chromium.launch({
    executablePath,
    // No GPU, and no WebGL at all.
    args: ["--disable-gpu", "--disable-3d-apis", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
  });
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(20_000);
  page.on("pageerror", ({ message }) => faults.push(message));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  page.on("dialog", (dialog) => {
    faults.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
});
afterAll(async () => {
  await browser?.close();
  served?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The middle of a voxel of the tumour that lies deep in it. */
function tumorPoint(): Vec3 {
  const { size, data } = body.mask;
  const [nx, ny] = size;
  const inside = [...data.keys()].filter((n) =>
    [0, 1, -1, nx, -nx, nx * ny, -nx * ny].every((step) => data[n + step] === 2),
  );
  const n = inside[inside.length >> 1];
  return indexToPoint(body.mask, [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))]);
}
const huAt = (phase: (typeof phases)[number], point: Vec3): number => {
  const { size, origin, spacing, data } = body.phases[phase];
  const [i, j, k] = point.map((mm, a) => Math.round((mm - origin[a]) / spacing[a]));
  return data[i + size[0] * (j + size[1] * k)];
};

/** Grey at a point of the patient, on the picture of a phase. */
async function grayAt(phase: string, plane: Plane, point: Vec3): Promise<number> {
  const canvas = page.locator(`.viewport[data-phase="${phase}"][data-plane="${plane}"] canvas`);
  const [columns, rows] = await canvas.evaluate((element) => {
    const { width, height } = element as unknown as { width: number; height: number };
    return [width, height];
  });
  const view = { ...firstView, ...viewOf(new URL(page.url()).hash) };
  const extent = extentOf(Object.values(body.phases));
  const [x, y] = placeOf(pixelsOf(view, plane, columns, rows, extent), point).map(Math.floor);
  return canvas.evaluate(
    (element, [left, top]) =>
      // biome-ignore lint/suspicious/noExplicitAny: the types of a page are not those of Node
      (element as any).getContext("2d").getImageData(left, top, 1, 1).data[0],
    [x, y],
  );
}

/** Waits until the address has followed the view, and the pictures are drawn. */
const settled = () => page.waitForTimeout(400);

const text = (selector: string) => page.locator(selector).first().innerText();

describe.skipIf(skip)("the reading room in Chromium without GPU and WebGL (skipped without Chromium)", () => {
  test("weighs little, and its policy lets nothing in from elsewhere", () => {
    const files = readdirSync(site, { recursive: true, encoding: "utf8" }).map((name) => join(site, name));
    const bytes = files.filter((name) => statSync(name).isFile()).map((name) => readFileSync(name));
    expect(bytes.reduce((sum, file) => sum + gzipSync(file).length, 0)).toBeLessThan(2e6);
    const html = readFileSync(join(site, "index.html"), "utf8");
    expect(html).toContain("default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'");
    expect(html).toContain("connect-src 'none'");
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  test("opens a folder of DICOM, and asks the network for nothing once its files are there", async () => {
    await page.goto(`${served.address}${link}`);
    await page.getByRole("button", { name: "Choose a folder" }).waitFor();
    await page.locator("#folder").setInputFiles(study);
    await page.locator(".viewport").nth(2).waitFor();
    await settled();
    expect(served.asked.map((path) => path.replace(/-[\w-]+\./, ".")).sort()).toEqual([
      "/",
      "/assets/index.css",
      "/assets/index.js",
      "/assets/worker.js",
    ]);
    expect(
      await page
        .locator(".viewport")
        .evaluateAll((all) =>
          all.map((one) => (one as unknown as { dataset: { phase: string } }).dataset.phase),
        ),
    ).toEqual([...phases]);
    expect(faults).toEqual([]);
  });

  test("text of the files is shown as it is, and what could not be read is told with its code", async () => {
    expect(await text(".patient")).toBe(hostile.name);
    expect(await text(".viewport .more")).toBe(`1 corticomedullary ${hostile.text}`);
    const problems = await text(".problems");
    expect(problems).toMatch(/E_FORMAT .*onerror/);
    expect(problems).toMatch(/E_FORMAT notes\.txt: not a DICOM file|E_FORMAT .*notes\.txt/);
    expect(faults).toEqual([]);
  });

  test("starts in the tumour, at the window of the link; the left kidney lies at the right of the picture", async () => {
    const { point, window, active } = viewOf(new URL(page.url()).hash);
    expect([window, active]).toEqual([{ center: 100, width: 400 }, 1]);
    expect(point![0]).toBeGreaterThan(0);
    const share = await page
      .locator(".viewport canvas")
      .first()
      .evaluate((element) => {
        // biome-ignore lint/suspicious/noExplicitAny: the types of a page are not those of Node
        const canvas = element as any;
        const { width, height } = canvas;
        const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
        let [right, all] = [0, 0];
        for (let n = 0; n < width * height; n++) {
          // Bright and gray: no line of the crosshair or of an outline.
          if (data[4 * n] < 120 || data[4 * n] !== data[4 * n + 2]) continue;
          all++;
          if (n % width > width / 2) right++;
        }
        return all > 500 ? right / all : 0;
      });
    expect(share).toBeGreaterThan(0.95);
  });

  test("each picture has the grey of its phase at known places, here and after scrolling", async () => {
    const start = tumorPoint();
    await page.goto(`${page.url().replace(/point=[^&]*/, `point=${start.join()}`)}&crosshair`);
    await settled();
    for (const steps of [0, 2]) {
      await page.locator(".viewport .picture").nth(1).focus();
      for (let n = 0; n < steps; n++) await page.keyboard.press("ArrowUp");
      await settled();
      const { point, window } = viewOf(new URL(page.url()).hash);
      expect(point![2]).toBeCloseTo(start[2] + 3 * steps, 1);
      for (const phase of phases) {
        // The gap of the crosshair leaves its point free.
        const seen = await grayAt(phase, "axial", point!);
        expect(Math.abs(seen - grayOf(huAt(phase, point!), window!)), `${phase}, ${steps}`).toBeLessThan(12);
      }
    }
  });

  test("the wheel scrolls, a click sets the crosshair, keys change plane and layout", async () => {
    const place = () => viewOf(new URL(page.url()).hash);
    const before = place().point!;
    const box = (await page.locator(".viewport canvas").first().boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.wheel(0, 100);
    await settled();
    expect(place().point![2]).toBeCloseTo(before[2] - 3, 1);
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await settled();
    // The middle of the picture is the middle of the body.
    expect(Math.abs(place().point![0])).toBeLessThan(1.5);
    await page.keyboard.press("c");
    await page.keyboard.press("l");
    await settled();
    await expect.poll(() => [place().plane, place().layout]).toEqual(["coronal", "planes"]);
    expect(await page.locator(".viewport").count()).toBe(3);
    expect(await text('.viewport[data-plane="coronal"] .top-left strong')).toBe("Corticomedullary");
    expect(await page.locator(".picture").first().getAttribute("aria-label")).toBe(
      "Corticomedullary phase, axial plane",
    );
    expect(await page.locator(".viewport .unseen").first().textContent()).toMatch(
      /^Axial slice \d+ of \d+\. /,
    );
  });

  test.each([
    { width: 1440, height: 900, pictures: 3 },
    { width: 390, height: 844, pictures: 1 },
  ])("fits a screen $width px wide", async ({ width, height, pictures }) => {
    await page.setViewportSize({ width, height });
    await settled();
    const shown = await page
      .locator(".viewport")
      .evaluateAll(
        (all) => all.filter((one) => (one as unknown as { offsetWidth: number }).offsetWidth > 0).length,
      );
    expect(shown).toBe(pictures);
    const [full, seen] = (await page.evaluate(
      "[document.documentElement.scrollWidth, document.documentElement.clientWidth]",
    )) as [number, number];
    expect(full).toBe(seen);
    const png = await page.screenshot();
    expect(png.length).toBeGreaterThan(15_000);
    expect(faults).toEqual([]);
  });

  test("a folder without a CT is told of, and the page goes on", async () => {
    await page.getByRole("button", { name: "Open another patient" }).click();
    await page.locator("#files").setInputFiles([join(study, "notes.txt")]);
    await page.getByRole("alert").waitFor();
    expect(await text("[role=alert]")).toMatch(/E_PHASE/);
    await page.getByRole("button", { name: "Choose a folder" }).waitFor();
    expect(faults).toEqual([]);
  });
});
