import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { register as cohort } from "../../../src/apps/cli/cohort/cohort.ts";
import { register as experiment } from "../../../src/apps/cli/experiment.ts";
import { register as predict } from "../../../src/apps/cli/predict.ts";
import { register as readers } from "../../../src/apps/cli/readers/readers.ts";
import { register as report } from "../../../src/apps/cli/report.ts";
import { register as train } from "../../../src/apps/cli/train.ts";
import { register as validate } from "../../../src/apps/cli/validate.ts";
import { phases as studyPhases } from "../../../src/patients/cohort/case.ts";
import { readCohort } from "../../../src/patients/cohort/csv.ts";
import { labelOf } from "../../../src/patients/cohort/tasks.ts";
import { inProcess } from "./inProcess.ts";
import {
  linkCohort,
  settingsFile,
  temporaryFolder,
  tinyExperiment,
  tinySettings,
  tinyTables,
} from "./tinyExperiment.ts";

const folder = temporaryFolder("own-tasks");
const at = (...names: string[]) => join(folder, ...names);
const settings = settingsFile(at("settings.json"), { epochs: 1 });

const tasks = [
  {
    name: "malignancy",
    title: "Malignancy, as rated",
    question: "Would you call it malignant?",
    positive: { words: "rated malignant", short: "malignant", values: ["4", "5"] },
    negative: { words: "rated benign", short: "benign", values: ["1", "2"] },
    others: "unlabelled",
  },
  {
    name: "isup_grade",
    title: "ISUP grade",
    column: "isup",
    positive: { words: "high ISUP grade", short: "grade 3–4", atLeast: 3 },
    negative: { words: "low ISUP grade", short: "grade 1–2", below: 3 },
  },
];
const words = tasks.flatMap(({ title, positive, negative }) => [title, positive.words, negative.words]);

/** Words of the study's own tasks, none of which may stand in what another cohort yields. */
const foreign =
  /clear cell|stage I|corticomedullary|three contrast|R\.E\.N\.A\.L\. 10|[Hh]istology|Anatomical/;

const text = (...names: string[]) => readFileSync(at(...names), "utf8");
const has = (page: string, wanted: readonly string[]) =>
  wanted.filter((word) => !page.includes(word)).map((word) => `lacks ${word}`);
const quick = ["--no-efficiency", "--threads", "1"];
const models = ["--mtdl", at("mtdl"), "--stdl", at("one"), "--stdl", at("two")];

const questions = (asked: readonly object[]) =>
  JSON.stringify({ format: "trinephron-tasks/1", tasks: asked, phases: ["image"] });

/** The phantoms of `tinyCohort` under other questions, their answers drawn from the labels there. */
async function ownCohort(to: string): Promise<void> {
  const { cases } = await readCohort(at("phantoms"));
  const header = "case,center,image,mask,size_mm,source,malignancy,isup";
  const rows = cases.map((c, i) => [
    ...[c.case, c.center, c.images.nephrographic, c.mask, c.sizeMm, c.source],
    i % 9 === 8 ? "3" : c.histology === "clear_cell" ? 4 + (i % 2) : 1 + (i % 2),
    { I: "1", II: "2.5", III: "3", IV: "4" }[c.stage!],
  ]);
  writeFileSync(join(to, "cohort.csv"), `${[header, ...rows.map((row) => row.join())].join("\n")}\n`);
  writeFileSync(join(to, "tasks.json"), questions(tasks));
}

beforeAll(async () => {
  await tinyTables(at("phantoms"));
  linkCohort(at("phantoms"), at("cohort"));
  await ownCohort(at("cohort"));
  const trained = (out: string, ...more: string[]) =>
    inProcess(train, "train", at("cohort"), "--out", at(out), "--settings", settings, ...more);
  await trained("mtdl");
  await trained("one", "--tasks", "malignancy");
  await trained("two", "--tasks", "isup_grade");
  await inProcess(
    ...[validate, "validate", at("cohort"), ...models, "--out", at("validation")],
    ...quick,
    "--simulate-readers",
  );
});

