import { TrinephronError } from "../../base/errors.ts";
import { type Logistic, logistic, logisticProbability, youden } from "../../numerics/stats/index.ts";
import type { Case } from "../../patients/cohort/case.ts";
import type { TaskDefinition } from "../../patients/cohort/taskDefinition.ts";
import { labelOf } from "../../patients/cohort/tasks.ts";

/** The size-only baseline of one task. */
export interface SizeBaseline {
  /** Probability of the positive class from the largest tumour diameter, mm. */
  probability(sizeMm: number): number;
  readonly threshold: number;
  readonly chosen: string;
}

/**
 * Logistic regression on the logarithm of tumour size, fitted on the development centre alone, its threshold by
 * Youden's index on the same cases. Size alone reaches an AUC near 0.81 for stage: a model must beat it to matter.
 * @param cases of the development centre
 */
export function sizeBaseline(cases: readonly Case[], task: TaskDefinition): SizeBaseline {
  const known = cases.filter((c) => c.sizeMm !== undefined && labelOf(task, c) !== undefined);
  if (known.length < 10)
    throw new TrinephronError(
      "E_TOO_FEW",
      `${known.length} cases with a size and a label for ${task.name} in the development centre`,
      "fill the column size_mm of cohort.csv",
    );
  const rows = known.map((c) => [Math.log(c.sizeMm!)]);
  const labels = known.map((c) => labelOf(task, c)!);
  const model: Logistic = logistic(rows, labels);
  const probability = (sizeMm: number) => logisticProbability(model, [Math.log(sizeMm)]);
  const { threshold } = youden(
    labels,
    known.map((c) => probability(c.sizeMm!)),
  );
  return {
    probability,
    threshold,
    chosen: `Youden's index on ${known.length} cases of the development centre`,
  };
}
