import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { renderReport, textSummary } from "../../src/report/index.ts";
import { drawnResults } from "../report/fixture.ts";

const bin = fileURLToPath(new URL("../../bin/trinephron.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "trinephron-report-"));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) =>
  spawnSync(process.execPath, [bin, "report", ...args], { encoding: "utf8" });
const drawn = drawnResults();
const path = join(folder, "results.json");
writeFileSync(path, JSON.stringify(drawn));

test("writes the report beside the results, prints the summary, and overwrites only with --force", () => {
  const { status, stdout } = run(path);
  expect(status).toBe(0);
  expect(stdout).toBe(`${textSummary(drawn)}\n`);
  expect(readFileSync(join(folder, "report.html"), "utf8")).toBe(renderReport(drawn));
  const again = run(path);
  expect(again.status).toBe(1);
  expect(again.stderr).toContain("E_FILE_EXISTS");
  expect(run(path, "--force").status).toBe(0);
});

test("--out chooses the file, --json prints its name", () => {
  const out = join(folder, "a", "b.html");
  const { status, stdout } = run(path, "--out", out, "--json");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ report: out });
  expect(existsSync(out)).toBe(true);
});

test.each([
  ["not JSON", "{"],
  ["auc", JSON.stringify({ ...drawn, auc: [{ task: "histology" }] })],
])("a file that is no results file is refused in one line and nothing is written: %s", (says, text) => {
  const bad = join(folder, "bad.json");
  writeFileSync(bad, text);
  const out = join(folder, "bad.html");
  const { status, stderr } = run(bad, "--out", out);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^E_FORMAT: .*\n$/);
  expect(stderr).toContain(says);
  expect(existsSync(out)).toBe(false);
});

test("a file that is not there", () => {
  const { status, stderr } = run(join(folder, "none.json"), "--out", join(folder, "none.html"));
  expect(status).toBe(1);
  expect(stderr).toContain("E_FILE_MISSING");
});