test("check and summary go by the cohort's tasks", async () => {
  const checked = await inProcess(cohort, "cohort", "check", at("cohort"), "--json");
  const { errors, findings } = JSON.parse(checked.stdout);
  expect([errors, findings.filter((f: { code: string }) => f.code === "E_FORMAT")]).toEqual([0, []]);
  const { stdout } = await inProcess(cohort, "cohort", "summary", at("cohort"));
  expect(has(stdout, words)).toEqual([]);
  expect(stdout).not.toMatch(foreign);
});

test("a model says what its tasks ask, in its file and on its card", () => {
  const { tasks: names, definitions, phases } = JSON.parse(text("mtdl", "config.json"));
  expect([names, phases]).toEqual([["malignancy", "isup_grade"], ["image"]]);
  expect(definitions).toMatchObject(tasks);
  expect(JSON.parse(text("two", "config.json")).definitions).toMatchObject([tasks[1]]);
  expect(has(text("mtdl", "MODEL_CARD.md"), ["Would you call it malignant?", "high ISUP grade"])).toEqual([]);
});

test("the results hold both tasks with their labels, and the report their words", async () => {
  const results = JSON.parse(text("validation", "results.json"));
  expect(results.tasks).toMatchObject(tasks);
  const own = await readCohort(at("cohort"));
  const external = own.cases.filter(({ center }) => center === "B");
  for (const task of own.tasks!) {
    const labels = external.map((c) => labelOf(task, c)).filter((label) => label !== undefined);
    const row = results.auc.find((r: { task: string }) => r.task === task.name);
    expect([row.n, row.positives]).toEqual([labels.length, labels.filter((label) => label === 1).length]);
  }
  expect(results.unlabeled[0]).toMatchObject({ task: "malignancy" });
  expect(results.unlabeled[0].n).toBeGreaterThan(0);
  await inProcess(report, "report", at("validation", "results.json"), "--out", at("again", "report.html"));
  expect(text("again", "report.html")).toBe(text("validation", "report.html"));
  const page = text("again", "report.html");
  expect(has(page, words)).toEqual([]);
  expect(page.replaceAll(/<(style|script)[\s\S]*?<\/\1>/g, "").match(foreign)).toBeNull();
});

test("a results file whose tasks are not those of its rows is refused", async () => {
  const results = JSON.parse(text("validation", "results.json"));
  writeFileSync(at("stranger.json"), JSON.stringify({ ...results, tasks: [results.tasks[0]] }));
  await expect(inProcess(report, "report", at("stranger.json"), "--out", at("x.html"))).rejects.toMatchObject(
    { code: "E_FORMAT", message: expect.stringMatching(/"isup_grade" is none of malig/) },
  );
});

test("so is one in which a task of the study is not as it is there", async () => {
  const results = JSON.parse(text("validation", "results.json"));
  const stage = { ...results.tasks[1], name: "stage" };
  writeFileSync(at("stranger.json"), JSON.stringify({ ...results, tasks: [results.tasks[0], stage] }));
  await expect(inProcess(report, "report", at("stranger.json"), "--out", at("x.html"))).rejects.toMatchObject(
    { code: "E_FORMAT", message: expect.stringContaining("tasks: a task of the study") },
  );
});

