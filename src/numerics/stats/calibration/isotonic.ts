import { classes } from "../classes.ts";

/** Knots of a rising line: `probabilities` at `scores`, straight between, flat beyond the ends. */
export interface Isotonic {
  /** Rising. */
  readonly scores: readonly number[];
  /** Never falling, in [0, 1]. */
  readonly probabilities: readonly number[];
}

interface Block {
  low: number;
  high: number;
  sum: number;
  weight: number;
}

/**
 * Isotonic regression of the labels on a score: of all functions that never fall, the one of least squares (Barlow,
 * Bartholomew, Bremner & Brunk 1972), by pooling adjacent violators in O(n log n). Equal scores are pooled first.
 * Fit it in other cases than those it is judged in.
 * @throws E_LABEL, E_VALUE, E_ONE_CLASS as `classes`
 */
export function isotonic(labels: ArrayLike<number>, scores: ArrayLike<number>): Isotonic {
  classes(labels, scores);
  const order = Uint32Array.from(labels, (_, i) => i).sort((a, b) => scores[a] - scores[b]);
  const blocks: Block[] = [];
  for (const i of order) {
    const top = blocks.at(-1);
    if (top && top.low === top.high && top.high === scores[i]) {
      top.sum += labels[i];
      top.weight++;
    } else blocks.push({ low: scores[i], high: scores[i], sum: labels[i], weight: 1 });
  }
  const pooled: Block[] = [];
  for (const block of blocks) {
    let last = block;
    for (let before = pooled.at(-1); before && mean(before) >= mean(last); before = pooled.at(-1)) {
      pooled.pop();
      last = {
        low: before.low,
        high: last.high,
        sum: before.sum + last.sum,
        weight: before.weight + last.weight,
      };
    }
    pooled.push(last);
  }
  const knots = pooled.flatMap((block) =>
    (block.low === block.high ? [block.low] : [block.low, block.high]).map((score) => ({
      score,
      probability: mean(block),
    })),
  );
  return {
    scores: knots.map(({ score }) => score),
    probabilities: knots.map(({ probability }) => probability),
  };
}

const mean = ({ sum, weight }: Block) => sum / weight;

/** Probability of a score: by straight lines between the knots. */
export function isotonicProbability({ scores, probabilities }: Isotonic, score: number): number {
  const above = scores.findIndex((knot) => knot >= score);
  if (above === -1) return probabilities[probabilities.length - 1];
  if (above === 0 || scores[above] === score) return probabilities[above];
  const share = (score - scores[above - 1]) / (scores[above] - scores[above - 1]);
  return probabilities[above - 1] + share * (probabilities[above] - probabilities[above - 1]);
}
