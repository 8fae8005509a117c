import type { Task } from "../../patients/cohort/taskDefinition.ts";

/** Who trains and who validates, where that is not left to the seed, and whose labels are not told. */
export interface DevelopmentParts {
  /** Names of the cases that validate; all others of the centre train. */
  readonly validation: readonly string[];
  /** By task, names of cases whose label counts as unknown. */
  readonly unlabeled?: Readonly<Record<Task, readonly string[]>> | undefined;
}