test("readers are asked the cohort's questions, and their scores come back by its tasks", async () => {
  const form = ["form", at("cohort"), "--out", at("forms"), "--readers", "Ann,Bob"];
  await inProcess(
    readers,
    "readers",
    ...form,
    "--aided",
    at("validation", "predictions.csv"),
    "--center",
    "B",
  );
  const page = text("forms", "Ann.html");
  expect(has(page, ["Would you call it malignant?", "ISUP grade", "surely high ISUP grade"])).toEqual([]);
  const filled = (name: string) => {
    const [header, ...rows] = text("forms", name).trim().split("\n");
    expect(header.split(",").slice(-2)).toEqual(["malignancy", "isup_grade"]);
    const scored = rows.map((row, i) => row.replace(/,,$/, `,${(i * 37) % 100},${(i * 53) % 100}`));
    writeFileSync(at(name), `${[header, ...scored].join("\n")}\n`);
    return at(name);
  };
  const files = ["Ann.csv", "Ann-with-model.csv", "Bob.csv", "Bob-with-model.csv"].map(filled);
  const collect = ["collect", ...files, "--out", at("readers.csv"), "--form", at("forms", "form.json")];
  await inProcess(readers, "readers", ...collect);
  await inProcess(
    ...[validate, "validate", at("cohort"), ...models, "--out", at("read"), ...quick],
    ...["--readers", at("readers.csv")],
  );
  const { readerAnalyses } = JSON.parse(text("read", "results.json"));
  expect(new Set(readerAnalyses.agreement.map((r: { task: string }) => r.task))).toEqual(
    new Set(["malignancy", "isup_grade"]),
  );
});

test("a patient's page, text and FHIR have the model's words, though no cohort is there", async () => {
  const { cases } = await readCohort(at("phantoms"));
  const { images, mask } = cases[0];
  const { stdout } = await inProcess(
    ...[predict, "predict", "--image", `image=${at("phantoms", images.nephrographic!)}`],
    ...["--mask", at("phantoms", mask!), "--model", at("mtdl"), "--out", at("prediction")],
  );
  expect(has(stdout, ["Malignancy, as rated: rated ", "ISUP grade: "])).toEqual([]);
  const page = text("prediction", "report.html");
  expect(has(page, [...tasks.map(({ title }) => title), "grade 1–2", "malignant 100 %"])).toEqual([]);
  expect(page).not.toMatch(/clear cell|stage I|[Hh]istology|corticomedullary/);
  const fhir = text("prediction", "report.fhir.json");
  expect(has(fhir, ['"prob-malignancy"', '"class-malignancy"', '"Probability of high ISUP grade"'])).toEqual(
    [],
  );
  expect(JSON.parse(text("prediction", "prediction.json")).model.definitions).toMatchObject(tasks);
});

test("a plan of trainings goes by the cohort's tasks", async () => {
  const plan = {
    format: "trinephron-plan/1",
    settings: { ...tinySettings, epochs: 1 },
    seeds: { seeds: [1], models: ["mtdl", "size"] },
    subgroups: {},
    failures: { perTask: 1 },
  };
  writeFileSync(at("plan.json"), JSON.stringify(plan));
  const run = ["experiment", at("cohort"), "--out", at("experiment"), "--plan", at("plan.json")];
  const { stdout } = await inProcess(experiment, ...run);
  expect(has(stdout, ["Malignancy, as rated", "ISUP grade"])).toEqual([]);
  expect(JSON.parse(text("experiment", "experiment.json")).tasks).toMatchObject(tasks);
});

test("a cohort of one task has one model, and needs no other", async () => {
  linkCohort(at("cohort"), at("single"), { crops: true });
  writeFileSync(at("single", "tasks.json"), questions([tasks[1]]));
  await inProcess(
    ...[validate, "validate", at("single"), "--mtdl", at("two"), "--out", at("alone"), ...quick],
  );
  const { models: compared, auc, study, cards } = JSON.parse(text("alone", "results.json"));
  expect(compared.map(({ id }: { id: string }) => id)).toEqual(["mtdl", "measured", "size"]);
  expect(auc.map((r: { task: string; model: string }) => [r.task, r.model])).toEqual([
    ["isup_grade", "mtdl"],
    ["isup_grade", "measured"],
    ["isup_grade", "size"],
  ]);
  expect(study.notes.join()).toContain("One task");
  expect(cards).toHaveLength(1);
});

