import { TrinephronError } from "../../../base/errors.ts";

/** log(p / (1 − p)) */
export const logit = (probability: number): number => Math.log(probability / (1 - probability));

/** 1 / (1 + e^−x), the inverse of `logit`. */
export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * The logit of each probability.
 * @throws E_VALUE for a probability that is not inside (0, 1): its logit is not finite
 */
export function logits(probabilities: ArrayLike<number>): Float64Array {
  return Float64Array.from(probabilities, (p, i) => {
    if (!(p > 0 && p < 1))
      throw new TrinephronError(
        "E_VALUE",
        `probability ${p} at index ${i}: not inside (0, 1), so without a finite logit`,
        "clip the probabilities first, say to [1e-6, 1 − 1e-6]",
      );
    return logit(p);
  });
}
