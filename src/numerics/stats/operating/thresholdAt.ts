import { TrinephronError } from "../../../base/errors.ts";
import { type OperatingPoint, operatingPoints } from "./operatingPoints.ts";

// Rates such as 9/10 and 1 − 1/10 differ in the last digit.
const tolerance = 1e-12;

/**
 * The operating point of the highest specificity whose sensitivity is at least `target`; of equal ones the more
 * sensitive.
 * @param target in [0, 1]
 * @throws E_LABEL, E_VALUE, E_ONE_CLASS as `classes`; E_VALUE for a target outside [0, 1]
 */
export function thresholdAtSensitivity(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  target: number,
): OperatingPoint {
  return best(operatingPoints(labels, scores), "sensitivity", "specificity", target);
}

/**
 * The operating point of the highest sensitivity whose specificity is at least `target`; of equal ones the more
 * specific. Its threshold is +∞ where only calling nobody is as specific.
 * @throws as `thresholdAtSensitivity`
 */
export function thresholdAtSpecificity(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  target: number,
): OperatingPoint {
  return best(operatingPoints(labels, scores), "specificity", "sensitivity", target);
}

type Rate = "sensitivity" | "specificity";

function best(points: readonly OperatingPoint[], held: Rate, sought: Rate, target: number): OperatingPoint {
  if (!(target >= 0 && target <= 1))
    throw new TrinephronError("E_VALUE", `${held} ${target}: outside [0, 1]`);
  return points
    .filter((p) => p[held] >= target - tolerance)
    .reduce((a, b) => {
      const gain = b[sought] - a[sought];
      return gain > tolerance || (gain > -tolerance && b[held] > a[held]) ? b : a;
    });
}
