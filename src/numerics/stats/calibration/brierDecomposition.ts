import { TrinephronError } from "../../../base/errors.ts";
import { brier } from "./brier.ts";

/** brier = reliability − resolution + uncertainty + withinBins */
export interface BrierDecomposition {
  readonly brier: number;
  /** Distance of the bins' mean predictions from their shares of positives; 0 best. */
  readonly reliability: number;
  /** Spread of the bins' shares of positives around the prevalence; large best. */
  readonly resolution: number;
  /** Prevalence · (1 − prevalence). */
  readonly uncertainty: number;
  /** What the bins hide: 0 where predictions within each bin are equal. */
  readonly withinBins: number;
}

/**
 * Murphy's decomposition of the Brier score (J Appl Meteorol 1973;12:595) over bins of equal width, with the part
 * within bins (Stephenson, Coelho & Jolliffe, Weather Forecast 2008;23:752), so that the parts add up.
 * @param bins default 10
 * @throws as `brier`; E_VALUE for a number of bins that is not whole or below 1
 */
export function brierDecomposition(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  bins = 10,
): BrierDecomposition {
  const score = brier(labels, probabilities);
  if (!Number.isInteger(bins) || bins < 1)
    throw new TrinephronError("E_VALUE", `${bins} bins: not a whole number of at least 1`);
  const counts = new Float64Array(bins);
  const predicted = new Float64Array(bins);
  const positive = new Float64Array(bins);
  let positives = 0;
  const n = labels.length;
  for (let i = 0; i < n; i++) {
    const bin = Math.min(bins - 1, Math.floor(probabilities[i] * bins));
    counts[bin]++;
    predicted[bin] += probabilities[i];
    positive[bin] += labels[i];
    positives += labels[i];
  }
  const prevalence = positives / n;
  let reliability = 0;
  let resolution = 0;
  for (let bin = 0; bin < bins; bin++) {
    if (counts[bin] === 0) continue;
    const share = positive[bin] / counts[bin];
    reliability += (counts[bin] * (predicted[bin] / counts[bin] - share) ** 2) / n;
    resolution += (counts[bin] * (share - prevalence) ** 2) / n;
  }
  const uncertainty = prevalence * (1 - prevalence);
  const withinBins = score - (reliability - resolution + uncertainty);
  return { brier: score, reliability, resolution, uncertainty, withinBins };
}
