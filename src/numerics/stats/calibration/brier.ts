import { TrinephronError } from "../../../base/errors.ts";
import { checkScores } from "../classes.ts";

/**
 * Brier score: mean squared distance of predicted probability and outcome, 0 best (Brier, Mon Weather Rev 1950;78:1).
 * @param labels 1 positive, 0 negative; one class alone is allowed
 * @param probabilities in [0, 1]
 * @throws E_TOO_FEW for no cases; E_LABEL; E_VALUE for probabilities out of range
 */
export function brier(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  checkScores(probabilities, labels.length);
  if (labels.length === 0) throw new TrinephronError("E_TOO_FEW", "the Brier score of no cases");
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== 0 && labels[i] !== 1)
      throw new TrinephronError("E_LABEL", `label ${labels[i]} at index ${i}: neither 0 nor 1`);
    if (probabilities[i] < 0 || probabilities[i] > 1)
      throw new TrinephronError("E_VALUE", `probability ${probabilities[i]} at index ${i}: outside [0, 1]`);
    sum += (probabilities[i] - labels[i]) ** 2;
  }
  return sum / labels.length;
}
