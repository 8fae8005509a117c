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
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeNifti } from "../../../src/imaging/formats/nifti/index.ts";
import { nephrometrySchema } from "../../../src/imaging/nephrometry/schema.ts";
import { phantom } from "../../imaging/nephrometry/phantom.ts";
import { here } from "./inProcess.ts";

const bin = fileURLToPath(new URL("../../../bin/trinephron.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "trinephron-nephrometry-"));
const path = join(folder, "mask.nii.gz");
const empty = join(folder, "empty.nii.gz");
const healthy = join(folder, "healthy.nii.gz");
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  const spacing = [2, 2, 2] as const;
  const tumors = [
    { center: [-60, -30, 10] as const, radius: 38 },
    { center: [55, 0, 55] as const, radius: 10 },
  ];
  await writeNifti(path, phantom({ spacing, tumors }));
  await writeNifti(empty, phantom({ spacing, sides: [] }));
  await writeNifti(healthy, phantom({ spacing }));
  await writeNifti(bad("bare"), phantom({ spacing, sides: [], tumors }));
  await writeNifti(bad("apart"), phantom({ spacing, tumors: [{ center: [0, 55, 60], radius: 8 }] }));
  const mask = phantom({ spacing, tumors });
  await writeNifti(bad("ct"), { ...mask, data: Int16Array.from(mask.data, (v) => (v === 0 ? -100 : 100)) });
  await writeNifti(bad("fat"), phantom({ spacing: [0.5, 4, 10], tumors }));
  const whole = readFileSync(path);
  writeFileSync(bad("short"), whole.subarray(0, whole.length / 2));
  const plain = join(folder, "plain.nii");
  await writeNifti(plain, phantom({ spacing: [4, 4, 4], tumors }));
  const header = readFileSync(plain);
  writeFileSync(join(folder, "cut.nii"), header.subarray(0, header.length - 100));
  // dim[0] = 4 and dim[4] = 2 (NIfTI-1: 16-bit fields from byte 40), with the voxels twice.
  const twice = Buffer.concat([header, header.subarray(header.readFloatLE(108))]);
  twice.writeInt16LE(4, 40);
  twice.writeInt16LE(2, 48);
  writeFileSync(join(folder, "4d.nii"), twice);
  mkdirSync(join(folder, "cohort", "one"), { recursive: true });
  mkdirSync(join(folder, "cohort", "two"));
  await writeNifti(join(folder, "cohort", "one", "segmentation.nii.gz"), mask);
  await writeNifti(join(folder, "cohort", "two", "segmentation.nii.gz"), phantom({ spacing, sides: [] }));
});
const bad = (name: string) => join(folder, `${name}.nii.gz`);
const run = (...args: string[]) => here("nephrometry", ...args);

