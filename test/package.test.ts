import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

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

  test("its threads and child processes run: phantom, four models, validation", () => {
    trinephron(
      "cohort",
      "phantom",
      "--out",
      "ph",
      "--cases-a",
      "40",
      "--cases-b",
      "24",
      "--spacing",
      "4",
      "--seed",
      "3",
    );
    const settings = { crop: { voxels: 16 }, backbone: { stages: 2, width: 4 }, epochs: 1, batch: 8 };
    writeFileSync(join(folder, "settings.json"), JSON.stringify(settings));
    const train = (tasks: string) =>
      trinephron("train", "ph", "--out", `m-${tasks}`, "--tasks", tasks, "--settings", "settings.json");
    const single = ["histology", "stage", "complexity"];
    for (const tasks of [single.join(), ...single]) train(tasks);
    const stdl = single.flatMap((task) => ["--stdl", `m-${task}`]);
    trinephron(
      "validate",
      "ph",
      "--out",
      "results",
      "--mtdl",
      `m-${single.join()}`,
      ...stdl,
      "--simulate-readers",
    );
    expect(readdirSync(join(folder, "results"))).toContain("report.html");
  });

  test("its folders are importable", () => {
    const program =
      'import { delongAuc } from "trinephron/stats"; console.log(delongAuc([1, 1, 0, 0], [3, 2, 2, 1]).value);';
    writeFileSync(join(folder, "program.mjs"), program);
    expect(run("program.mjs")).toBe("0.875\n");
  });
});
