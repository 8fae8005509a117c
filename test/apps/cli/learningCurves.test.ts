import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import {
  type ExperimentResults,
  experimentResults,
} from "../../../src/evidence/experiment/experimentResults.ts";
import { readCohort } from "../../../src/patients/cohort/csv.ts";
import { here } from "./inProcess.ts";
import {
  expectRefused,
  otherTable,
  run,
  temporaryFolder,
  tinySettings,
  tinyTables,
} from "./tinyExperiment.ts";

const folder = temporaryFolder("curves");
const at = (...names: string[]) => join(folder, ...names);
const seeds = [1, 2];
const planned = (name: string, items: object): string => {
  const path = at(`${name}.json`);
  const settings = { ...tinySettings, epochs: 1 };
  writeFileSync(path, JSON.stringify({ format: "trinephron-plan/1", settings, ...items }));
  return path;
};
const models = ["mtdl", "size"];
const plan = planned("plan", {
  sizes: { cases: [16], seeds, models, steps: "fewer" },
  labeled: { task: "stage", shares: [0.5, 1], seeds, models: ["size"] },
});
const curves = (path = plan) => ["experiment", at("cohort", "all.csv"), "--out", at("out"), "--plan", path];
const results = (): ExperimentResults =>
  experimentResults.parse(JSON.parse(readFileSync(at("out", "experiment.json"), "utf8")));
const trained = () => (existsSync(at("out", "models")) ? readdirSync(at("out", "models")) : []);

beforeAll(async () => {
  const { cases } = await readCohort(await tinyTables(at("cohort")));
  otherTable(
    at("cohort"),
    "all",
    // Labels in turn, so that few cases make every part of both classes.
    cases.map(({ renal: _, ...c }, i) => ({
      ...c,
      histology: i % 5 < 3 ? "clear_cell" : "papillary",
      stage: i % 2 ? "III" : "I",
      complexity: i % 4 > 1 ? "high" : "low",
    })),
  );
}, 120_000);

test("more cases than there are is one line, and nothing is trained", async () => {
  const path = planned("many", { sizes: { cases: [16, 400], seeds } });
  expectRefused(await here(...curves(path)), "E_TOO_FEW", /sizes: 400 cases: seed 1 leaves 28 to train on/);
  expect(trained()).toEqual([]);
}, 60_000);

test("stopped by Ctrl-C, the same command goes on; figures and tables are written", async () => {
  const stopped = await run(curves(), (stderr, kill) => {
    if (/sizes: training mtdl-s1-\w+: \d/.test(stderr)) kill("SIGINT");
  });
  expect([stopped.status, stopped.stderr]).toEqual([1, expect.stringMatching(/E_INTERRUPTED/)]);
  expect(trained().length).toBe(1);
  const { status, stdout } = await here(...curves());
  expect(status).toBe(0);
  const { sizes, labeled, left, leakage } = results();
  expect(left).toEqual([]);
  expect(leakage.models).toBe(2);
  expect(trained().length).toBe(2);
  expect(sizes).toMatchObject({ models: 2, seeds });
  expect(labeled).toMatchObject({ models: 0, seeds, withheld: "stage" });
  expect(sizes!.subsets.map(({ n, validation }) => [n, validation])).toEqual(Array(6).fill([16, 12]));
  const told = labeled!.subsets.filter(({ task }) => task === "stage").map(({ n }) => n);
  expect(told).toEqual([14, 28, 14, 28]);
  // What a model was trained on is what its folder says.
  for (const name of trained()) {
    const rows = readFileSync(at("out", "models", name, "development.csv"), "utf8")
      .trim()
      .split("\n");
    expect(rows.filter((row) => row.endsWith("training")).length).toBe(16);
    expect(rows.filter((row) => row.endsWith("validation")).length).toBe(12);
    const { cases } = JSON.parse(readFileSync(at("out", "models", name, "config.json"), "utf8"));
    expect(cases).toMatchObject({ train: 16, validation: 12 });
  }
  expect(stdout).toMatch(/Learning curve: mean AUC \(95 % CI over seeds and cases\), centre B, 2 seeds/);
  expect(stdout).toMatch(/Few labels of stage: mean AUC/);
  expect(readdirSync(at("out", "figures")).sort()).toEqual([
    "labeled.csv",
    "labeled.svg",
    "sizes.csv",
    "sizes.svg",
  ]);
}, 120_000);
