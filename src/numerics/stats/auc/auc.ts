import { classes, pick } from "../classes.ts";

/**
 * Area under the ROC curve: the chance that a positive case scores higher than a negative one, ties ½
 * (Mann–Whitney; Hanley & McNeil, Radiology 1982;143:29). Both classes sorted, then merged: O(n log n).
 * Higher scores mean positive: an area below ½ is returned as such, the direction is never guessed.
 * @param labels 1 positive, 0 negative
 * @throws E_LABEL, E_VALUE, E_ONE_CLASS as `classes`
 */
export function auc(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  const split = classes(labels, scores);
  const positives = pick(scores, split.positives).sort();
  const negatives = pick(scores, split.negatives).sort();
  let won = 0;
  let below = 0;
  let notAbove = 0;
  for (const score of positives) {
    while (below < negatives.length && negatives[below] < score) below++;
    while (notAbove < negatives.length && negatives[notAbove] <= score) notAbove++;
    won += (below + notAbove) / 2;
  }
  return won / (positives.length * negatives.length);
}
