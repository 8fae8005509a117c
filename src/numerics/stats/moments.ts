import { TrinephronError } from "../../base/errors.ts";

/** @throws E_TOO_FEW for no values */
export function mean(values: ArrayLike<number>): number {
  if (values.length === 0) throw new TrinephronError("E_TOO_FEW", "the mean of no values");
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/**
 * Sample variance, divisor n − 1, in two passes.
 * @throws E_TOO_FEW for fewer than two values
 */
export function variance(values: ArrayLike<number>): number {
  if (values.length < 2)
    throw new TrinephronError(
      "E_TOO_FEW",
      `the variance of ${values.length} value(s)`,
      "it needs two or more",
    );
  const m = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - m) ** 2;
  return sum / (values.length - 1);
}
