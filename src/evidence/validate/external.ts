import { TrinephronError } from "../../base/errors.ts";
import type { PredictionRow } from "../predictions/predictions.ts";
import type { Results } from "./results.ts";

/**
 * Refuses to count anything of the development centre as external.
 * @param developmentCases ids of every case seen in training, tuning or choosing thresholds
 * @throws E_COHORT for a row of the development centre, a centre that is not external, a case of development
 */
export function checkExternal(
  predictions: readonly PredictionRow[],
  study: Pick<Results["study"], "development" | "external">,
  developmentCases: Iterable<string> = [],
): void {
  if (study.external.includes(study.development))
    throw new TrinephronError(
      "E_COHORT",
      `centre ${study.development} is both the development and an external centre`,
      "test on another centre than the one trained on",
    );
  const seen = new Set(developmentCases);
  for (const { case: id, center } of predictions) {
    if (center === study.development)
      throw new TrinephronError(
        "E_COHORT",
        `predictions: case ${id} is of the development centre ${center}`,
        `keep the rows of ${study.external.join(", ")} only`,
      );
    if (!study.external.includes(center))
      throw new TrinephronError(
        "E_COHORT",
        `predictions: case ${id} is of centre ${center}, which is not external here`,
        `the external centres are ${study.external.join(", ")}`,
      );
    if (seen.has(id))
      throw new TrinephronError(
        "E_COHORT",
        `predictions: case ${id} of centre ${center} was used in development`,
        "external cases must be new to the model",
      );
  }
}
