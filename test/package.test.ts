import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { publicPaths } from "../scripts/publicPaths.ts";
import { sharedCohort } from "./apps/cli/tinyExperiment.ts";

const root = resolve(import.meta.dirname, "..");
const tsc = join(root, "node_modules/typescript/bin/tsc");
const folder = mkdtempSync(join(tmpdir(), "trinephron-package-"));
const checkout = join(folder, "checkout");
/** A project that installed the package: nothing but it, what it depends on, and Node's types. */
const project = join(folder, "project");
const installed = join(project, "node_modules/trinephron");
const node = (...args: string[]) =>
  execFileSync(process.execPath, args, { cwd: project, encoding: "utf8", stdio: "pipe" });
const trinephron = (...args: string[]) => node("node_modules/trinephron/bin/trinephron.js", ...args);
const { files } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { files: string[] };
let tarball: string;
afterAll(() => rmSync(folder, { recursive: true }));

/** Compiles, packs and installs. Nothing is fetched. */
beforeAll(() => {
  mkdirSync(checkout);
  for (const part of ["package.json", ...files.filter((part) => part !== "dist")])
    cpSync(join(root, part), join(checkout, part), { recursive: true });
  const config = join(root, "tsconfig.build.json");
  execFileSync(process.execPath, [tsc, "-p", config, "--outDir", join(checkout, "dist")]);
  const pack = ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder];
  tarball = join(folder, execFileSync("npm", pack, { cwd: checkout, encoding: "utf8" }).trim());
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "-C", installed, "--strip-components=1"]);
  for (const path of new Set(["node_modules/@types/node", "node_modules/undici-types", ...dependencies()])) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    symlinkSync(join(root, path), join(project, path));
  }
  writeFileSync(join(project, "package.json"), JSON.stringify({ type: "module" }));
});

/** Folders of the packages that are installed with this one, without those that serve its development. */
function dependencies(): string[] {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, { dev?: boolean }>;
  };
  return Object.entries(packages).flatMap(([path, { dev }]) =>
    /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && !dev && existsSync(join(root, path)) ? [path] : [],
  );
}

describe("the installed package", () => {
  test("has no sources and runs", () => {
    expect(readdirSync(installed).sort()).toEqual([...files, "package.json"].sort());
    expect(trinephron("--version")).toBe("0.1.0\n");
  });

  test("its types are found and right, for modules", async () => {
    const result = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
    if (!result.types) throw new Error("no types in the package");
    expect(Object.keys(result.entrypoints).length).toBe(publicPaths.size + 1);
    const problems = result.problems.filter(
      (problem) => !("resolutionKind" in problem && /^node10$|^node16-cjs$/.test(problem.resolutionKind)),
    );
    expect(problems).toEqual([]);
  });

  test("its types are whole: a strict project checks them and what they import", () => {
    const imports = [...publicPaths.keys()].map((path, i) => `import * as room${i} from "${path}";`);
    const names = [...publicPaths.keys()].map((_, i) => `room${i}`);
    writeFileSync(join(project, "rooms.ts"), `${imports.join("\n")}\nconsole.log(${names.join(", ")});\n`);
    writeFileSync(join(project, "example.ts"), example);
    const compilerOptions = {
      module: "nodenext",
      target: "es2022",
      // Without a browser's: the types of a program for Node.
      lib: ["es2022"],
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      types: ["node"],
      noEmit: true,
    };
    writeFileSync(
      join(project, "tsconfig.json"),
      JSON.stringify({ compilerOptions, files: ["rooms.ts", "example.ts"] }),
    );
    expect(failing(() => node(tsc, "-p", "."))).toBe("");
  });

  test("the README's example runs: threads and child processes too", async () => {
    // The cohort that other tests have simulated is the example's own, but for the last cases: it makes those alone.
    cpSync(join(await sharedCohort(), "images"), join(project, "cohort/images"), { recursive: true });
    for (const name of ["A-0039", "A-0040", "B-0024"])
      rmSync(join(project, "cohort/images", name), { recursive: true });
    writeFileSync(join(project, "example.js"), example);
    const output = node("example.js");
    expect(output).toMatch(/For research use only[\s\S]*Histology:/);
    expect(readdirSync(join(project, "results"))).toContain("report.html");
    expect(readdirSync(join(project, "result"))).toContain("prediction.json");
  }, 300_000);

  test("the command line goes on with what the program made", () => {
    expect(trinephron("report", "results/results.json", "--out", "again/again.html")).toBeDefined();
    expect(existsSync(join(project, "again/again.html"))).toBe(true);
    // Graphs of larger crops are made in a thread of their own.
    const settings = { crop: { voxels: 40 }, backbone: { width: 4, stages: 2 }, batch: 8, epochs: 1 };
    writeFileSync(join(project, "settings.json"), JSON.stringify(settings));
    trinephron("train", "cohort", "--tasks", "stage", "--out", "larger", "--settings", "settings.json");
    expect(existsSync(join(project, "larger/model.onnx"))).toBe(true);
  });
});

/** Valid as JavaScript and as TypeScript. */
const [, example] = /## From code[\s\S]*?```ts\n([\s\S]*?)```/.exec(
  readFileSync(join(root, "README.md"), "utf8"),
)!;

/** What a command that should succeed printed where it does not. */
function failing(run: () => string): string {
  try {
    run();
    return "";
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}