test("a tasks.json that names the study's tasks and phases changes no bit", async () => {
  const usual = await tinyExperiment();
  linkCohort(usual.cohort, at("named"), { crops: true });
  const [tasks, phases] = [["histology", "stage", "complexity"], [...studyPhases]];
  writeFileSync(at("named", "tasks.json"), JSON.stringify({ format: "trinephron-tasks/1", tasks, phases }));
  const own = settingsFile(at("usual.json"));
  await inProcess(train, "train", at("named"), "--out", at("named-mtdl"), "--settings", own);
  for (const file of ["model.onnx", "config.json", "MODEL_CARD.md"])
    expect(readFileSync(at("named-mtdl", file)).equals(readFileSync(join(usual.mtdl, file))), file).toBe(
      true,
    );
  expect(JSON.parse(text("named-mtdl", "config.json"))).not.toHaveProperty("definitions");

  const models = ["--mtdl", usual.mtdl, ...usual.stdl.flatMap((one) => ["--stdl", one])];
  const results = async (table: string, out: string) => {
    await inProcess(validate, "validate", table, ...models, "--out", at(out), ...quick);
    return { ...JSON.parse(text(out, "results.json")), created: "" };
  };
  const found = await results(at("named"), "named-results");
  expect(JSON.stringify(found)).toBe(JSON.stringify(await results(usual.cohort, "usual-results")));
  expect(found).not.toHaveProperty("tasks");
  expect(text("named-results", "predictions.csv")).toBe(text("usual-results", "predictions.csv"));
});

test("tumours need no size: there is then no baseline of it, which a note says", async () => {
  linkCohort(at("cohort"), at("unsized"), { crops: true });
  writeFileSync(at("unsized", "cohort.csv"), text("cohort", "cohort.csv").replace("size_mm", "other"));
  await inProcess(validate, "validate", at("unsized"), ...models, "--out", at("sizes"), ...quick);
  const { models: compared, study } = JSON.parse(text("sizes", "results.json"));
  expect(compared.map(({ id }: { id: string }) => id)).toEqual(["mtdl", "stdl", "measured"]);
  expect(study.notes.join()).toContain("No size-only baseline: no development case has a size.");
});

test.each<[string, string[], RegExp]>([
  ["a task that is none of the cohort's", ["--tasks", "stage"], /^--tasks stage: no task of this cohort$/],
  ["one of two", ["--tasks", "malignancy,grade"], /^--tasks grade: no task of this cohort$/],
])("train refuses %s", async (_, more, message) => {
  await expect(
    inProcess(train, "train", at("cohort"), "--out", at("no"), "--settings", settings, ...more),
  ).rejects.toMatchObject({
    code: "E_USAGE",
    message: expect.stringMatching(message),
    hint: "its tasks are malignancy, isup_grade",
  });
});

test("models of another question under the same name are refused", async () => {
  linkCohort(at("cohort"), at("changed"), { crops: true });
  const changed = [{ ...tasks[0], positive: { ...tasks[0].positive, values: ["5"] } }, tasks[1]];
  writeFileSync(at("changed", "tasks.json"), questions(changed));
  await expect(
    inProcess(validate, "validate", at("changed"), ...models, "--out", at("no"), ...quick),
  ).rejects.toMatchObject({ code: "E_MODEL", message: expect.stringContaining("malignancy is not that of") });
});

test("a task of one class at a centre is refused by name", async () => {
  linkCohort(at("cohort"), at("flat"), { crops: true });
  const flat = text("cohort", "cohort.csv").replaceAll(/^(B-.*),[^,\n]+$/gm, "$1,1");
  writeFileSync(at("flat", "cohort.csv"), flat);
  await expect(
    inProcess(validate, "validate", at("flat"), ...models, "--out", at("no"), ...quick),
  ).rejects.toMatchObject({
    code: "E_ONE_CLASS",
    message: "isup_grade, centre B: 0 cases of high ISUP grade, 24 of low ISUP grade",
  });
});
