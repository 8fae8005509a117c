import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readModelFolder } from "../../../src/learning/trained/modelFolder.ts";
import { readCohort } from "../../../src/patients/cohort/csv.ts";
import { studyNames as tasks } from "../../../src/patients/cohort/tasks.ts";
import { here } from "./inProcess.ts";
import {
  expectRefused,
  filesIn,
  linkCohort,
  otherTable,
  temporaryFolder,
  tinyExperiment,
} from "./tinyExperiment.ts";

const folder = temporaryFolder("model");
const at = (...names: string[]) => join(folder, ...names);
const optimize = (...more: string[]) => here("model", "optimize", model, "--cohort", at("cohort"), ...more);

let model: string;
let stdl: readonly string[];
beforeAll(async () => {
  const made = await tinyExperiment();
  ({ mtdl: model, stdl } = made);
  linkCohort(made.cohort, at("cohort"), { crops: true });
});

describe("model optimize", () => {
  test("writes whole model folders and what they cost, and opens no file of another centre", async () => {
    const own = at("own");
    const { cases } = await readCohort(at("cohort"));
    const table = otherTable(
      at("cohort"),
      "unread",
      cases.map((c) =>
        c.center === "A" ? c : { ...c, images: { nephrographic: "gone.nii.gz" }, mask: "gone.nii.gz" },
      ),
    );
    const { status, stdout, stderr } = await here(
      ...["model", "optimize", model, "--cohort", table, "--out", own, "--threads", "1", "--json"],
    );
    expect([status, stderr]).toEqual([0, expect.stringContaining("time and memory: ")]);
    const found = JSON.parse(stdout);
    expect(JSON.parse(readFileSync(join(own, "variants.json"), "utf8"))).toEqual(found);
    const original = await readModelFolder(model);
    const names = ["fp32", "fp16", "int8", "int8-static"];
    expect(found.variants.map((v: { name: string }) => v.name)).toEqual(names);
    for (const [i, name] of names.entries()) {
      const made = await readModelFolder(join(own, name));
      const { variant, ...config } = made.config;
      expect(config).toEqual(original.config);
      expect(variant).toEqual(found.variants[i]);
      expect(JSON.parse(readFileSync(join(own, name, "config.json"), "utf8"))).toEqual(made.config);
      expect(statSync(join(own, name, "model.onnx")).size).toBe(variant!.fileBytes);
      expect(Object.keys(variant!.aucDifference)).toEqual([...tasks]);
      expect(variant!.validationCases).toBe(original.config.cases.validation);
      expect(variant!.timeRatio).toBeGreaterThan(0);
      expect(filesIn(join(own, name))).toEqual([
        "MODEL_CARD.md",
        "config.json",
        "history.json",
        "model.onnx",
      ]);
    }
    for (const task of tasks)
      expect(found.original.validationAuc[task]).toBeCloseTo(original.config.validationAuc[task]!, 9);
  });

  test("a variant is validated like any model", async () => {
    const out = at("results");
    const { status } = await here(
      ...["validate", at("cohort"), "--mtdl", at("own", "fp16")],
      ...[...stdl.flatMap((s) => ["--stdl", s]), "--out", out, "--threads", "1"],
    );
    expect(status).toBe(0);
    const { efficiency, study } = JSON.parse(readFileSync(join(out, "results.json"), "utf8"));
    expect(study.device).toBe("cpu");
    expect(efficiency.counted).toContain("its variant fp16");
    expect(efficiency.rows[0].fileBytes).toBe(statSync(at("own", "fp16", "model.onnx")).size);
  });

  test("keeps variants that are there", async () => {
    const before = readFileSync(at("own", "fp32", "model.onnx"));
    const out = ["--variants", "fp32", "--out", at("own")];
    expectRefused(await optimize(...out), "E_FILE_EXISTS", /own\/fp32 is there already.*--force/);
    expect(readFileSync(at("own", "fp32", "model.onnx")).equals(before)).toBe(true);
  });

  test("refuses other cases than the model was trained on, and names that are no variant", async () => {
    const { cases } = await readCohort(at("cohort"));
    const [first, ...rest] = cases;
    const other = otherTable(at("cohort"), "other", [
      { ...first, stage: first.stage === "IV" || first.stage === "III" ? "I" : "IV" },
      ...rest,
    ]);
    const refused = await here("model", "optimize", model, "--cohort", other, "--out", at("other"));
    expectRefused(
      refused,
      "E_MODEL",
      /was not trained on these cases and labels of centre A — name the cohort/,
    );
    const { status, stderr } = await optimize("--variants", "fp16,int4", "--out", at("other"));
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^E_USAGE: .*no variant int4/)]);
    expectRefused(
      await here("model", "optimize", at("none"), "--cohort", at("cohort")),
      "E_FILE_MISSING",
      /model\.onnx/,
    );
    expect(existsSync(at("other"))).toBe(false);
  });
});
