import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { TrinephronError } from "../../base/errors.ts";
import { writeWhole } from "../../base/files.ts";
import { software } from "../../base/version.ts";
import { mustMeasureKidneys } from "../../learning/trained/cohortSettings.ts";
import type { Case } from "../../patients/cohort/case.ts";
import { mustBeSound, uncheckedIn } from "../../patients/cohort/check/check.ts";
import { areStudyTasks, namesOf, tasksOf } from "../../patients/cohort/tasks.ts";
import { fingerprints, modelCases, mustBeUnchanged, mustDiffer, mustNotLeak } from "./checks/leakage.ts";
import { crossValidate, modelsOfFolds } from "./designs/crossValidation.ts";
import { externalTests } from "./designs/externalTests.ts";
import { curvesMustFit, learningCurves } from "./designs/learningCurves.ts";
import { centersOf, leaveOneCenterOut } from "./designs/leaveOneCenterOut.ts";
import { modelsOf, type Variant } from "./designs/variant.ts";
import type { CrossValidated, ExperimentResults } from "./experimentResults.ts";
import type { ExperimentOptions, TrainingItem } from "./options.ts";
import { planFor, planWithBase, settingsOf } from "./plan.ts";
import { experimentText } from "./text.ts";
import { type Workbench, workbench } from "./workbench.ts";

const experimentFile = "experiment.json";

/**
 * Runs a plan as far as it comes, and writes `experiment.json`. Called again it goes on: each model is a folder of its own,
 * and each case's answers are kept. A shard trains its share of the models alone, and is followed by a call without.
 * @throws E_COHORT where cases leak from development into tests, at the start or at the end; and as `mustBeSound`,
 * `train` and the items; E_INTERRUPTED on `signal`. The `deadline` is no error: what is left is listed in the results.
 */
export async function runExperiment(given: ExperimentOptions): Promise<ExperimentResults> {
  const plan = await planWithBase(planFor(given.plan, given.cohort));
  const options = { ...given, plan };
  const { cohort, folder } = options;
  if (options.force) await forget(folder);
  const { development, external } = await checkStart(options);
  const bench = workbench(options, development, external);
  const crossValidation = await crossValidationItem(bench);
  const ablations = await ablationsItem(bench);
  const leftOut = await leaveOneCenterOutItem(bench);
  const tested = await externalTests(bench, options);
  const curves = await learningCurves(bench);
  if (options.signal?.aborted)
    throw new TrinephronError(
      "E_INTERRUPTED",
      "experiment stopped; its models are kept",
      "the same command goes on",
    );
  const results: ExperimentResults = {
    format: "trinephron-experiment/1",
    software,
    created: (options.created ?? new Date()).toISOString(),
    title: plan.title,
    development: plan.development,
    external: centersOf(external),
    sources: [...new Set(cohort.cases.map((c) => c.source))],
    ...(!areStudyTasks(tasksOf(cohort)) && { tasks: [...tasksOf(cohort)] }),
    plan: JSON.parse(JSON.stringify(plan)),
    left: bench.left,
    notes: [...uncheckedIn(cohort), ...bench.notes],
    leakage: await checkEnd(options),
    crossValidation,
    ablations,
    leaveOneCenterOut: leftOut,
    ...tested,
    ...curves,
  };
  if (!options.shard) {
    await writeWhole(join(folder, experimentFile), `${JSON.stringify(results, null, 1)}\n`);
    await writeWhole(join(folder, "experiment.txt"), `${experimentText(results)}\n`);
  }
  return results;
}

async function crossValidationItem(bench: Workbench): Promise<CrossValidated | null> {
  if (!bench.plan.crossValidation) return null;
  const { models, grid, innerFolds, ...folds } = bench.plan.crossValidation;
  const variants = bench.named(models).map((v) => (v.kind === "size" ? v : { ...v, grid, innerFolds }));
  return crossValidated(bench, "crossValidation", variants, folds);
}

