import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type ExperimentResults,
  experimentResults,
} from "../../../src/evidence/experiment/experimentResults.ts";
import { auc } from "../../../src/numerics/stats/index.ts";
import type { Case } from "../../../src/patients/cohort/case.ts";
import { readCohort } from "../../../src/patients/cohort/csv.ts";
import { here } from "./inProcess.ts";
import {
  expectRefused,
  filesIn,
  otherTable,
  run,
  temporaryFolder,
  tinyCohort,
  tinySettings,
} from "./tinyExperiment.ts";

const folder = temporaryFolder("study");
const at = (...names: string[]) => join(folder, ...names);
const out = at("out");

const settings = { ...tinySettings, epochs: 1 };
const plan = {
  format: "trinephron-plan/1",
  settings,
  crossValidation: { folds: 2, models: ["mtdl", "size"] },
  ablations: {
    folds: 2,
    variants: [{ name: "PLE" }, { name: "shared bottom", settings: { ple: { levels: 0 } } }],
  },
  leaveOneCenterOut: { models: ["mtdl", "size"] },
  seeds: { seeds: [1, 2], models: ["mtdl", "size"] },
  subgroups: {},
  robustness: {
    perturbations: [
      { kind: "noise", sigmaHu: 50 },
      { kind: "drop", phase: "nephrographic" },
    ],
    replicates: 100,
  },
  failures: { perTask: 2 },
};
const planFile = at("plan.json");
writeFileSync(planFile, JSON.stringify(plan));

const study = (...more: string[]) => [
  "experiment",
  at("cohort", "three.csv"),
  "--out",
  out,
  "--plan",
  planFile,
  ...more,
];
const results = (): ExperimentResults =>
  experimentResults.parse(JSON.parse(readFileSync(at("out", "experiment.json"), "utf8")));
const models = () => readdirSync(at("out", "models"));

let cases: readonly Case[];
beforeAll(async () => {
  const cohort = await readCohort(await tinyCohort(at("cohort")));
  // Labels in turn, so that few cases make every part of both classes; half of B's cases a third centre.
  cases = cohort.cases.map(({ renal: _, ...c }, i) => ({
    ...c,
    center: c.center === "B" && i % 8 > 3 ? "C" : c.center,
    histology: i % 5 < 3 ? "clear_cell" : "papillary",
    stage: i % 2 ? "III" : "I",
    complexity: i % 4 > 1 ? "high" : "low",
  }));
  otherTable(at("cohort"), "three", cases);
}, 60_000);

describe("a study in pieces", () => {
  test("without time it trains nothing, and says what is left", async () => {
    const { status, stderr } = await here(...study("--minutes", "0"));
    expect(status).toBe(0);
    expect(stderr).toMatch(/left: crossValidation: 2 of 2 models/);
    expect(stderr).toMatch(/left: seeds: 2 of 2 models/);
    expect(results()).toMatchObject({ crossValidation: null, seeds: null, robustness: null });
    expect(existsSync(at("out", "models"))).toBe(false);
  }, 30_000);

  test("one item alone; killed in the midst, the same command goes on", async () => {
    await run(study("--only", "ablations"), (stderr, kill) => {
      if (/answering mtdl-s1-\w+: 20\/20/.test(stderr)) kill("SIGKILL");
    });
    const [first] = models();
    const made = statSync(at("out", "models", first, "model.onnx")).mtimeMs;
    const { status } = await here(...study("--only", "ablations"));
    expect(status).toBe(0);
    expect(statSync(at("out", "models", first, "model.onnx")).mtimeMs).toBe(made);
    expect(models().length).toBe(4);
    expect(results().ablations?.models).toBe(4);
    // The plain variant's models are those of the cross-validation: there without being asked for.
    expect((await here(...study("--minutes", "0"))).status).toBe(0);
    const { ablations, crossValidation, left, seeds } = results();
    const ofPle = ablations?.auc.filter((row) => row.model === "PLE").map((row) => row.value);
    expect(crossValidation?.auc.filter((row) => row.model === "mtdl").map((row) => row.value)).toEqual(ofPle);
    expect(seeds).toBeNull();
    expect(left.map(({ item }) => item)).toEqual([
      "leaveOneCenterOut",
      "seeds",
      "subgroups",
      "robustness",
      "failures",
    ]);
  }, 60_000);

  test("in two shares at the same time, of which neither trains what is the other's", async () => {
    const written = readFileSync(at("out", "experiment.json"), "utf8");
    const shares = await Promise.all(["1/2", "2/2"].map((share) => run(study("--shard", share))));
    expect(shares.map(({ status }) => status)).toEqual([0, 0]);
    const trained = shares.flatMap(({ stderr }) => [
      ...new Set(stderr.match(/(?<=training )mtdl-s\d+-\w+(?=:)/g) ?? []),
    ]);
    // Four were there before.
    expect(trained.length).toBe(5);
    expect(new Set(trained).size).toBe(5);
    expect(models().length).toBe(9);
    expect(readFileSync(at("out", "experiment.json"), "utf8")).toBe(written);
  }, 60_000);

  test("the whole of it: every item, every case answered once by models that have not seen it", async () => {
    const { status, stdout } = await here(...study());
    expect(status).toBe(0);
    const found = results();
    expect(found.left).toEqual([]);
    expect(stdout).toBe(readFileSync(at("out", "experiment.txt"), "utf8"));
    expect(stdout).toMatch(/images: procedural/);
    // 2 folds of each of 2 variants, 3 centres left out, 2 seeds.
    expect(found.leakage).toMatchObject({ cases: 64, models: 9 });
    expect(models().length).toBe(9);
    expect(found.external).toEqual(["B", "C"]);
    expect(found.leaveOneCenterOut?.auc.length).toBe(3 * 3 * 2);
    for (const row of found.leaveOneCenterOut?.auc ?? [])
      expect(row.n).toBe(cases.filter((c) => c.center === row.center).length);

    const stage = found.seeds!.auc.filter((row) => row.task === "stage" && row.model === "mtdl");
    expect(stage.map((row) => [row.seed, row.n])).toEqual([
      [1, 24],
      [2, 24],
    ]);
    const summary = found.seeds!.summary.find((row) => row.task === "stage" && row.model === "mtdl")!;
    expect(summary.mean).toBeCloseTo((stage[0].value + stage[1].value) / 2, 12);

    const robust = found.robustness!;
    expect(robust.length).toBe(6);
    for (const row of robust)
      expect(row.plain).toBeCloseTo(
        found.seeds!.summary.find((s) => s.task === row.task && s.model === "mtdl")!.meanLogit.value,
        12,
      );
    expect(found.failures!.length).toBe(6);
    for (const { picture } of found.failures!)
      expect(readFileSync(at("out", picture)).subarray(1, 4).toString()).toBe("PNG");
  }, 60_000);

  test("size's figures on the external centres are those of a regression on the development centre", () => {
    const row = results().seeds!.auc.find((r) => r.task === "stage" && r.model === "size")!;
    const ofSize = (chosen: readonly Case[]) =>
      auc(
        chosen.map((c) => Number(c.stage === "III")),
        chosen.map((c) => c.sizeMm!),
      );
    const external = ofSize(cases.filter((c) => c.center !== "A"));
    // One predictor: the AUC is that of size itself, or of small size where that is what the development cases say.
    const rises = ofSize(cases.filter((c) => c.center === "A")) > 0.5;
    expect(row.value).toBeCloseTo(rises ? external : 1 - external, 12);
    expect(row.seed).toBeNull();
  });

  test("run again it trains nothing and finds the same", async () => {
    const { created: _, ...before } = results();
    const files = filesIn(at("out", "models"));
    expect((await here(...study())).status).toBe(0);
    const { created: __, ...after } = results();
    expect(after).toEqual(before);
    expect(filesIn(at("out", "models"))).toEqual(files);
  }, 30_000);
});

