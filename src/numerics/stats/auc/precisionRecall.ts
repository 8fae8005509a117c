import { classes } from "../classes.ts";
import { roc } from "./roc.ts";

/** A point of the precision–recall curve. */
export interface PrecisionRecallPoint {
  /** A case is called positive where its score is at least this. */
  readonly threshold: number;
  /** Sensitivity. */
  readonly recall: number;
  /** Positive predictive value in this sample, at its prevalence. */
  readonly precision: number;
}

/**
 * The precision–recall curve, thresholds falling, one point a distinct score.
 * @param labels 1 positive, 0 negative; higher scores mean positive
 * @throws E_LABEL, E_VALUE, E_ONE_CLASS as `classes`
 */
export function precisionRecall(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
): PrecisionRecallPoint[] {
  const { positives, negatives } = classes(labels, scores);
  return roc(labels, scores)
    .slice(1)
    .map(({ threshold, truePositiveRate, falsePositiveRate }) => {
      const tp = truePositiveRate * positives.length;
      const fp = falsePositiveRate * negatives.length;
      return { threshold, recall: truePositiveRate, precision: tp / (tp + fp) };
    });
}

/**
 * Average precision: precision summed over the steps of recall, Σ (Rₖ − Rₖ₋₁) Pₖ, without interpolation, which would
 * be optimistic (Davis & Goadrich, ICML 2006). A useless score has the prevalence.
 * @throws as `precisionRecall`
 */
export function averagePrecision(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  let before = 0;
  let sum = 0;
  for (const { recall, precision } of precisionRecall(labels, scores)) {
    sum += (recall - before) * precision;
    before = recall;
  }
  return sum;
}
