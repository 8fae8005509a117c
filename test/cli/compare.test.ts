import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { golden } from "../stats/golden.ts";

const bin = fileURLToPath(new URL("../../bin/trinephron.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "trinephron-compare-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const run = (...args: string[]) =>
  spawnSync(process.execPath, [bin, "compare", ...args], { encoding: "utf8" });

const rows = golden.labels.map((y, i) => `${y},${golden.a[i]},${golden.b[i]},${i % 2 === 0 ? "x" : "y"}`);
const good = file("good.csv", `y,a,b,half\n${rows.join("\n")}\n`);

describe("trinephron compare", () => {
  test("--json: R's pROC figures (see test/stats/golden.ts)", () => {
    const { status, stdout, stderr } = run(good, "--label", "y", "--score", "a", "--score", "b", "--json");
    expect(stderr).toBe("");
    expect(status).toBe(0);
    const close = (x: number) => expect.closeTo(x, 10);
    expect(JSON.parse(stdout)).toEqual({
      n: 20,
      positives: 8,
      auc: {
        a: { value: close(0.796875), ci: [close(0.599856859646554), close(0.993893140353446)] },
        b: { value: close(0.765625), ci: [close(0.544795170653925), close(0.986454829346075)] },
      },
      pairs: [
        {
          a: "a",
          b: "b",
          difference: close(0.03125),
          ci: [close(-0.204833569185861), close(0.267333569185861)],
          z: close(0.259437260831385),
          p: close(0.79529788360764),
        },
      ],
      method: "DeLong",
    });
  });

  test("text: one table of areas, one of tests", () => {
    const { status, stdout } = run(good, "--label", "y", "--score", "a", "--score", "b");
    expect(status).toBe(0);
    expect(stdout).toContain("20 cases: 8 positive, 12 negative");
    expect(stdout).toMatch(/^a\s+0\.797\s+0\.600 to 0\.994$/m);
    expect(stdout).toMatch(/^a − b\s+0\.031\s+−0\.205 to 0\.267\s+0\.259\s+0\.795$/m);
  });

  test("--where keeps some rows; --out writes the JSON, and not twice", () => {
    const out = join(folder, "out.json");
    const args = [good, "--label", "y", "--score", "a", "--where", "half=x", "--out", out];
    expect(run(...args).status).toBe(0);
    expect(JSON.parse(readFileSync(out, "utf8"))).toMatchObject({ n: 10, positives: 4, pairs: [] });
    const again = run(...args);
    expect(again.status).toBe(1);
    expect(again.stderr).toContain("E_FILE_EXISTS");
    expect(run(...args, "--force").status).toBe(0);
  });

  test.each([
    { args: ["--label", "q", "--score", "a"], code: 1, says: "E_FORMAT: ", also: "no column q" },
    { args: ["--label", "y"], code: 2, says: "E_USAGE: no --score", also: "" },
    { args: ["--score", "a"], code: 2, says: "E_USAGE: ", also: "--label" },
    { args: ["--label", "y", "--score", "a", "--score", "a"], code: 2, says: "E_USAGE: ", also: "twice" },
    { args: ["--label", "a", "--score", "b"], code: 1, says: "E_LABEL: ", also: 'line 2: a "5"' },
    { args: ["--label", "y", "--score", "half"], code: 1, says: "E_VALUE: ", also: 'line 2: half "x"' },
    {
      args: ["--label", "y", "--score", "a", "--where", "y=1"],
      code: 1,
      says: "E_ONE_CLASS: ",
      also: "good.csv",
    },
    {
      args: ["--label", "y", "--score", "a", "--where", "y"],
      code: 2,
      says: "E_USAGE: ",
      also: "column=value",
    },
  ])("$args", ({ args, code, says, also }) => {
    const { status, stdout, stderr } = run(good, ...args);
    expect(status).toBe(code);
    expect(stdout).toBe("");
    expect(stderr).toContain(says);
    expect(stderr).toContain(also);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test("the line of a bad cell, and a file that is not there", () => {
    const bad = file("bad.csv", "y,a\n1,0.2\n0,0.1\n,0.3\n");
    expect(run(bad, "--label", "y", "--score", "a").stderr).toContain("E_LABEL: ");
    expect(run(bad, "--label", "y", "--score", "a").stderr).toContain("line 4: y is empty");
    expect(run(join(folder, "none.csv"), "--label", "y", "--score", "a").stderr).toContain("E_FILE_MISSING");
  });
});
