import { TrinephronError } from "../../../base/errors.ts";
import { criticalValue } from "../distributions/normal.ts";

/**
 * Variance of an AUC from its value and the class sizes alone, for planning (Hanley & McNeil, Radiology
 * 1982;143:29, eq. 2, with exponential scores).
 * @param auc in [0, 1]
 * @throws E_VALUE for an AUC outside [0, 1], or class sizes below 1
 */
export function hanleyMcNeil(auc: number, positives: number, negatives: number): number {
  checkDesign(auc, positives, negatives);
  const pairOfPositives = auc / (2 - auc);
  const pairOfNegatives = (2 * auc * auc) / (1 + auc);
  return (
    (auc * (1 - auc) +
      (positives - 1) * (pairOfPositives - auc * auc) +
      (negatives - 1) * (pairOfNegatives - auc * auc)) /
    (positives * negatives)
  );
}

/** Class sizes of a study. */
export interface SampleSize {
  readonly positives: number;
  readonly negatives: number;
}

/**
 * The smallest study whose interval of an AUC is expected no wider than `width`, by `hanleyMcNeil`.
 * @param expected AUC in (0, 1), full width of the interval in (0, 1), negatives a positive case (default 1), level
 * @throws E_VALUE for figures out of range
 */
export function sampleSizeForWidth({
  auc,
  width,
  ratio = 1,
  level = 0.95,
}: {
  readonly auc: number;
  readonly width: number;
  readonly ratio?: number;
  readonly level?: number;
}): SampleSize {
  if (!(auc > 0 && auc < 1 && width > 0 && width < 1 && ratio > 0 && Number.isFinite(ratio)))
    throw new TrinephronError(
      "E_VALUE",
      `AUC ${auc}, width ${width}, ratio ${ratio}: AUC and width belong in (0, 1), the ratio above 0`,
    );
  const reach = criticalValue(level);
  const of = (positives: number) => ({ positives, negatives: Math.ceil(positives * ratio - 1e-9) });
  const wide = (positives: number) => {
    const size = of(positives);
    return 2 * reach * Math.sqrt(hanleyMcNeil(auc, size.positives, size.negatives)) > width;
  };
  let high = 1;
  while (wide(high)) high *= 2;
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (wide(middle)) low = middle;
    else high = middle;
  }
  return of(high);
}

/** What every design needs; throws as `hanleyMcNeil`. */
export function checkDesign(auc: number, positives: number, negatives: number): void {
  if (!(auc >= 0 && auc <= 1)) throw new TrinephronError("E_VALUE", `AUC ${auc}: outside [0, 1]`);
  for (const size of [positives, negatives])
    if (!(size >= 1 && Number.isFinite(size)))
      throw new TrinephronError("E_VALUE", `${positives} positive and ${negatives} negative cases: below 1`);
}
