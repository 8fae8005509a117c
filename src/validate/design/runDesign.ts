import { join } from "node:path";
import type { Case, Cohort } from "../../cohort/case.ts";
import { mustBeSound } from "../../cohort/check.ts";
import { tasks } from "../../cohort/tasks.ts";
import { TrinephronError } from "../../errors.ts";
import { writeWhole } from "../../files.ts";
import { version } from "../../version.ts";
import { crossValidate, modelsOfFolds } from "./crossValidation.ts";
import { externalTests } from "./externalTests.ts";
import { fingerprints, modelCases, mustBeUnchanged, mustDiffer, mustNotLeak } from "./leakage.ts";
import { centersOf, leaveOneCenterOut } from "./leaveOneCenterOut.ts";
import type { StoreProgress } from "./modelStore.ts";
import { type Plan, settingsOf } from "./plan.ts";
import type { CrossValidated, StudyResults } from "./studyResults.ts";
import { modelsOf, type Variant } from "./variant.ts";
import { type Workbench, workbench } from "./workbench.ts";

/** Parts of a plan that train models. */
export const trainingItems = ["crossValidation", "ablations", "leaveOneCenterOut", "seeds"] as const;
export type TrainingItem = (typeof trainingItems)[number];

export interface DesignOptions {
  readonly cohort: Cohort;
  readonly plan: Plan;
  /** `study.json`, `models`, `failures` and `fingerprints.json` go there. */
  readonly folder: string;
  readonly cacheFolder: string;
  readonly created: string;
  /** The user's stop. */
  readonly signal?: AbortSignal | undefined;
  /** Once aborted nothing new is begun; what is finished is written. */
  readonly deadline?: AbortSignal | undefined;
  /** The only items that may train; the others are written as far as their models are there. Default: all. */
  readonly only?: readonly TrainingItem[] | undefined;
  readonly onProgress?: ((progress: StoreProgress & { readonly item: string }) => void) | undefined;
}

export const studyFile = "study.json";

/**
 * Runs a plan as far as it comes, and writes `study.json`. Called again it goes on: each model is a folder of its own,
 * and each case's answers are kept.
 * @throws E_COHORT where cases leak from development into tests, at the start or at the end; and as `mustBeSound`,
 * `train` and the items; E_INTERRUPTED on `signal`. The `deadline` is no error: what is left is listed in the results.
 */
export async function runDesign(options: DesignOptions): Promise<StudyResults> {
  const { cohort, plan, folder } = options;
  const { development, external } = await checkStart(options);
  const bench = workbench(options, development, external);
  const crossValidation = await crossValidationItem(bench);
  const ablations = await ablationsItem(bench);
  const leftOut = await leaveOneCenterOutItem(bench);
  const tested = await externalTests(bench, options);
  if (options.signal?.aborted)
    throw new TrinephronError(
      "E_INTERRUPTED",
      "study stopped; its models are kept",
      "the same command goes on",
    );
  const results: StudyResults = {
    format: "trinephron-study/1",
    software: `trinephron ${version}`,
    created: options.created,
    title: plan.title,
    development: plan.development,
    external: centersOf(external),
    sources: [...new Set(cohort.cases.map((c) => c.source))],
    plan: JSON.parse(JSON.stringify(plan)),
    left: bench.left,
    notes: bench.notes,
    leakage: await checkEnd(options),
    crossValidation,
    ablations,
    leaveOneCenterOut: leftOut,
    ...tested,
  };
  await writeWhole(join(folder, studyFile), `${JSON.stringify(results, null, 1)}\n`);
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
  const found = await bench.attempt(item, modelsOfFolds(variants, folds, repeats), () =>
    crossValidate({ plan, store, cases: development, variants, folds, repeats }),
  );
  if (found && found.unfinished.length > 0)
    left.push({ item, what: `${found.unfinished.join(", ")} missing` });
  return found;
}

async function leaveOneCenterOutItem(bench: Workbench): Promise<StudyResults["leaveOneCenterOut"]> {
  const { plan, store, cases, notes } = bench;
  if (!plan.leaveOneCenterOut) return null;
  const centers = centersOf(cases).length;
  if (centers < 3) {
    notes.push(`Leave one centre out needs three centres; the cohort has ${centers}.`);
    return null;
  }
  const variants = bench.named(plan.leaveOneCenterOut.models);
  const models = centers * variants.reduce((sum, variant) => sum + modelsOf(variant), 0);
  return bench.attempt("leaveOneCenterOut", models, () =>
    leaveOneCenterOut({ plan, store, cases, variants }),
  );
}

async function checkStart(
  options: DesignOptions,
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
  if (plan.seeds && external.length === 0)
    throw new TrinephronError(
      "E_COHORT",
      `no case of a centre other than ${plan.development}`,
      "leave seeds out of the plan: they are tested on another centre",
    );
  await mustBeSound(cohort);
  await checkFiles(options);
  mustNotLeak(await modelCases(join(folder, "models")), cohort, plan.development);
  return { development, external };
}

async function checkFiles({ cohort, plan, folder, cacheFolder, signal }: DesignOptions): Promise<void> {
  const { crop, threads } = settingsOf(plan, {}, tasks, plan.seed);
  const all = await fingerprints(cohort, crop, { cacheFolder, threads, signal });
  mustDiffer(all);
  await mustBeUnchanged(join(folder, "fingerprints.json"), all);
}

async function checkEnd(options: DesignOptions): Promise<StudyResults["leakage"]> {
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
      "files changed while the study ran",
      "one patient in training and validation, or in development and test, of any model",
      "an external case among any model's development cases",
    ],
  };
}
