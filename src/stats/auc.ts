import { classes } from "./classes.ts";
import { midranks } from "./ranks.ts";

/**
 * Area under the ROC curve: the chance that a positive case scores higher than a negative one, ties ½.
 * By rank sums (Mann–Whitney; Hanley & McNeil, Radiology 1982;143:29); O(n log n).
 * Higher scores mean positive: an area below ½ is returned as such, the direction is never guessed.
 * @param labels 1 positive, 0 negative
 * @throws E_LABEL, E_VALUE, E_ONE_CLASS as `classes`
 */
export function auc(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  const { positives, negatives } = classes(labels, scores);
  const ranks = midranks(scores);
  const m = positives.length;
  let sum = 0;
  for (const i of positives) sum += ranks[i];
  return (sum - (m * (m + 1)) / 2) / (m * negatives.length);
}
