import { TrinephronError } from "../../../base/errors.ts";
import { delongAuc, delongPaired } from "../auc/delong.ts";
import { checkDesign, type SampleSize } from "../auc/hanleyMcNeil.ts";
import { normalQuantile } from "../distributions/normal.ts";
import { checkRatio, power, sampleSize, type TestDesign, type Variances } from "./powerOneAuc.ts";

/** Two AUCs of the same cases, with binormal scores. */
export interface PairedAucs extends TestDesign {
  /** In (0, 1). */
  readonly first: number;
  readonly second: number;
  /** Of the two scores, within the positive and within the negative cases; in [−1, 1]. */
  readonly correlation: { readonly positives: number; readonly negatives: number };
  /** Standard deviation of negatives over that of positives, of each score; default 1. */
  readonly spread?: readonly [number, number];
}

/**
 * Power to tell two correlated AUCs apart (Obuchowski & McClish, Stat Med 1997;16:1529), as pROC's
 * `power.roc.test(parslist)`.
 * @throws E_VALUE for figures out of range
 */
export function powerPairedAucs(design: PairedAucs & SampleSize): number {
  const { first, second, positives, negatives } = design;
  checkDesign(first, positives, negatives);
  return power(variances(design, negatives / positives), first - second, positives, design);
}

/**
 * Sample size to tell two correlated AUCs apart.
 * @param power in (0, 1); `ratio`: negatives a positive case, default 1
 * @returns class sizes rounded up
 * @throws E_VALUE for figures out of range, or equal AUCs
 */
export function sampleSizePairedAucs(
  design: PairedAucs & { readonly power: number; readonly ratio?: number },
): SampleSize {
  const { first, second, ratio = 1 } = design;
  return sampleSize(variances(design, ratio), first - second, design.power, ratio, design);
}

/**
 * Sample size from a pilot study's scores, with DeLong's variances in place of binormal ones and the pilot's ratio of
 * classes, as pROC's `power.roc.test(roc1, roc2)`. The pilot's difference is taken as the true one; it is seldom so.
 * @throws as `delongPaired`; E_VALUE where the pilot's AUCs are equal
 */
export function sampleSizeFromPilot(
  labels: ArrayLike<number>,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  design: TestDesign & { readonly power: number },
): SampleSize {
  const { difference, variance } = delongPaired(labels, a, b);
  const [first, second] = [a, b].map((scores) => delongAuc(labels, scores));
  const positives = Array.from(labels).filter((label) => label === 1).length;
  const ratio = (labels.length - positives) / positives;
  const covariance = (first.variance + second.variance - variance) / 2;
  const none = Math.max(0, 2 * positives * (first.variance - covariance));
  return sampleSize({ none, expected: positives * variance }, difference, design.power, ratio, design);
}

function variances({ first, second, correlation, spread = [1, 1] }: PairedAucs, ratio: number): Variances {
  checkRatio(ratio);
  const [rp, rn] = [correlation.positives, correlation.negatives];
  if (![rp, rn].every((r) => r >= -1 && r <= 1))
    throw new TrinephronError("E_VALUE", `correlations ${rp} and ${rn}: outside [−1, 1]`);
  const [x, y] = [binormal(first, spread[0]), binormal(second, spread[1])];
  const covariance =
    x.f * y.f * (rp + (rn * x.b * y.b) / ratio + (rp * rp * x.a * y.a) / 2) +
    (x.g * y.g * x.b * y.b * (rn * rn + ratio * rp * rp)) / (2 * ratio) +
    (x.f * y.g * rp * rp * x.a * y.b) / 2 +
    (y.f * x.g * rp * rp * y.a * x.b) / 2;
  const [vx, vy] = [x, y].map(
    ({ a, b, f, g }) =>
      f * f * (1 + (b * b) / ratio + (a * a) / 2) + (g * g * b * b * (1 + ratio)) / (2 * ratio),
  );
  return { none: 2 * (vx - covariance), expected: vx + vy - 2 * covariance };
}

/** Binormal a and b of an AUC Φ(a / √(1 + b²)), and the AUC's derivatives f by a and g by b. */
function binormal(auc: number, b: number) {
  if (!(auc > 0 && auc < 1)) throw new TrinephronError("E_VALUE", `AUC ${auc}: outside (0, 1)`);
  if (!(b > 0 && Number.isFinite(b))) throw new TrinephronError("E_VALUE", `spread ${b}: not above 0`);
  const scale = 1 + b * b;
  const a = normalQuantile(auc) * Math.sqrt(scale);
  const density = Math.exp((-a * a) / (2 * scale)) / Math.sqrt(2 * Math.PI * scale);
  return { a, b, f: density, g: (-density * a * b) / scale };
}
