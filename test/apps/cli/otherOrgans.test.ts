import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readCohort } from "../../../src/patients/cohort/csv.ts";
import { here } from "./inProcess.ts";
import { expectRefused, settingsFile, sharedCohort, temporaryFolder } from "./tinyExperiment.ts";

const folder = temporaryFolder("other-organs");
const at = (...names: string[]) => join(folder, ...names);
const text = (...names: string[]) => readFileSync(at(...names), "utf8");
const json = (...names: string[]) => JSON.parse(text(...names));

const grade = (column: string) => ({
  name: "grade",
  column,
  positive: { words: "high grade", atLeast: 3 },
  negative: { words: "low grade", below: 3 },
});
const type = {
  name: "type",
  positive: { words: "clear cell", values: ["clear_cell"] },
  negative: { words: "another", values: ["papillary", "chromophobe", "other"] },
};

/** The images of `sharedCohort` under other names, with what a radiologist of another organ draws: the tumour alone. */
beforeAll(async () => {
  const shared = await sharedCohort();
  const { cases } = await readCohort(shared);
  const rows = cases.map((c) => [
    ...[c.case, c.center, c.images.nephrographic, c.mask, c.sizeMm, c.histology],
    { I: "1", II: "2", III: "3", IV: "4" }[c.stage!],
  ]);
  writeFileSync(
    at("table.csv"),
    `${[["id", "site", "picture", "outline", "mm", "type", "grading"], ...rows].map((row) => row.join()).join("\n")}\n`,
  );
  writeFileSync(
    at("mapping.json"),
    JSON.stringify({
      columns: { case: "id", center: "site", size_mm: "mm" },
      files: { ct: "{picture}", mask: "{outline}" },
    }),
  );
  writeFileSync(at("labels.csv"), "name,label\n1,ignore\n2,tumor\n3,ignore\n");
  const questions = { format: "trinephron-tasks/1", phases: ["ct"], tasks: [grade("grading"), type] };
  writeFileSync(at("tasks.json"), JSON.stringify({ ...questions, masks: "tumor" }));
  settingsFile(at("settings.json"), { epochs: 1 });
  await done(
    "cohort",
    "import",
    shared,
    "--from",
    "nifti",
    ...["--table", at("table.csv")],
    ...["--mapping", at("mapping.json")],
    ...["--tasks", at("tasks.json"), "--labels", at("labels.csv"), "--out", at("tumors")],
  );
  // The same images, of which nobody has drawn anything.
  const bare = cases.map((c) => [
    c.case,
    c.center,
    join(shared, c.images.nephrographic!),
    "real",
    { I: 1, II: 2, III: 3, IV: 4 }[c.stage!],
  ]);
  await done("cohort", "phantom", "--out", at("bare"), "--cases-a", "1", "--cases-b", "0", "--spacing", "6");
  writeFileSync(
    at("bare", "cohort.csv"),
    `case,center,ct,source,grading\n${bare.map((row) => row.join()).join("\n")}\n`,
  );
  writeFileSync(
    at("bare", "tasks.json"),
    JSON.stringify({ ...questions, tasks: [grade("grading")], masks: "none" }),
  );
});

async function done(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await here(...args);
  expect([status, status === 0 ? "" : stderr]).toEqual([0, ""]);
  return stdout;
}

const train = (cohort: string, out: string, ...more: string[]) =>
  done("train", at(cohort), "--out", at(out), "--settings", at("settings.json"), ...more);