async function ablationsItem(bench: Workbench): Promise<CrossValidated | null> {
  if (!bench.plan.ablations) return null;
  const { variants: named, ...folds } = bench.plan.ablations;
  const variants = named.map(
    ({ name, apart, settings }): Variant => ({ name, kind: apart ? "stdl" : "mtdl", settings }),
  );
  return crossValidated(bench, "ablations", variants, folds);
}

async function crossValidated(
  bench: Workbench,
  item: TrainingItem,
  variants: readonly Variant[],
  { folds, repeats }: { readonly folds: number; readonly repeats: number },
): Promise<CrossValidated | null> {
  const { plan, store, development, left } = bench;
  const found = await bench.attempt(item, modelsOfFolds(variants, store.tasks, folds, repeats), () =>
    crossValidate({ plan, store, cases: development, variants, folds, repeats }),
  );
  if (found && found.unfinished.length > 0)
    left.push({ item, what: `${found.unfinished.join(", ")} missing` });
  return found;
}

async function leaveOneCenterOutItem(bench: Workbench): Promise<ExperimentResults["leaveOneCenterOut"]> {
  const { plan, store, cases, notes } = bench;
  if (!plan.leaveOneCenterOut) return null;
  const centers = centersOf(cases).length;
  if (centers < 3) {
    notes.push(`Leave one centre out needs three centres; the cohort has ${centers}.`);
    return null;
  }
  const variants = bench.named(plan.leaveOneCenterOut.models);
  const models = centers * variants.reduce((sum, variant) => sum + modelsOf(variant, store.tasks), 0);
  return bench.attempt("leaveOneCenterOut", models, () =>
    leaveOneCenterOut({ plan, store, cases, variants }),
  );
}

async function checkStart(
  options: ExperimentOptions,
): Promise<{ development: readonly Case[]; external: readonly Case[] }> {
  const { cohort, plan, folder } = options;
  const development = cohort.cases.filter((c) => c.center === plan.development);
  const external = cohort.cases.filter((c) => c.center !== plan.development);
  if (development.length === 0)
    throw new TrinephronError(
      "E_COHORT",
      `no case of centre ${plan.development}`,
      `the cohort's centres: ${centersOf(cohort.cases).join(", ")}`,
    );
  const outward = (["seeds", "sizes", "labeled"] as const).filter((item) => plan[item]);
  if (outward.length > 0 && external.length === 0)
    throw new TrinephronError(
      "E_COHORT",
      `no case of a centre other than ${plan.development}`,
      `leave ${outward.join(", ")} out of the plan: they are tested on another centre`,
    );
  curvesMustFit(plan, cohort, development, external);
  await mustBeSound(cohort);
  await checkFiles(options);
  mustNotLeak(await modelCases(join(folder, "models")), cohort, plan.development);
  return { development, external };
}

async function checkFiles({ cohort, plan, folder, cacheFolder, signal }: ExperimentOptions): Promise<void> {
  const settings = settingsOf(plan, {}, namesOf(tasksOf(cohort)), plan.seed);
  mustMeasureKidneys(settings, cohort);
  const { crop, threads } = settings;
  const all = await fingerprints(cohort, crop, { cacheFolder, threads, signal });
  mustDiffer(all);
  await mustBeUnchanged(join(folder, "fingerprints.json"), all);
}

async function checkEnd(options: ExperimentOptions): Promise<ExperimentResults["leakage"]> {
  const { cohort, plan, folder } = options;
  await checkFiles(options);
  const models = await modelCases(join(folder, "models"));
  mustNotLeak(models, cohort, plan.development);
  return {
    cases: cohort.cases.length,
    models: models.length,
    checked: [
      "one patient in two centres",
      "one file, or the voxels cut from it, under two patients",
      "files changed while the experiment ran",
      "one patient in training and validation, or in development and test, of any model",
      "an external case among any model's development cases",
    ],
  };
}

/** Removes what an earlier experiment left in the folder, and nothing else. */
async function forget(out: string): Promise<void> {
  if (!existsSync(join(out, "fingerprints.json")) && !existsSync(join(out, experimentFile))) return;
  for (const name of ["models", "failures", "figures", "fingerprints.json", experimentFile, "experiment.txt"])
    await rm(join(out, name), { recursive: true, force: true });
}
