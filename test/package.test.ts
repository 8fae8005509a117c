import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyCohort, tinyExperiment, tinySettings } from "./apps/cli/tinyExperiment.ts";

const root = resolve(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "trinephron-package-"));
const run = (...args: string[]) =>
  execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8", stdio: "pipe" });
const trinephron = (...args: string[]) => run("bin/trinephron.js", ...args);
afterAll(() => rmSync(folder, { recursive: true }));

/** The package as `npm pack` makes it: compiled, without sources, its dependencies beside it. */
beforeAll(() => {
  run(
    join(root, "node_modules/typescript/bin/tsc"),
    "-p",
    join(root, "tsconfig.build.json"),
    "--outDir",
    join(folder, "dist"),
  );
  for (const part of ["bin", "package.json"])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
});

describe("the compiled package", () => {
  test("has no sources and runs", () => {
    expect(readdirSync(folder).sort()).toEqual(["bin", "dist", "node_modules", "package.json"]);
    expect(trinephron("--version")).toBe("0.1.0\n");
  });

  test("its threads and child processes run: phantom, a model, validation of four", async () => {
    const { cohort, mtdl, stdl } = await tinyExperiment();
    // Without the crops that the sources cut.
    copyCohort(cohort, join(folder, "cohort"));
    trinephron("cohort", "phantom", "--out", "ph", "--cases-a", "2", "--cases-b", "2", "--spacing", "4");
    expect(readdirSync(join(folder, "ph"))).toContain("cohort.csv");
    // Graphs of larger crops are made in a thread of their own.
    const settings = { ...tinySettings, crop: { voxels: 40 }, epochs: 1 };
    writeFileSync(join(folder, "settings.json"), JSON.stringify(settings));
    trinephron("train", "cohort", "--out", "model", "--settings", "settings.json");
    expect(readdirSync(join(folder, "model"))).toContain("model.onnx");
    const models = ["--mtdl", mtdl, ...stdl.flatMap((one) => ["--stdl", one])];
    trinephron("validate", "cohort", "--out", "results", ...models, "--simulate-readers");
    expect(readdirSync(join(folder, "results"))).toContain("report.html");
    const { efficiency } = JSON.parse(readFileSync(join(folder, "results", "results.json"), "utf8"));
    expect(efficiency.rows.length).toBe(2);
  });

  test("its folders are importable", () => {
    const program =
      'import { delongAuc } from "trinephron/stats"; console.log(delongAuc([1, 1, 0, 0], [3, 2, 2, 1]).value);';
    writeFileSync(join(folder, "program.mjs"), program);
    expect(run("program.mjs")).toBe("0.875\n");
  });
});
