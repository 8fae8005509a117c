import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeNifti } from "../../src/formats/nifti/index.ts";
import { phantom } from "../nephrometry/phantom.ts";

const bin = fileURLToPath(new URL("../../bin/trinephron.js", import.meta.url));
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
});
const run = (...args: string[]) =>
  spawnSync(process.execPath, [bin, "nephrometry", ...args], { encoding: "utf8" });

describe("trinephron nephrometry", () => {
  test("--json", () => {
    const { status, stdout } = run(path, "--rules", "refined", "--json");
    expect(status).toBe(0);
    const { tumors } = JSON.parse(stdout);
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

  test("text: one tumour a line", () => {
    const { status, stdout } = run(path, "--rules", "refined");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^1\s+right\s+\d+\.\d mL\s+10a\s+high\s+3 \(/m);
    expect(stdout).toMatch(/^2\s+left\s/m);
  });

  test("--diameter 3d measures in every direction", () => {
    const mm = (...args: string[]) => JSON.parse(run(path, "--json", ...args).stdout).tumors[0].renal.R.mm;
    expect(mm("--diameter", "3d")).toBeGreaterThanOrEqual(mm());
  });

  test.each([
    { name: "an empty mask", args: () => [empty], code: 1, says: "E_MASK: " },
    { name: "a mask without tumour", args: () => [healthy], code: 1, says: "holds no tumour (label 2)" },
    { name: "no file", args: () => [join(folder, "none.nii")], code: 1, says: "E_FILE_MISSING: " },
    { name: "unknown rules", args: () => [path, "--rules", "mine"], code: 2, says: "E_USAGE: " },
  ])("$name", ({ args, code, says }) => {
    const { status, stdout, stderr } = run(...args());
    expect([status, stdout]).toEqual([code, ""]);
    expect(stderr).toContain(says);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});
