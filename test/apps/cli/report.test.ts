import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { reportFigures } from "../../../src/report/figureFiles.ts";
import { renderReport } from "../../../src/report/report.ts";
import { textSummary } from "../../../src/report/textSummary.ts";
import { drawnResults } from "../../report/fixture.ts";
import { here } from "./inProcess.ts";

const bin = fileURLToPath(new URL("../../../bin/trinephron.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "trinephron-report-"));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => here("report", ...args);
/** In a process of its own. */
const runWith = (env: Record<string, string>, ...args: string[]) =>
  spawnSync(process.execPath, [bin, "report", ...args], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
const drawn = drawnResults();
const path = join(folder, "results.json");
writeFileSync(path, JSON.stringify(drawn));

test("writes the report beside the results, prints the summary, and overwrites only with --force", async () => {
  const { status, stdout } = runWith({}, path);
  expect(status).toBe(0);
  expect(stdout).toBe(`${textSummary(drawn)}\n`);
  expect(readFileSync(join(folder, "report.html"), "utf8")).toBe(renderReport(drawn));
  const again = await run(path);
  expect(again.status).toBe(1);
  expect(again.stderr).toContain("E_FILE_EXISTS");
  expect((await run(path, "--force")).status).toBe(0);
});

test("--out chooses the file, --json prints its name", async () => {
  const out = join(folder, "a", "b.html");
  const { status, stdout } = await run(path, "--out", out, "--json");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ report: out, figures: join(folder, "a", "figures") });
  expect(existsSync(out)).toBe(true);
});

test.each([
  ["not JSON", "{"],
  ["auc", JSON.stringify({ ...drawn, auc: [{ task: "histology" }] })],
])("a file that is no results file is refused in one line and nothing is written: %s", async (says, text) => {
  const bad = join(folder, "bad.json");
  writeFileSync(bad, text);
  const out = join(folder, "bad.html");
  const { status, stderr } = await run(bad, "--out", out);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^E_FORMAT: .*\n$/);
  expect(stderr).toContain(says);
  expect(existsSync(out)).toBe(false);
});

test("a file that is not there", async () => {
  const { status, stderr } = await run(join(folder, "none.json"), "--out", join(folder, "none.html"));
  expect(status).toBe(1);
  expect(stderr).toContain("E_FILE_MISSING");
});

describe("figures", () => {
  const figures = reportFigures(drawn);
  const names = figures.flatMap(({ name }) => [`${name}.csv`, `${name}.svg`]).toSorted();

  test("each as SVG and CSV, in --figures or beside the report", async () => {
    const out = join(folder, "f", "report.html");
    expect((await run(path, "--out", out)).status).toBe(0);
    expect(readdirSync(join(folder, "f", "figures")).toSorted()).toEqual(names);
    const chosen = join(folder, "chosen");
    expect((await run(path, "--out", join(folder, "g.html"), "--figures", chosen)).status).toBe(0);
    for (const { name, svg, csv } of figures) {
      expect(readFileSync(join(chosen, `${name}.svg`), "utf8")).toBe(svg);
      expect(readFileSync(join(chosen, `${name}.csv`), "utf8")).toBe(csv);
    }
  });

  test("of an earlier report are not overwritten; --force replaces them, and no other file", async () => {
    const chosen = join(folder, "again");
    mkdirSync(chosen);
    for (const name of ["figure-1-older.svg", "figure-1-flow.txt", "notes.csv"])
      writeFileSync(join(chosen, name), "mine");
    const out = join(folder, "again.html");
    const refused = await run(path, "--out", out, "--figures", chosen);
    expect(refused.stderr).toMatch(/^E_FILE_EXISTS: .*figure-1-older\.svg .*--figures/);
    expect(existsSync(out)).toBe(false);
    expect((await run(path, "--out", out, "--figures", chosen, "--force")).status).toBe(0);
    expect(readdirSync(chosen).toSorted()).toEqual([...names, "figure-1-flow.txt", "notes.csv"].toSorted());
  });
});

describe("--pdf", () => {
  test("without a browser is one line with a hint, and nothing is written", () => {
    const out = join(folder, "p", "none.html");
    for (const env of [
      { CHROME_PATH: join(folder, "no-browser") },
      { CHROME_PATH: "", PATH: folder, ProgramFiles: "", "ProgramFiles(x86)": "", LOCALAPPDATA: "" },
    ]) {
      const { status, stderr } = runWith(env, path, "--out", out, "--pdf");
      if (existsSync(out) && "PATH" in env) continue; // a browser in a place outside the PATH
      expect(status).toBe(1);
      expect(stderr).toMatch(/^E_BROWSER: .*\n$/);
      expect(existsSync(out)).toBe(false);
    }
  });

  test("by a program that prints nothing is E_BROWSER, and the HTML stays", () => {
    const out = join(folder, "p", "failed.html");
    const { status, stderr } = runWith({ CHROME_PATH: process.execPath }, path, "--out", out, "--pdf");
    expect(status).toBe(1);
    expect(stderr).toMatch(/^E_BROWSER: .*did not print.* — print the HTML from any browser$/m);
    expect(existsSync(out)).toBe(true);
    expect(existsSync(out.replace(".html", ".pdf"))).toBe(false);
  });

  const browser = "/usr/bin/chromium";
  test.skipIf(!existsSync(browser))(
    "is a PDF of many pages beside the report, or where it says (skipped without Chromium)",
    async () => {
      const out = join(folder, "q", "report.html");
      const { status, stdout } = await run(path, "--out", out, "--json", "--pdf");
      expect(status).toBe(0);
      const { pdf } = JSON.parse(stdout);
      expect(pdf).toBe(join(folder, "q", "report.pdf"));
      const bytes = readFileSync(pdf, "latin1");
      expect(bytes.slice(0, 5)).toBe("%PDF-");
      expect([...bytes.matchAll(/\/Type\s*\/Page\b/g)].length).toBeGreaterThan(8);
      const refused = await run(path, "--out", join(folder, "q", "other.html"), "--pdf", pdf);
      expect(refused.stderr).toContain("E_FILE_EXISTS");
    },
    60_000,
  );
});
