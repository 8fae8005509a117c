import { TrinephronError } from "../../../base/errors.ts";
import { checkDesign, type SampleSize } from "../auc/hanleyMcNeil.ts";
import { normalCdf, normalQuantile } from "../distributions/normal.ts";

/** The test that is planned. */
export interface TestDesign {
  /** Level of the test, default 0.05. */
  readonly alpha?: number;
  /** Default 2. Two sides split α; the chance of rejecting on the wrong side is left out, as in pROC. */
  readonly sides?: 1 | 2;
}

/**
 * Power of the test that an AUC is not ½ (Obuchowski, Lieber & Wians, Clin Chem 2004;50:1118), as pROC's
 * `power.roc.test(auc = …)`.
 * @param auc in (½, 1)
 * @throws E_VALUE for figures out of range
 */
export function powerOneAuc(design: TestDesign & SampleSize & { readonly auc: number }): number {
  const { auc, positives, negatives } = design;
  checkDesign(auc, positives, negatives);
  return power(variances(auc, negatives / positives), auc - 0.5, positives, design);
}

/**
 * Sample size of the same test.
 * @param power in (0, 1); `ratio`: negatives a positive case, default 1
 * @returns class sizes rounded up
 * @throws E_VALUE for figures out of range
 */
export function sampleSizeOneAuc(
  design: TestDesign & { readonly auc: number; readonly power: number; readonly ratio?: number },
): SampleSize {
  const { auc, power, ratio = 1 } = design;
  return sampleSize(variances(auc, ratio), auc - 0.5, power, ratio, design);
}

/** Variances of an estimate times the number of positive cases, under no difference and under the one expected. */
export interface Variances {
  readonly none: number;
  readonly expected: number;
}

/** Power to see `difference` with so many positive cases (Obuchowski & McClish, Stat Med 1997;16:1529). */
export function power(v: Variances, difference: number, positives: number, design: TestDesign): number {
  const reach = criticalOf(design);
  if (difference === 0) return normalCdf(-reach);
  return normalCdf(
    (Math.abs(difference) * Math.sqrt(positives) - reach * Math.sqrt(v.none)) / Math.sqrt(v.expected),
  );
}

/** The class sizes that reach a power. @throws E_VALUE for a power outside (0, 1), a ratio not above 0, no difference */
export function sampleSize(
  v: Variances,
  difference: number,
  power: number,
  ratio: number,
  design: TestDesign,
): SampleSize {
  if (!(power > 0 && power < 1)) throw new TrinephronError("E_VALUE", `power ${power}: outside (0, 1)`);
  if (difference === 0)
    throw new TrinephronError("E_VALUE", "no difference is expected: no sample size shows one");
  const root =
    (criticalOf(design) * Math.sqrt(v.none) + normalQuantile(power) * Math.sqrt(v.expected)) / difference;
  const positives = root * root;
  return { positives: Math.ceil(positives - 1e-9), negatives: Math.ceil(positives * ratio - 1e-9) };
}

function criticalOf({ alpha = 0.05, sides = 2 }: TestDesign): number {
  if (!(alpha > 0 && alpha < 1)) throw new TrinephronError("E_VALUE", `alpha ${alpha}: outside (0, 1)`);
  return -normalQuantile(alpha / sides);
}

function variances(auc: number, ratio: number): Variances {
  if (!(auc > 0.5 && auc < 1)) throw new TrinephronError("E_VALUE", `AUC ${auc}: outside (½, 1)`);
  checkRatio(ratio);
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: the paper prints 1.414, and pROC computes with it
  const a = normalQuantile(auc) * 1.414;
  const expected = 0.0099 * Math.exp((-a * a) / 2) * (5 * a * a + 8 + (a * a + 8) / ratio);
  return { none: 0.0792 * (1 + 1 / ratio), expected };
}

/** @throws E_VALUE for a ratio of negatives to positives that is not above 0 */
export function checkRatio(ratio: number): void {
  if (!(ratio > 0 && Number.isFinite(ratio)))
    throw new TrinephronError("E_VALUE", `${ratio} negatives a positive case: not above 0`);
}
