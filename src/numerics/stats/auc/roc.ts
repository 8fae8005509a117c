import { classes } from "../classes.ts";

/** A point of the ROC curve. */
export interface RocPoint {
  /** A case is called positive where its score is at least this; +∞ at the first point. */
  readonly threshold: number;
  /** 1 − specificity. */
  readonly falsePositiveRate: number;
  /** Sensitivity. */
  readonly truePositiveRate: number;
}

/**
 * The empirical ROC curve, from (0, 0) to (1, 1), one point a distinct score.
 * @param labels 1 positive, 0 negative; higher scores mean positive
 * @throws E_LABEL, E_VALUE, E_ONE_CLASS as `classes`
 */
export function roc(labels: ArrayLike<number>, scores: ArrayLike<number>): RocPoint[] {
  const { positives, negatives } = classes(labels, scores);
  const order = Uint32Array.from(labels, (_, i) => i).sort((a, b) => scores[b] - scores[a]);
  const points: RocPoint[] = [
    { threshold: Number.POSITIVE_INFINITY, falsePositiveRate: 0, truePositiveRate: 0 },
  ];
  let tp = 0;
  let fp = 0;
  for (let k = 0; k < order.length; k++) {
    if (labels[order[k]] === 1) tp++;
    else fp++;
    const threshold = scores[order[k]];
    if (k + 1 < order.length && scores[order[k + 1]] === threshold) continue;
    points.push({
      threshold,
      falsePositiveRate: fp / negatives.length,
      truePositiveRate: tp / positives.length,
    });
  }
  return points;
}
