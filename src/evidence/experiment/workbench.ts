import { join } from "node:path";
import { isInterruption } from "../../base/errors.ts";
import type { Case, Cohort } from "../../patients/cohort/case.ts";
import type { Variant } from "./designs/variant.ts";
import type { ExperimentResults } from "./experimentResults.ts";
import { type ModelStore, modelName, openModelStore } from "./modelStore.ts";
import type { ExperimentOptions, TrainingItem } from "./options.ts";
import type { Plan } from "./plan.ts";
import { isOwn } from "./shard.ts";

/** What the items of a plan work with. */
export interface Workbench {
  readonly plan: Plan;
  readonly store: ModelStore;
  readonly cases: readonly Case[];
  readonly development: readonly Case[];
  readonly external: readonly Case[];
  /** Variants with the plan's own settings; without size where some case has none. */
  named(models: readonly Variant["kind"][]): Variant[];
  /**
   * What an item yields, or null where it could not be finished now: then it is among `left`. Models may be trained
   * in its work alone.
   */
  attempt<T extends object>(
    item: TrainingItem,
    models: number,
    work: () => Promise<T>,
  ): Promise<(T & { models: number }) | null>;
  readonly left: ExperimentResults["left"];
  readonly notes: string[];
}

/** Whether size alone can be a model: every case has one. */
export const sized = ({ cases }: Pick<Cohort, "cases">): boolean =>
  cases.every((c) => c.sizeMm !== undefined);

export function workbench(
  options: ExperimentOptions,
  development: readonly Case[],
  external: readonly Case[],
): Workbench {
  const { cohort, plan, folder, cacheFolder, only, shard, progress } = options;
  const stops = [options.signal, options.deadline].filter((signal) => signal !== undefined);
  const withSize = sized(cohort);
  const left: ExperimentResults["left"] = [];
  let current: TrainingItem | undefined;
  const there = new Set<string>();
  const opened = openModelStore({
    cohort,
    folder: join(folder, "models"),
    cacheFolder,
    signal: AbortSignal.any(stops),
    mayTrain: (name) =>
      current !== undefined && (only?.includes(current) ?? true) && (!shard || isOwn(name, shard)),
    progress: (step, ...rest) => progress?.(`${current ?? "tests"}: ${step}`, ...rest),
  });
  return {
    plan,
    store: {
      tasks: opened.tasks,
      async train(run) {
        const model = await opened.train(run);
        there.add(modelName(run, opened.tasks));
        return model;
      },
      async answer(run, cases, view) {
        const logits = await opened.answer(run, cases, view);
        there.add(modelName(run, opened.tasks));
        return logits;
      },
    },
    cases: cohort.cases,
    development,
    external,
    named: (models) =>
      models
        .filter((kind) => kind !== "size" || withSize)
        .map((kind) => ({ name: kind, kind, settings: {} })),
    async attempt(item, models, work) {
      current = item;
      there.clear();
      try {
        return { ...(await work()), models };
      } catch (error) {
        if (!isInterruption(error)) throw error;
        const missing = models - there.size;
        left.push({
          item,
          what: missing > 0 ? `${missing} of ${models} models missing` : "answers of its models missing",
        });
        return null;
      } finally {
        current = undefined;
      }
    },
    left,
    notes: withSize ? [] : ["No size-only baseline: some cases have no size."],
  };
}
