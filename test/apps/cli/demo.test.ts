import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parseResults } from "../../../src/evidence/validate/results.ts";
import { settingsHash } from "../../../src/patients/synthetic/paint/files/paintedFiles.ts";
import { here } from "./inProcess.ts";
import { expectRefused, filesIn, run, sharedCohort, smallDisk, temporaryFolder } from "./tinyExperiment.ts";

const folder = temporaryFolder("demo");
const demo = (out: string, ...more: string[]) => [
  ...["demo", "--out", out, "--cases-a", "40", "--cases-b", "20", "--epochs", "1", "--seed", "3"],
  ...more,
];

/**
 * Puts the tiny cohort's images, of larger voxels, in place of most that are still to be simulated: those would take
 * half of the time. Were they not taken for the demo's own, it would make them all.
 */
function fillIn(images: string, cohort: string): void {
  const centers = { A: 40, B: 20 };
  for (const [center, cases] of Object.entries(centers))
    for (let n = 0; n < cases - 2; n++) {
      const name = `${center}-${String(n + 1).padStart(4, "0")}`;
      const own = join(images, name);
      if (existsSync(join(own, "painted.json"))) continue;
      cpSync(join(cohort, "images", name), own, { recursive: true });
      const receipt = JSON.parse(readFileSync(join(own, "painted.json"), "utf8"));
      const settings = settingsHash({ phantom: 1, center, n, seed: 3, spacing: 2 });
      writeFileSync(join(own, "painted.json"), JSON.stringify({ ...receipt, settings }));
    }
}

describe("trinephron demo", () => {
  const out = join(folder, "demo");
  let tiny: string;
  beforeAll(async () => {
    tiny = await sharedCohort();
  });

  test("stopped by Ctrl-C in any of its parts, it goes on where it was, to the report", async () => {
    const stop = (pattern: RegExp) =>
      run(demo(out), (stderr, kill) => pattern.test(stderr) && kill("SIGINT"));
    expectRefused(await stop(/simulating: [1-9]/), "E_INTERRUPTED", /stopped with \d+ of 60 cases done/);
    expect(existsSync(join(out, "cohort", "cohort.csv"))).toBe(false);
    const images = join(out, "cohort", "images");
    const [first] = readdirSync(images).sort();
    const { mtimeMs } = statSync(join(images, first, "painted.json"));
    fillIn(images, tiny);

    expectRefused(await stop(/^STDL histology: 1\//m), "E_INTERRUPTED", /stopped/);
    expect(filesIn(join(out, "mtdl"))).toContain("model.onnx");
    expect(existsSync(join(out, "stdl-stage"))).toBe(false);
    expect(statSync(join(images, first, "painted.json")).mtimeMs).toBe(mtimeMs);

    const { status, stdout, stderr } = await run(demo(out));
    expect([status, stderr]).toEqual([0, expect.not.stringMatching(/^E_/m)]);
    expect(stderr).not.toMatch(/^MTDL: /m);
    expect(stdout).toMatch(/Whole study: \d+\.\d minutes/);
    expect(filesIn(out).filter((name) => name.includes("partial") || name.includes("checkpoint"))).toEqual(
      [],
    );
    const results = parseResults(
      readFileSync(join(out, "validation", "results.json"), "utf8"),
      "results.json",
    );
    expect(results.study.sources).toEqual(["procedural"]);
    expect(results.efficiency?.rows.map(({ model, parameters }) => [model, parameters > 0])).toEqual([
      ["mtdl", true],
      ["stdl", true],
    ]);
    for (const row of results.efficiency!.rows) {
      expect(row.trainingSeconds).toBeGreaterThan(0);
      expect(row.peakMemoryBytes).toBeGreaterThan(0);
    }
    expect(readFileSync(join(out, "validation", "report.html"), "utf8")).toContain("<svg");
  }, 400_000);

  test("in a folder that holds another cohort it is refused", async () => {
    expectRefused(await here(...demo(out, "--seed", "4")), "E_FILE_EXISTS", /other settings.*--force/);
  });

  const disk = smallDisk(folder, "1m");
  test.skipIf(!disk)("on a full disk", async () => {
    const there = join(disk!, "demo");
    expectRefused(
      await run(demo(there)),
      "E_FILE_WRITE",
      /the disk is full — free space, then run the same command/,
    );
    expect(filesIn(there).filter((name) => name.includes("partial") || name.endsWith("cohort.csv"))).toEqual(
      [],
    );
  });
});
