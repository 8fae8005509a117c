import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collectReadings } from "../../../../src/evidence/readers/collect.ts";
import { formFiles } from "../../../../src/evidence/readers/form/files.ts";
import {
  type FormOptions,
  type ReadingForm,
  readingForms,
} from "../../../../src/evidence/readers/form/form.ts";
import { definitions } from "../../../../src/patients/cohort/tasks.ts";
import { drawnPredictions } from "../../validate/study.ts";

const executablePath = "/usr/bin/chromium";
if (!existsSync(executablePath)) console.warn(`skipped: no ${executablePath}`);

/** Runs in the browser. */
const nameOf = (element: unknown) => {
  const { labels, textContent } = element as {
    labels?: { textContent: string }[];
    textContent: string;
  };
  return (labels?.[0]?.textContent ?? textContent).trim();
};

const predictions = drawnPredictions(3);
const base: FormOptions = {
  cases: ["case_0", "case_1", "case_2"],
  readers: [{ reader: "Ann, senior", experience: "senior" }],
  tasks: [definitions.histology, definitions.stage],
  scale: "percent",
  seed: 1,
};

describe.skipIf(!existsSync(executablePath))("the page in Chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), "trinephron-form-"));
  let browser: Browser;
  let context: BrowserContext;
  const wrong: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    context = await browser.newContext({ acceptDownloads: true, viewport: { width: 360, height: 740 } });
    context.on("request", (request) => {
      if (!/^(file|blob):/.test(request.url())) wrong.push(request.url());
    });
    context.on("weberror", (error) => wrong.push(String(error.error())));
    context.on("console", (message) => {
      if (message.type() === "error") wrong.push(message.text());
    });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  async function open(options: FormOptions): Promise<{ page: Page; form: ReadingForm }> {
    const forms = readingForms(options);
    const [file] = formFiles(forms);
    const path = join(folder, `${forms[0].study}-${file.name}`);
    writeFileSync(path, file.text);
    const page = await context.newPage();
    await page.goto(pathToFileURL(path).href);
    return { page, form: forms[0] };
  }

  async function download(page: Page): Promise<{ name: string; path: string; bytes: Uint8Array }> {
    const [got] = await Promise.all([page.waitForEvent("download"), page.click("#download")]);
    const name = got.suggestedFilename();
    const path = join(folder, name);
    await got.saveAs(path);
    return { name, path, bytes: readFileSync(path) };
  }

  const title = (page: Page) => page.textContent("#title");
  /** What the page shows once it has answered a key or a click. */
  const soon = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 30_000 });
  /** Chromium hands what is stored from one process of a page to the next, and a reload may be quicker than that. */
  const reloaded = <T>(page: Page, read: () => Promise<T>) =>
    soon(async () => {
      await page.reload();
      return read();
    });

  test("fill by keyboard, reload, go on, download, collect", async () => {
    const { page, form } = await open(base);
    await soon(() => title(page)).toBe(`Case ${form.rows[0].case}`);
    await page.fill("#histology-number", "70");
    await page.focus("#stage-slider");
    await page.keyboard.press("ArrowRight");
    await soon(() => page.inputValue("#stage-number")).toBe("51");
    await page.keyboard.press("Enter");
    await soon(() => title(page)).toBe(`Case ${form.rows[1].case}`);
    await soon(() => page.evaluate("document.activeElement.id")).toBe("title");
    await page.fill("#histology-number", "120");
    await soon(() => page.textContent("#histology-state")).toContain("not from 0 to 100");
    await page.fill("#histology-number", "12.5");

    const early = await download(page);
    expect(early.name).toBe("Ann_senior-incomplete.csv");
    expect(collectReadings([early], { allowMissing: true }).missing).toHaveLength(3);

    await reloaded(page, () => title(page)).toBe(`Case ${form.rows[1].case}`);
    await soon(() => page.inputValue("#histology-number")).toBe("12.5");
    await soon(() => page.textContent("#done")).toBe("1 of 3 readings complete");
    await page.fill("#stage-number", "0");
    await page.click("#next");
    await page.fill("#histology-number", "100");
    await page.fill("#stage-number", "50");
    await soon(() => page.isDisabled("#next")).toBe(true);
    await page.selectOption("#cases", { index: 0 });
    await soon(() => page.inputValue("#stage-number")).toBe("51");

    const file = await download(page);
    expect(file.name).toBe("Ann_senior.csv");
    const { readings } = collectReadings([file], { cases: base.cases });
    expect(readings.map((r) => [r.reader, r.case, r.task, r.score, r.decision])).toEqual(
      [
        [70, 51],
        [12.5, 0],
        [100, 50],
      ].flatMap(([histology, stage], i) => [
        ["Ann, senior", form.rows[i].case, "histology", histology, histology >= 50 ? 1 : 0],
        ["Ann, senior", form.rows[i].case, "stage", stage, stage >= 50 ? 1 : 0],
      ]),
    );
    await page.close();
  });

  test("five levels; the model's answer only after one's own, which is fixed then", async () => {
    const { page, form } = await open({
      ...base,
      scale: "five",
      aid: { predictions, model: "mtdl", design: "sequential" },
    });
    const levels = async (histology: number, stage: number) => {
      await page.check(`#histology-${histology}`);
      await page.check(`#stage-${stage}`);
    };
    await soon(() => page.textContent("#mode")).toBe("Without the model’s answer");
    await soon(() => page.isVisible("#model-stage")).toBe(false);
    await page.check("#histology-3");
    await soon(() => page.isDisabled("#next")).toBe(true);
    await page.check("#stage-2");
    await page.click("#next");
    await soon(() => page.textContent("#mode")).toBe("With the model’s answer");
    const shown = Math.round(100 * (form.rows[1].model?.stage ?? Number.NaN));
    await soon(() => page.textContent("#model-stage")).toBe(`Model: ${shown} % probability of stage III/IV`);
    await levels(4, 5);
    await page.click("#previous");
    await soon(() => page.isDisabled("#histology-5")).toBe(true);
    await soon(() => page.isChecked("#histology-3")).toBe(true);
    await soon(() => page.isVisible("#locked")).toBe(true);
    await reloaded(page, () => page.isDisabled("#histology-5")).toBe(true);
    for (let row = 2; row < form.rows.length; row++) {
      await page.selectOption("#cases", { index: row });
      await levels(row === 3 ? 5 : 1, 2);
    }
    const { readings } = collectReadings([await download(page)]);
    expect(readings).toHaveLength(12);
    expect(readings.slice(0, 4).map((r) => [r.aided, r.score])).toEqual([
      [false, 3],
      [false, 2],
      [true, 4],
      [true, 5],
    ]);
    await page.close();
  });

  test("every control has a name; nothing is wider than a phone", async () => {
    const { page } = await open({ ...base, scale: "five", seed: 9 });
    for (const control of await page.locator("input, button, select, progress").all())
      expect(await control.evaluate(nameOf)).not.toBe("");
    await soon(() => page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
    const percent = await open({ ...base, seed: 10 });
    for (const input of await percent.page.locator("fieldset input").all()) {
      const named = await input.getAttribute("aria-labelledby");
      expect((await percent.page.textContent(`#${named}`))?.length).toBeGreaterThan(10);
    }
    await soon(() => percent.page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
  });

  test("where the browser keeps nothing, the page says so and still works", async () => {
    const { page } = await open({ ...base, seed: 11 });
    await page.addInitScript("Storage.prototype.setItem = () => { throw new Error('full') }");
    await page.reload();
    await page.fill("#stage-number", "30");
    await soon(() => page.textContent("#status")).toContain("saves nothing");
    expect(collectReadings([await download(page)], { allowMissing: true }).readings).toHaveLength(1);
  });

  test("no request left the page, no error was logged", () => expect(wrong).toEqual([]));
});