describe("trinephron nephrometry", () => {
  test("--json", () => {
    const args = [bin, "nephrometry", path, "--rules", "refined", "--json"];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect(status).toBe(0);
    const { tumors } = JSON.parse(stdout);
    expect(nephrometrySchema.parse({ tumors })).toEqual({ tumors });
    expect(tumors).toHaveLength(2);
    expect(tumors[0]).toMatchObject({
      side: "right",
      volume_ml: expect.closeTo(((4 / 3) * Math.PI * 38 ** 3) / 1000, -1),
      renal: {
        total: 10,
        complexity: "high",
        suffix: "a",
        hilar_suffix: "unknown",
        R: { points: 3, mm: expect.closeTo(76, -1) },
        E: { points: 1, endophytic_fraction: expect.any(Number) },
        N: { points: 3, mm: expect.any(Number) },
        L: { points: 3, fraction_between_polar_lines: expect.any(Number) },
      },
      padua: { total: expect.any(Number), complexity: "high" },
      c_index: expect.any(Number),
    });
    expect(tumors[1]).toMatchObject({ side: "left", renal: { complexity: "low" } });
  });

  test("text: one tumour a line", async () => {
    const { status, stdout } = await run(path, "--rules", "refined");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^1\s+right\s+\d+\.\d mL\s+10a\s+high\s+3 \(/m);
    expect(stdout).toMatch(/^2\s+left\s/m);
  });

  test("--diameter 3d measures in every direction", async () => {
    const mm = async (...args: string[]) =>
      JSON.parse((await run(path, "--json", ...args)).stdout).tumors[0].renal.R.mm;
    expect(await mm("--diameter", "3d")).toBeGreaterThanOrEqual(await mm());
  });

  test.each([
    { name: "an empty mask", args: () => [empty], code: 1, says: "E_MASK: " },
    { name: "a mask without tumour", args: () => [healthy], code: 1, says: "holds no tumour (label 2)" },
    { name: "a mask without kidney", args: () => [bad("bare")], code: 1, says: "E_MASK: " },
    {
      name: "a tumour apart from any kidney",
      args: () => [bad("apart")],
      code: 1,
      says: "more than 10 mm apart",
    },
    { name: "a CT for a mask", args: () => [bad("ct")], code: 1, says: "holds the value -100" },
    { name: "a 4D file", args: () => [join(folder, "4d.nii")], code: 1, says: "E_UNSUPPORTED: " },
    { name: "a truncated file", args: () => [join(folder, "cut.nii")], code: 1, says: "E_FILE_TRUNCATED: " },
    { name: "a truncated archive", args: () => [bad("short")], code: 1, says: "E_FILE_TRUNCATED: " },
    {
      name: "a CT on another grid",
      args: () => [path, "--ct", join(folder, "plain.nii")],
      code: 1,
      says: "E_GEOMETRY: ",
    },
    { name: "a folder without --out", args: () => [join(folder, "cohort")], code: 2, says: "E_USAGE: " },
    {
      name: "an empty folder",
      args: () => [join(folder, "cohort", "none"), "--out", "x.csv"],
      code: 1,
      says: "E_",
    },
    {
      name: "a figure of no known kind",
      args: () => [path, "--figure", "a.gif"],
      code: 2,
      says: "E_USAGE: ",
    },
    { name: "no file", args: () => [join(folder, "none.nii")], code: 1, says: "E_FILE_MISSING: " },
    { name: "unknown rules", args: () => [path, "--rules", "mine"], code: 2, says: "E_USAGE: " },
  ])("$name", async ({ args, code, says }) => {
    const { status, stdout, stderr } = await run(...args());
    expect([status, stdout]).toEqual([code, ""]);
    expect(stderr).toContain(says);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test("voxels 20 times as long as wide: scored, and said so", async () => {
    const { status, stderr, stdout } = await run(bad("fat"), "--rules", "refined", "--json");
    expect(status).toBe(0);
    expect(stderr).toContain("voxels 20 times as long as wide");
    expect(JSON.parse(stdout).tumors[0].renal.complexity).toBe("high");
  });

  test("--ct, --uncertainty, --figure, --out", async () => {
    const svg = join(folder, "figures", "case.svg");
    const csv = join(folder, "one.csv");
    const args = [path, "--ct", bad("ct"), "--uncertainty", "--figure", svg, "--out", csv, "--json"];
    const { status, stdout } = await run(...args);
    expect(status).toBe(0);
    const [tumor] = JSON.parse(stdout).tumors;
    expect(tumor.sinus_source).toBe("ct");
    expect(tumor.uncertainty.probability.high).toBeGreaterThanOrEqual(0);
    expect(readFileSync(svg, "utf8")).toContain(`R.E.N.A.L. ${tumor.renal.total}`);
    expect(existsSync(join(folder, "figures", "case-2.svg"))).toBe(true);
    expect(readFileSync(csv, "utf8").split("\n")).toHaveLength(4);
    const again = await run(...args);
    expect([again.status, again.stdout]).toEqual([1, ""]);
    expect(again.stderr).toContain("E_FILE_EXISTS");
  });

  test("a folder of masks: one row a tumour, a failed case with its error", async () => {
    const out = join(folder, "scores.csv");
    const figures = join(folder, "cohort-figures");
    const { status, stdout, stderr } = await run(
      join(folder, "cohort"),
      ...["--out", out, "--rules", "refined", "--threads", "2", "--figure", figures, "--json"],
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      cases: 2,
      scored: 1,
      complexity: { low: 0, moderate: 0, high: 1 },
    });
    expect(stderr).toContain("nephrometry: ");
    expect(stderr).toContain("the mask is empty");
    const rows = parse(readFileSync(out, "utf8"), { columns: true }) as Record<string, string>[];
    expect(rows.map((row) => [row.case, row.tumor])).toEqual([
      ["one", "1"],
      ["one", "2"],
      ["two", ""],
    ]);
    const single = JSON.parse((await run(path, "--rules", "refined", "--json")).stdout).tumors[0];
    expect(rows[0]).toMatchObject({
      renal: String(single.renal.total),
      complexity: single.renal.complexity,
      padua: String(single.padua.total),
      error: "",
    });
    expect(Number(rows[0].N_mm)).toBeCloseTo(single.renal.N.mm, 3);
    expect(rows[2].error).toMatch(/^E_MASK: /);
    expect(readdirSync(figures).sort()).toEqual(["one-2.svg", "one.svg"]);
  });
});
