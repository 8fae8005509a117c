import type { Work } from "../../base/work.ts";
import type { Cohort } from "../../patients/cohort/case.ts";
import type { Plan } from "./plan.ts";
import type { Shard } from "./shard.ts";

/** Parts of a plan that train models. */
export const trainingItems = [
  "crossValidation",
  "ablations",
  "leaveOneCenterOut",
  "seeds",
  "sizes",
  "labeled",
] as const;
export type TrainingItem = (typeof trainingItems)[number];

export interface ExperimentOptions extends Omit<Work, "threads"> {
  readonly cohort: Cohort;
  readonly plan: Plan;
  /** `experiment.json`, `models`, `failures` and `fingerprints.json` go there. */
  readonly folder: string;
  /** Of crops; default as `loadCrops`. */
  readonly cacheFolder?: string | undefined;
  /** Default: now. */
  readonly created?: Date | undefined;
  /** True removes what an earlier experiment left in the folder, and begins anew. */
  readonly force?: boolean | undefined;
  /** Once aborted nothing new is begun; what is finished is written. */
  readonly deadline?: AbortSignal | undefined;
  /** The only items that may train; the others are written as far as their models are there. Default: all. */
  readonly only?: readonly TrainingItem[] | undefined;
  /** This process's share of the models, where several work in the same folder: it trains them, and writes no results. */
  readonly shard?: Shard | undefined;
}