describe("leakage", () => {
  test("an external case among a model's development cases", async () => {
    const list = at("out", "models", models()[0], "development.csv");
    const kept = readFileSync(list, "utf8");
    const external = cases.find((c) => c.center === "B")!.case;
    writeFileSync(list, `${kept}${external},${external},A,training\n`);
    expectRefused(await here(...study()), "E_COHORT", new RegExp(external));
    writeFileSync(list, kept);
  }, 30_000);

  test("a case under two names", async () => {
    const [first, second] = cases.filter((c) => c.center === "A");
    const third = cases.find((c) => c.center === "B")!;
    otherTable(
      at("cohort"),
      "copied",
      cases.map((c) => (c === third ? { ...c, images: first.images, mask: first.mask! } : c)),
    );
    const args = ["experiment", at("cohort", "copied.csv"), "--out", at("copied"), "--plan", planFile];
    expectRefused(await here(...args), "E_COHORT", new RegExp(`${first.case} and ${third.case}`));
    otherTable(
      at("cohort"),
      "person",
      cases.map((c) => (c === third ? { ...c, patient: second.patient } : c)),
    );
    const shared = ["experiment", at("cohort", "person.csv"), "--out", at("copied"), "--plan", planFile];
    expectRefused(await here(...shared), "E_COHORT", new RegExp(`patient ${second.patient}`));
    expect(filesIn(at("copied"))).toEqual([]);
  }, 30_000);

  test("a file that changed since the experiment began; --force begins anew", async () => {
    const [first, second] = cases.filter((c) => c.center === "A");
    const path = (c: Case) => at("cohort", c.images.excretory!);
    const kept = at("kept.nii.gz");
    copyFileSync(path(first), kept);
    // Other voxels, the same person's.
    copyFileSync(at("cohort", second.images.excretory!), path(first));
    otherTable(
      at("cohort"),
      "three",
      cases.map((c) => (c === first ? { ...c, patient: second.patient } : c)),
    );
    const { status, stderr } = await here(...study());
    expect([status, stderr]).toEqual([1, expect.stringMatching(/E_(COHORT|GEOMETRY)/)]);
    copyFileSync(kept, path(first));
    otherTable(at("cohort"), "three", cases);
    expect((await here(...study("--force", "--minutes", "0"))).status).toBe(0);
    expect(existsSync(at("out", "models"))).toBe(false);
    rmSync(kept);
  }, 30_000);
});

test.each([
  ["an item that is none", ["--only", "subgroups"], /--only subgroups/],
  ["a share of none", ["--shard", "3/2"], /--shard 3\/2: not one of n/],
  ["a share that would begin anew", ["--shard", "1/2", "--force"], /--force with --shard/],
  ["a plan that is not there", ["--plan", "nowhere.json"], /nowhere\.json/],
])("%s", async (_, more, says) => {
  const { status, stderr } = await here(...study(...more));
  expect(status).toBeGreaterThan(0);
  expect(stderr).toMatch(says);
});
