import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { compareColumns } from "../../../src/evidence/predictions/compareColumns.ts";
import { parseTable } from "../../../src/imaging/formats/tables/table.ts";
import type { AucComparison } from "../../../src/numerics/stats/index.ts";
import { golden } from "../../numerics/stats/golden.ts";
import { here } from "./inProcess.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-compare-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const run = (...args: string[]) => here("compare", ...args);

const rows = golden.labels.map((y, i) => `${y},${golden.a[i]},${golden.b[i]},${i % 2 === 0 ? "x" : "y"}`);
const good = file("good.csv", `y,a,b,half\n${rows.join("\n")}\n`);

describe("trinephron compare", () => {
  test("--json: R's pROC figures (see test/numerics/stats/golden.ts)", async () => {
    const { status, stdout, stderr } = await run(
      good,
      "--label",
      "y",
      "--score",
      "a",
      "--score",
      "b",
      "--json",
    );
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

  test("text: one table of areas, one of tests", async () => {
    const { status, stdout } = await run(good, "--label", "y", "--score", "a", "--score", "b");
    expect(status).toBe(0);
    expect(stdout).toContain("20 cases: 8 positive, 12 negative");
    expect(stdout).toMatch(/^a\s+0\.797\s+0\.600 to 0\.994$/m);
    expect(stdout).toMatch(/^a − b\s+0\.031\s+−0\.205 to 0\.267\s+0\.259\s+0\.795$/m);
  });

  test("--adjust, --noninferiority: R's p.adjust and pnorm of pROC's variances", async () => {
    const three = file(
      "three.csv",
      `y,a,b,c\n${rows.map((row, i) => row.replace(/[xy]$/, String(i % 7))).join("\n")}\n`,
    );
    const scores = ["a", "b", "c"].flatMap((name) => ["--score", name]);
    const { status, stdout } = await run(
      three,
      "--label",
      "y",
      ...scores,
      "--adjust",
      "holm",
      "--noninferiority",
      "0.1",
      "--json",
    );
    expect(status).toBe(0);
    const found = JSON.parse(stdout) as AucComparison;
    expect(found.adjust).toBe("holm");
    const sorted = found.pairs.map(({ p }) => p).sort((p, q) => p - q);
    const least = found.pairs.find(({ p }) => p === sorted[0]);
    expect(least?.pAdjusted).toBeCloseTo(Math.min(1, 3 * sorted[0]), 12);
    // (0.03125 + 0.1) / (0.03125 / 0.259437260831385), pnorm(1.08963649549182, lower.tail = FALSE)
    expect(found.pairs[0].noninferiority).toEqual({
      margin: 0.1,
      z: expect.closeTo(1.08963649549182, 9),
      p: expect.closeTo(0.137937, 5),
    });
  });

  test("--method bootstrap: the same for the same seed, the AUCs those of DeLong", async () => {
    const args = [good, "--label", "y", "--score", "a", "--score", "b", "--method", "bootstrap", "--json"];
    const first = JSON.parse((await run(...args, "--seed", "3")).stdout) as AucComparison;
    const again = (seed: number) =>
      compareColumns(parseTable(readFileSync(good), good), "y", ["a", "b"], [], {
        method: "bootstrap",
        seed,
      });
    expect(again(3)).toEqual(first);
    expect(again(4).auc).not.toEqual(first.auc);
    expect(first.method).toBe("bootstrap, 2000 replicates");
    expect(first.auc.a.value).toBeCloseTo(0.796875, 12);
    expect(first.auc.a.ci[0]).toBeGreaterThan(0.5);
    expect(first.auc.a.ci[1]).toBeLessThanOrEqual(1);
  });

  test("an infinite z is null in JSON, ∞ in text", async () => {
    const parted = file("parted.csv", "y,a,b\n1,4,1\n1,3,1\n0,2,1\n0,1,1\n");
    const args = [
      parted,
      "--label",
      "y",
      "--score",
      "a",
      "--score",
      "b",
      "--adjust",
      "bh",
      "--noninferiority",
      "0.1",
    ];
    expect(JSON.parse((await run(...args, "--json")).stdout).pairs[0]).toMatchObject({ z: null, p: 0 });
    expect((await run(...args)).stdout).toMatch(/p, bh\s+p, not worse by 0\.1$[\s\S]*∞(\s+< 0\.001){3}$/m);
  });

  test("--where keeps some rows; --out writes the JSON, and not twice", async () => {
    const out = join(folder, "out.json");
    const args = [good, "--label", "y", "--score", "a", "--where", "half=x", "--out", out];
    expect((await run(...args)).status).toBe(0);
    expect(JSON.parse(readFileSync(out, "utf8"))).toMatchObject({ n: 10, positives: 4, pairs: [] });
    const again = await run(...args);
    expect(again.status).toBe(1);
    expect(again.stderr).toContain("E_FILE_EXISTS");
    expect((await run(...args, "--force")).status).toBe(0);
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
      args: ["--label", "y", "--score", "a", "--method", "t"],
      code: 2,
      says: "E_USAGE: ",
      also: "delong, bootstrap",
    },
    { args: ["--label", "y", "--score", "a", "--adjust", "none"], code: 2, says: "E_USAGE: ", also: "holm" },
    {
      args: ["--label", "y", "--score", "a", "--noninferiority", "5"],
      code: 2,
      says: "E_USAGE: ",
      also: "between 0 and 1",
    },
    {
      args: ["--label", "y", "--score", "a", "--where", "y"],
      code: 2,
      says: "E_USAGE: ",
      also: "column=value",
    },
  ])("$args", async ({ args, code, says, also }) => {
    const { status, stdout, stderr } = await run(good, ...args);
    expect(status).toBe(code);
    expect(stdout).toBe("");
    expect(stderr).toContain(says);
    expect(stderr).toContain(also);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test.each([
    ["an empty label", "y,a\n1,0.2\n0,0.1\n,0.3\n", "E_LABEL", "line 4: y is empty"],
    ["an empty score", "y,a\n1,0.2\n0,\n", "E_VALUE", 'line 3: a ""'],
    ["NaN", "y,a\n1,0.2\n0,0.1\n0,NaN\n", "E_VALUE", 'line 4: a "NaN"'],
    ["NA", "y,a\n1,NA\n0,0.1\n", "E_VALUE", 'line 2: a "NA"'],
    ["infinity", "y,a\n1,0.2\n0,inf\n", "E_VALUE", 'line 3: a "inf"'],
    ["one case of a class", "y,a\n1,0.2\n0,0.1\n0,0.1\n", "E_TOO_FEW", "1 positive and 2 negative"],
    ["a short row", "y,a\n1,0.2\n0\n", "E_FORMAT", "line 3"],
  ])("%s", async (name, text, code, says) => {
    const refused = () => compareColumns(parseTable(text, `${name}.csv`), "y", ["a"]);
    expect(refused).toThrow(expect.objectContaining({ code, message: expect.stringContaining(says) }));
  });

  test("a file that is not there", async () => {
    expect((await run(join(folder, "none.csv"), "--label", "y", "--score", "a")).stderr).toContain(
      "E_FILE_MISSING",
    );
  });
});
