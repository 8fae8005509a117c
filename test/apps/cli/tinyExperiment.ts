import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect } from "vitest";
import type { Case } from "../../../src/patients/cohort/case.ts";
import { formatCohort } from "../../../src/patients/cohort/csv.ts";
import { studyNames as tasks } from "../../../src/patients/cohort/tasks.ts";
import { once } from "../../once.ts";
import { type Ended, here } from "./inProcess.ts";

const bin = fileURLToPath(new URL("../../../bin/trinephron.js", import.meta.url));

const disks: string[] = [];

/** A folder of a test file's own, removed at its end. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `trinephron-${name}-`));
  afterAll(() => {
    for (const disk of disks) spawnSync("umount", ["-l", disk]);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** The real command line, in a process of its own. */
export const start = (...args: string[]): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [bin, ...args]);

/** Runs to the end. @param watch is told all of stderr so far whenever there is more, until it kills the process */
export function run(
  args: readonly string[],
  watch?: (stderr: string, kill: (signal: NodeJS.Signals) => void) => void,
) {
  const child = start(...args);
  let stdout = "";
  let stderr = "";
  let killed = false;
  const kill = (signal: NodeJS.Signals) => {
    killed = true;
    child.kill(signal);
  };
  child.stdout.on("data", (text) => {
    stdout += text;
  });
  child.stderr.on("data", (text) => {
    stderr += text;
    if (!killed) watch?.(stderr, kill);
  });
  return new Promise<Ended>((resolve) => child.on("close", (status) => resolve({ status, stdout, stderr })));
}

/** A network that learns nothing, in a second. A second thread would take longer to begin than it saves. */
export const tinySettings = {
  validationFraction: 0.3,
  crop: { voxels: 16 },
  backbone: { width: 4, stages: 2 },
  ple: { levels: 1, expertsPerTask: 1, sharedExperts: 1, units: 8 },
  tower: 8,
  batch: 8,
  warmupEpochs: 1,
  epochs: 2,
  threads: 1,
};

export interface TinyExperiment {
  readonly cohort: string;
  readonly mtdl: string;
  /** One a task, in their order. */
  readonly stdl: readonly string[];
}

/** 40 cases of centre A and 24 of B, voxels of 4 mm: every task has both classes in every part. To be read alone. */
export const sharedCohort = (): Promise<string> =>
  once("tiny-cohort", async (folder) => {
    const numbers = ["--cases-a", "40", "--cases-b", "24", "--spacing", "4", "--seed", "3"];
    await succeed("cohort", "phantom", "--out", folder, ...numbers);
  });

/** That cohort and a model of each kind, trained once for all test files. To be read alone. */
export async function tinyExperiment(): Promise<TinyExperiment> {
  const cohort = await sharedCohort();
  const folder = await once("tiny-models", async (out) => {
    const settings = settingsFile(join(out, "settings.json"));
    for (const [name, chosen] of [["mtdl", tasks.join()], ...tasks.map((task) => [`stdl-${task}`, task])])
      await succeed(
        ...["train", cohort, "--out", join(out, name), "--settings", settings, "--tasks", chosen],
      );
  });
  return { cohort, mtdl: join(folder, "mtdl"), stdl: tasks.map((task) => join(folder, `stdl-${task}`)) };
}

async function succeed(...args: string[]): Promise<void> {
  const { status, stderr } = await here(...args);
  if (status !== 0) throw new Error(stderr);
}

/** A copy of the tiny cohort, whose images may be changed; without crops. */
export async function tinyCohort(folder: string): Promise<string> {
  copyCohort(await sharedCohort(), folder);
  return folder;
}

/** The tiny cohort with tables of its own, whose images are to be read alone; without crops. */
export async function tinyTables(folder: string): Promise<string> {
  linkCohort(await sharedCohort(), folder);
  return folder;
}

/** Another cohort of copies of the same files, without crops. */
export const copyCohort = (cohort: string, folder: string): void =>
  cpSync(cohort, folder, { recursive: true, dereference: true, filter: (path) => !path.endsWith(".crops") });

/** Another cohort with the same images, not copied: three hundred files take a quarter of a second. */
export function linkCohort(cohort: string, folder: string, { crops = false } = {}): void {
  const apart = [join(cohort, "images"), ...(crops ? [] : [join(cohort, ".crops")])];
  cpSync(cohort, folder, { recursive: true, filter: (path) => !apart.includes(path) });
  symlinkSync(join(cohort, "images"), join(folder, "images"));
}

export function settingsFile(path: string, more: object = {}): string {
  writeFileSync(path, JSON.stringify({ ...tinySettings, ...more }));
  return path;
}

/** Another table beside the cohort's own, of other rows or cells. */
export function otherTable(cohort: string, name: string, cases: readonly Case[]): string {
  const path = join(cohort, `${name}.csv`);
  writeFileSync(path, formatCohort(cases));
  return path;
}

/** Every file below a folder, relative to it; none where there is no folder. */
export const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
        .sort()
    : [];

/** One line with the code, no stack trace, nothing on stdout. */
export function expectRefused({ status, stdout, stderr }: Ended, code: string, says: RegExp): void {
  const lines = stderr.trimEnd().split("\n");
  expect(lines.at(-1)).toMatch(new RegExp(`^${code}: `));
  expect(lines.at(-1)).toMatch(says);
  // Above it progress alone.
  expect(
    lines.slice(0, -1).filter((line) => !/^[\w ]+: \d+\/\d+/.test(line) && !/^\d\/4 /.test(line)),
  ).toEqual([]);
  expect(status).toBe(code === "E_USAGE" ? 2 : 1);
  expect(stdout).toBe("");
}

const mayMount = spawnSync("mount", ["--version"]).status === 0 && process.getuid?.() === 0;

/** A disk of that size (as `64k`), where this user may mount one; else undefined, said on the console. */
export function smallDisk(folder: string, size: string): string | undefined {
  const path = join(folder, `disk-${size}-${Math.random().toString(36).slice(2)}`);
  mkdirSync(path);
  const { status, stderr } = mayMount
    ? spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path], { encoding: "utf8" })
    : { status: 1, stderr: "not root" };
  if (status !== 0) {
    console.warn(`skipped: a full disk needs the right to mount one (${stderr.trim()})`);
    return undefined;
  }
  disks.push(path);
  return path;
}
