import { TrinephronError } from "../../../base/errors.ts";
import { checkScores } from "../classes.ts";

/**
 * Net benefit of acting on a predicted probability, at each threshold probability:
 * TP/n − FP/n · pt/(1 − pt), positive where probability ≥ pt (Vickers & Elkin, Med Decis Making 2006;26:565).
 * @param labels 1 positive, 0 negative
 * @param probabilities in [0, 1]; a score of another scale has no net benefit
 * @param thresholds in (0, 1)
 * @throws E_TOO_FEW for no cases; E_LABEL; E_VALUE for probabilities or thresholds out of range
 */
export function netBenefit(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  thresholds: readonly number[],
): number[] {
  checkScores(probabilities, labels.length);
  for (let i = 0; i < probabilities.length; i++)
    if (probabilities[i] < 0 || probabilities[i] > 1)
      throw new TrinephronError("E_VALUE", `probability ${probabilities[i]} at index ${i}: outside [0, 1]`);
  return act(labels, thresholds, (i, threshold) => probabilities[i] >= threshold);
}

/** Net benefit of treating everybody: prevalence − (1 − prevalence) · pt/(1 − pt). Throws as `netBenefit`. */
export function netBenefitOfAll(labels: ArrayLike<number>, thresholds: readonly number[]): number[] {
  return act(labels, thresholds, () => true);
}

/** Net benefit of treating nobody: nought, by definition. */
export const netBenefitOfNone = (thresholds: readonly number[]): number[] => thresholds.map(() => 0);

function act(
  labels: ArrayLike<number>,
  thresholds: readonly number[],
  treats: (i: number, threshold: number) => boolean,
): number[] {
  const n = labels.length;
  if (n === 0) throw new TrinephronError("E_TOO_FEW", "the net benefit of no cases");
  for (let i = 0; i < n; i++)
    if (labels[i] !== 0 && labels[i] !== 1)
      throw new TrinephronError("E_LABEL", `label ${labels[i]} at index ${i}: neither 0 nor 1`);
  return thresholds.map((threshold) => {
    if (!(threshold > 0 && threshold < 1))
      throw new TrinephronError("E_VALUE", `threshold probability ${threshold}: outside (0, 1)`);
    let tp = 0;
    let fp = 0;
    for (let i = 0; i < n; i++) {
      if (!treats(i, threshold)) continue;
      if (labels[i] === 1) tp++;
      else fp++;
    }
    return tp / n - (fp / n) * (threshold / (1 - threshold));
  });
}
