import { derivedSeed } from "../../../base/random.ts";
import type { TrainSettings } from "../../../learning/trained/settings.ts";
import { auc, logit } from "../../../numerics/stats/index.ts";
import { mean } from "../../../numerics/stats/moments.ts";
import type { Case } from "../../../patients/cohort/case.ts";
import { foldsOf } from "../../../patients/cohort/split.ts";
import type { Task, TaskDefinition } from "../../../patients/cohort/taskDefinition.ts";
import { namesOf } from "../../../patients/cohort/tasks.ts";
import { sizeBaseline } from "../../predictions/sizeBaseline.ts";
import { type Logits, samplesOf, scoresOf, together } from "../logits.ts";
import type { ModelRun, ModelStore } from "../modelStore.ts";
import { type Patch, type Plan, settingsOf } from "../plan.ts";
import { settled } from "../settled.ts";

/** One way to come from development cases to answers. */
export interface Variant {
  readonly name: string;
  /** `size`: logistic regression on the tumour's size, no network. */
  readonly kind: "mtdl" | "stdl" | "size";
  readonly settings: Patch;
  /** Settings to choose among, by cross-validation inside the development cases. */
  readonly grid?: readonly { readonly name: string; readonly settings: Patch }[];
  readonly innerFolds?: number;
}

/** Where a variant learns and what else decides its bits. */
export interface Situation {
  readonly plan: Pick<Plan, "development" | "settings">;
  readonly store: ModelStore;
  readonly development: readonly Case[];
  readonly seed: number;
  /** Told of each choice among a grid. */
  readonly onChoice?: (model: string, chosen: string) => void;
}

/** The models of a variant: one for all tasks, or one for each; none for size. */
export const taskLists = ({ kind }: Variant, tasks: readonly TaskDefinition[]): Task[][] =>
  kind === "size" ? [] : kind === "mtdl" ? [namesOf(tasks)] : namesOf(tasks).map((task) => [task]);

/** How many models a variant trains on each set of development cases. */
export const modelsOf = (variant: Variant, tasks: readonly TaskDefinition[]): number =>
  taskLists(variant, tasks).length * (1 + (variant.grid?.length ?? 0) * (variant.innerFolds ?? 0));

/** Trains all that a variant needs; answers nothing. */
export async function trainVariant(variant: Variant, situation: Situation): Promise<void> {
  const { store } = situation;
  const models = taskLists(variant, store.tasks).map(async (asked) =>
    store.train(await runOf(variant, asked, situation)),
  );
  await settled(models);
}

/** The answers of a variant to cases outside its development. */
export async function answerVariant(
  variant: Variant,
  situation: Situation,
  cases: readonly Case[],
): Promise<Logits> {
  if (variant.kind === "size") return sizeLogits(situation.development, cases, situation.store.tasks);
  const { store } = situation;
  const parts = taskLists(variant, store.tasks).map(async (asked) =>
    store.answer(await runOf(variant, asked, situation), cases),
  );
  return together(await settled(parts));
}

/** The model of some of its tasks. */
export async function runOf(
  variant: Variant,
  asked: readonly Task[],
  situation: Situation,
): Promise<ModelRun> {
  const { plan, development, seed } = situation;
  const chosen = variant.grid?.length ? await choose(variant, asked, situation) : variant.settings;
  return { settings: oneCenter(settingsOf(plan, chosen, asked, seed), development), development };
}

/** Settings whose centre is a name for all of these cases' centres. */
function oneCenter(settings: TrainSettings, development: readonly Case[]): TrainSettings {
  const centers = [...new Set(development.map((c) => c.center))];
  return { ...settings, center: centers.length === 1 ? centers[0] : centers.join(" + ") };
}

/**
 * The settings of a grid with the best mean AUC over the tasks, of pooled answers of an inner cross-validation; of
 * equals the first. No case outside the development takes part.
 */
async function choose(variant: Variant, asked: readonly Task[], situation: Situation): Promise<Patch> {
  const { plan, store, development, seed, onChoice } = situation;
  const folds = foldsOf(development, {
    k: variant.innerFolds!,
    seed: derivedSeed(seed, "inner"),
    stratifyBy: store.tasks,
  });
  const samples = samplesOf(development, store.tasks, "inner cross-validation").filter(({ task }) =>
    asked.includes(task),
  );
  const scored = variant.grid!.map(async ({ name, settings }) => {
    const parts = folds.map(({ train, validation }) => {
      const inner = oneCenter(settingsOf(plan, settings, asked, seed), train);
      return store.answer({ settings: inner, development: train }, validation);
    });
    const pooled = together(await settled(parts));
    return { name, settings, score: mean(samples.map((s) => auc(s.labels, scoresOf(s, pooled)))) };
  });
  const best = (await settled(scored)).reduce((most, each) => (each.score > most.score ? each : most));
  onChoice?.(asked.length > 1 ? variant.kind : `${variant.kind} ${asked[0]}`, best.name);
  return best.settings;
}

/** Size alone, fitted on development cases. @throws E_TOO_FEW where fewer than ten of them are labelled for a task */
export function sizeLogits(
  development: readonly Case[],
  cases: readonly Case[],
  tasks: readonly TaskDefinition[],
): Logits {
  const models = tasks.map((task) => [task.name, sizeBaseline(development, task)] as const);
  return new Map(
    cases.map((c) => [
      c.case,
      Object.fromEntries(models.map(([task, model]) => [task, logit(model.probability(c.sizeMm!))])),
    ]),
  );
}
