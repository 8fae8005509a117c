import { TrinephronError } from "../../base/errors.ts";
import type { Case } from "../../patients/cohort/case.ts";
import type { TaskDefinition } from "../../patients/cohort/taskDefinition.ts";
import { labelOf } from "../../patients/cohort/tasks.ts";
import { type Baseline, logisticBaseline } from "./logisticBaseline.ts";

/**
 * Logistic regression on the logarithm of tumour size: the probability from the largest diameter, mm. Size alone reaches
 * an AUC near 0.81 for stage.
 * @param cases of the development centre
 * @throws E_TOO_FEW where fewer than ten cases have a size and a label
 */
export function sizeBaseline(cases: readonly Case[], task: TaskDefinition): Baseline<number> {
  const known = cases.flatMap((c) => {
    const label = labelOf(task, c);
    return c.sizeMm === undefined || label === undefined ? [] : [{ row: [Math.log(c.sizeMm)], label }];
  });
  if (known.length < 10)
    throw new TrinephronError(
      "E_TOO_FEW",
      `${known.length} cases with a size and a label for ${task.name} in the development centre`,
      "fill the column size_mm of cohort.csv",
    );
  const baseline = logisticBaseline(
    known.map(({ row }) => row),
    known.map(({ label }) => label),
    1e-6,
  );
  return { ...baseline, probability: (sizeMm) => baseline.probability([Math.log(sizeMm)]) };
}
