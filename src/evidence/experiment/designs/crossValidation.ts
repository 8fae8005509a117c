import { isInterruption } from "../../../base/errors.ts";
import { derivedSeed } from "../../../base/random.ts";
import { auc } from "../../../numerics/stats/index.ts";
import type { Case } from "../../../patients/cohort/case.ts";
import { foldsOf, type Split } from "../../../patients/cohort/split.ts";
import type { TaskDefinition } from "../../../patients/cohort/taskDefinition.ts";
import { taskNamed } from "../../../patients/cohort/tasks.ts";
import type { CrossValidated } from "../experimentResults.ts";
import { type Logits, type Sample, sampleOf, samplesOf, scoresOf, together } from "../logits.ts";
import type { ModelStore } from "../modelStore.ts";
import type { Plan } from "../plan.ts";
import { settled } from "../settled.ts";
import { aucOf, spreadOf, testPair } from "./compare.ts";
import { answerVariant, modelsOf, type Variant } from "./variant.ts";

export interface CrossValidationOptions {
  readonly plan: Pick<Plan, "development" | "settings" | "seed">;
  readonly store: ModelStore;
  /** Of the development centre alone. */
  readonly cases: readonly Case[];
  /** The others are compared with the first. */
  readonly variants: readonly Variant[];
  readonly folds: number;
  readonly repeats: number;
}

/** How many models a cross-validation trains. */
export const modelsOfFolds = (
  variants: readonly Variant[],
  tasks: readonly TaskDefinition[],
  folds: number,
  repeats: number,
): number => folds * repeats * variants.reduce((sum, variant) => sum + modelsOf(variant, tasks), 0);

/**
 * Repeated stratified k-fold cross-validation, folds by patient, the same folds for every variant. Of each fold the
 * rest is the whole development set: its own validation patients choose epoch, calibration and settings, so the fold
 * is new to all that. The calibrated logits of the folds are pooled by repeat. DeLong's interval of the pooled AUC
 * takes the answers as independent, though the models of two folds share training cases.
 * @returns figures of the variants whose models are all there
 * @throws E_ONE_CLASS, E_TOO_FEW for tasks without two cases of each class; E_INTERRUPTED where the first variant or
 * all others miss models
 */
export async function crossValidate(
  options: CrossValidationOptions,
): Promise<Omit<CrossValidated, "models">> {
  const { plan, cases, variants, folds, repeats } = options;
  const { tasks } = options.store;
  const samples = samplesOf(cases, tasks, `centre ${plan.development}`);
  const choices: CrossValidated["choices"] = [];
  const splits = Array.from({ length: repeats }, (_, r) =>
    foldsOf(cases, { k: folds, seed: derivedSeed(plan.seed, "repeat", r + 1), stratifyBy: tasks }),
  );
  /** By variant, a repeat each. */
  const pooled = new Map<string, Logits[]>();
  let missing: unknown;
  const asked = variants.map((variant) => outOfFold(variant, splits, options, choices));
  for (const [v, end] of (await Promise.allSettled(asked)).entries()) {
    if (end.status === "fulfilled") pooled.set(variants[v].name, end.value);
    else if (v === 0 || !isInterruption(end.reason)) throw end.reason;
    else missing = end.reason;
  }
  if (missing !== undefined && pooled.size === 1) throw missing;

  const rows = splits.flatMap((split, r) =>
    samples.flatMap((sample) =>
      [...pooled].map(([model, byRepeat]) => ({
        task: sample.task,
        model,
        repeat: r + 1,
        ...aucOf(sample, byRepeat[r]),
        folds: split.map(({ validation }) =>
          foldAuc(sampleOf(validation, taskNamed(tasks, sample.task)), byRepeat[r]),
        ),
      })),
    ),
  );
  const [[first, ofFirst], ...others] = pooled;
  return {
    folds,
    repeats,
    auc: rows,
    summary: samples.flatMap(({ task }) =>
      [...pooled.keys()].map((model) => ({
        task,
        model,
        ...spreadOf(rows.filter((r) => r.task === task && r.model === model).map((r) => r.value)),
      })),
    ),
    differences: splits.flatMap((_, r) =>
      samples.flatMap((sample) =>
        others.map(([b, ofOther]) => ({
          task: sample.task,
          a: first,
          b,
          repeat: r + 1,
          ...testPair(sample, ofFirst[r], ofOther[r]),
        })),
      ),
    ),
    unfinished: variants.map(({ name }) => name).filter((name) => !pooled.has(name)),
    choices,
  };
}

/** A variant's answer to every case by the models that have not seen it; a repeat each. */
async function outOfFold(
  variant: Variant,
  splits: readonly (readonly Split[])[],
  { plan, store }: CrossValidationOptions,
  choices: CrossValidated["choices"],
): Promise<Logits[]> {
  const byRepeat = splits.map(async (folds, r) => {
    const parts = folds.map(({ train, validation }, f) => {
      const onChoice = (model: string, chosen: string) =>
        choices.push({ repeat: r + 1, fold: f + 1, model, chosen });
      const situation = { plan, store, development: train, seed: plan.seed + r, onChoice };
      return answerVariant(variant, situation, validation);
    });
    return together(await settled(parts));
  });
  return settled(byRepeat);
}

function foldAuc(sample: Sample, logits: Logits): number | null {
  const { labels, positives } = sample;
  return positives === 0 || positives === labels.length ? null : auc(labels, scoresOf(sample, logits));
}
