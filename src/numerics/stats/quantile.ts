import { TrinephronError } from "../../base/errors.ts";

/**
 * Sample quantile with linear interpolation: type 7 of Hyndman & Fan, Am Stat 1996;50:361 (R's default).
 * @param values finite, in any order
 * @param p in [0, 1]
 * @throws E_TOO_FEW for no values
 * @throws E_VALUE for p outside [0, 1] or a value that is not finite
 */
export function quantile(values: ArrayLike<number>, p: number): number {
  if (values.length === 0) throw new TrinephronError("E_TOO_FEW", "the quantile of no values");
  if (!(p >= 0 && p <= 1)) throw new TrinephronError("E_VALUE", `quantile ${p}: outside [0, 1]`);
  const sorted = Float64Array.from(values).sort();
  if (!Number.isFinite(sorted[0]) || !Number.isFinite(sorted[sorted.length - 1]))
    throw new TrinephronError("E_VALUE", "the quantile of values that are not all finite");
  const h = (sorted.length - 1) * p;
  const low = Math.floor(h);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (h - low) * (sorted[high] - sorted[low]);
}
