import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatPredictions } from "../../../src/evidence/predictions/predictions.ts";
import { parseReaders } from "../../../src/evidence/readers/readings.ts";
import { writeCohort } from "../../../src/patients/cohort/csv.ts";
import { drawnPredictions } from "../../evidence/validate/study.ts";
import { here } from "./inProcess.ts";

const folder = mkdtempSync(join(tmpdir(), "trinephron-readers-"));
const before = process.cwd();
process.chdir(folder);
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});
const at = (...names: string[]) => join(folder, ...names);
const run = (...args: string[]) => here("readers", ...args);

const predictions = drawnPredictions(4);
beforeAll(async () => {
  const cases = ["A-1", "A-2", ...new Set(predictions.map((p) => p.case))].map((id) => ({
    case: id,
    patient: id,
    center: id.startsWith("A") ? "A" : "B",
    images: {},
    source: "procedural" as const,
  }));
  await writeCohort({ folder: at("cohort"), cases });
  writeFileSync(at("predictions.csv"), formatPredictions(predictions));
});

/** Fills in every empty score of a blank table, the same in all rows. */
function fill(path: string, score: number): string {
  const [header, ...lines] = readFileSync(path, "utf8").trim().split("\n");
  const filled = lines.map((line) => line.replace(/,,,$/, `,${score},${score},${score}`));
  const done = path.replace(/\.csv$/, "-done.csv");
  writeFileSync(done, [header, ...filled].join("\n"));
  return done;
}

describe("trinephron readers", () => {
  test("form, fill, collect", async () => {
    const made = await run(
      "form",
      "cohort",
      "--out",
      "forms",
      "--readers",
      "Ann=junior,Bo",
      "--center",
      "B",
      "--json",
    );
    expect(made.stderr).toBe("");
    expect(made.status).toBe(0);
    const manifest = JSON.parse(made.stdout);
    expect(manifest.cases).toEqual(["case_0", "case_1", "case_2", "case_3"]);
    expect(readdirSync(at("forms")).toSorted()).toEqual([
      "Ann.csv",
      "Ann.html",
      "Bo.csv",
      "Bo.html",
      "form.json",
    ]);

    const files = [fill(at("forms/Ann.csv"), 20), fill(at("forms/Bo.csv"), 75)];
    const { status, stdout } = await run(
      "collect",
      ...files,
      "--out",
      "readers.csv",
      "--form",
      "forms/form.json",
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/Ann\s+junior\s+no\s+4\s+12/);
    const readings = parseReaders(readFileSync(at("readers.csv")), "readers.csv");
    expect(readings).toHaveLength(24);
    expect(readings.find((r) => r.reader === "Bo")).toMatchObject({
      experience: "not given",
      score: 75,
      decision: 1,
      simulated: false,
    });
  });

  test("--aided: the cases of the predictions; both ways of reading in readers.csv", async () => {
    const made = await run(
      "form",
      "cohort",
      "--out",
      "aided",
      "--readers",
      "Ann",
      "--aided",
      "predictions.csv",
    );
    expect(made.status).toBe(0);
    expect(made.stdout).toContain("4 cases for 1 reader");
    const files = ["Ann", "Ann-with-model"].map((name) => fill(at(`aided/${name}.csv`), 60));
    const collected = await run("collect", ...files, "--out", "aided.csv", "--json");
    expect(
      JSON.parse(collected.stdout).rows.map((r: { aided: boolean; scores: number }) => [r.aided, r.scores]),
    ).toEqual([
      [false, 12],
      [true, 12],
    ]);
    const crossover = await run(
      "form",
      "cohort",
      "--out",
      "crossed",
      "--readers",
      "Ann",
      "--aided",
      "predictions.csv",
      "--design",
      "crossover",
    );
    expect(crossover.stdout).toContain(
      "Ann-session1.html, Ann-session1.csv, Ann-session2.html, Ann-session2.csv",
    );
  });

  test("missing scores stop it, unless allowed", async () => {
    const blank = at("forms/Ann.csv");
    const refused = await run("collect", blank, "--out", "none.csv");
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(
      /^E_TOO_FEW: 12 score\(s\) missing, the first of reader Ann, case case_\d, histology/,
    );
    expect((await run("collect", blank, "--out", "none.csv", "--allow-missing")).status).toBe(0);
  });

  test.each([
    [["form", "cohort", "--out", "forms", "--readers", "Ann"], 1, "E_FILE_EXISTS"],
    [["form", "cohort", "--out", "x", "--readers", "Ann,Ann"], 2, "E_USAGE: reader Ann is named twice"],
    [["form", "cohort", "--out", "x", "--readers", "Ann="], 2, "E_USAGE: --readers Ann="],
    [["form", "cohort", "--out", "x", "--readers", "Ann", "--scale", "ten"], 2, "E_USAGE: --scale ten"],
    [
      ["form", "cohort", "--out", "x", "--readers", "Ann", "--tasks", "stage,grade"],
      2,
      "E_USAGE: --tasks grade",
    ],
    [
      ["form", "cohort", "--out", "x", "--readers", "Ann", "--center", "C"],
      1,
      "E_COHORT: no case of centre C",
    ],
    [
      ["form", "cohort", "--out", "x", "--readers", "Ann", "--center", "A", "--aided", "predictions.csv"],
      1,
      "E_COHORT: case A-1, histology: no answer of mtdl",
    ],
    [["collect", "nothing.csv", "--out", "y.csv"], 1, "E_FILE_MISSING"],
    [["collect", "predictions.csv", "--out", "y.csv"], 1, "E_FORMAT: predictions.csv: no column study"],
  ])("refuses %j", async (args, status, says) => {
    const refused = await run(...args);
    expect(refused.stderr.startsWith(says)).toBe(true);
    expect(refused.status).toBe(status);
    expect(readdirSync(folder)).not.toContain("x");
  });
});