describe("tumours without a kidney", () => {
  test("are checked for what they show, and what is not checked is said", async () => {
    const { errors, notes } = JSON.parse(await done("cohort", "check", at("tumors"), "--json"));
    expect([errors, notes]).toEqual([
      0,
      [expect.stringMatching(/tumours alone: not checked are enhancement/)],
    ]);
  });

  test("are learnt, validated and reported without what a kidney would be needed for", async () => {
    await train("tumors", "mtdl");
    const { settings, masks } = json("mtdl", "config.json");
    expect([settings.features, settings.crop.center, settings.crop.phases, masks]).toEqual([
      ...["learnt", "tumor", ["ct"], "tumor"],
    ]);
    await train("tumors", "one", "--tasks", "grade");
    await train("tumors", "two", "--tasks", "type");
    const models = ["--mtdl", at("mtdl"), "--stdl", at("one"), "--stdl", at("two")];
    await done(
      "validate",
      at("tumors"),
      ...models,
      "--out",
      at("validation"),
      "--no-efficiency",
      "--threads",
      "1",
    );
    const results = json("validation", "results.json");
    expect(results.models.map(({ id }: { id: string }) => id)).toEqual(["mtdl", "stdl", "size"]);
    expect(results.study.title).toBe("External validation of a multi-task model");
    expect(results.study.notes).toEqual([
      expect.stringMatching(/^The masks outline tumours alone/),
      "No measured features alone: there are no masks of a kidney to measure on.",
    ]);
    for (const { accuracy, sensitivity, specificity } of results.operating)
      expect(accuracy.numerator).toBe(sensitivity.numerator + specificity.numerator);
    const report = text("validation", "report.html");
    expect(report).toContain("around the tumour");
    expect(report).toContain("Accuracy");
    expect(report).not.toContain("masks of kidney and tumour");
  });

  test("go through an experiment, whose results say what was not checked", async () => {
    const plan = {
      format: "trinephron-plan/1",
      crossValidation: { folds: 2, models: ["mtdl", "size"] },
      settings: json("settings.json"),
    };
    writeFileSync(at("plan.json"), JSON.stringify(plan));
    await done("experiment", at("tumors"), "--plan", at("plan.json"), "--out", at("design"));
    const { notes, crossValidation, plan: run } = json("design", "experiment.json");
    expect(notes[0]).toMatch(/tumours alone/);
    expect(crossValidation.auc).toHaveLength(4);
    expect(run.settings).toMatchObject({ features: "learnt", crop: { center: "tumor", phases: ["ct"] } });
  });

  test("what is asked for explicitly and needs a kidney is refused by one line", async () => {
    const refused = async (more: object, says: RegExp) => {
      settingsFile(at("asked.json"), more);
      expectRefused(
        await here("train", at("tumors"), "--out", at("none"), "--settings", at("asked.json")),
        "E_USAGE",
        says,
      );
    };
    await refused({ features: "both" }, /features: both, but the cohort's masks outline no kidney/);
    await refused(
      { crop: { voxels: 16, center: "kidney" } },
      /center: kidney, but the cohort's masks outline/,
    );
    const { cases } = await readCohort(at("tumors"));
    const image = join(at("tumors"), cases[0].images.ct!);
    const asked = ["--image", `ct=${image}`, "--mask", join(at("tumors"), cases[0].mask!)];
    expect((await here("predict", ...asked, "--model", at("mtdl"), "--out", at("p"))).stderr).toMatch(
      /E_MODEL: .*learnt from images without kidneys/,
    );
  });
});

test("images without any mask are learnt around their centre", async () => {
  await train("bare", "whole");
  expect(json("whole", "config.json")).toMatchObject({
    masks: "none",
    settings: { crop: { center: "image", maskChannels: false } },
  });
  expect(text("whole", "MODEL_CARD.md")).toContain("around the image's centre");
  const out = await done(
    "validate",
    at("bare"),
    "--mtdl",
    at("whole"),
    "--out",
    at("alone"),
    "--no-efficiency",
  );
  expect(out).toContain("Grade");
  expect(json("alone", "results.json").study.notes).toEqual([
    expect.stringMatching(/^There are no masks/),
    "No measured features alone: there are no masks of a kidney to measure on.",
    expect.stringMatching(/No size-only baseline/),
    expect.stringMatching(/^One task/),
  ]);
  expect((await here("validate", at("tumors"), "--mtdl", at("whole"), "--out", at("x"))).stderr).toMatch(
    /E_MODEL/,
  );
});
