import { TrinephronError } from "../../base/errors.ts";
import type { TaskDefinition } from "../../patients/cohort/taskDefinition.ts";
import { type Baseline, logisticBaseline } from "./logisticBaseline.ts";

/** About as strong as one case: sixteen columns of a few hundred cases need little. */
const ridge = 1;

/**
 * Logistic regression on what is measured of a tumour (its HU by phase, its shape and place in the kidney) and nothing
 * learnt from the image: what is left of a network's lead over it is what depth adds.
 * @param rows of the development centre, as `measureCrops` gives them
 * @param labels of the same cases; undefined where unknown
 * @throws E_TOO_FEW where fewer than ten cases are labelled
 */
export function measuredBaseline(
  rows: readonly (readonly number[])[],
  labels: readonly (0 | 1 | undefined)[],
  task: TaskDefinition,
): Baseline<readonly number[]> {
  const known = rows.flatMap((row, i) => (labels[i] === undefined ? [] : [{ row, label: labels[i] }]));
  if (known.length < 10)
    throw new TrinephronError(
      "E_TOO_FEW",
      `${known.length} cases with a label for ${task.name} in the development centre`,
    );
  return logisticBaseline(
    known.map(({ row }) => row),
    known.map(({ label }) => label),
    ridge,
  );
}
