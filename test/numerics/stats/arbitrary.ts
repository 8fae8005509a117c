import fc from "fast-check";

/** Labels of both classes (at least `least` cases each) with tied scores of two columns. */
export const study = (least = 1) =>
  fc
    .tuple(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 })), {
        minLength: least,
        maxLength: 25,
      }),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 })), {
        minLength: least,
        maxLength: 25,
      }),
    )
    .map(([positives, negatives]) => {
      const rows = [...positives, ...negatives];
      return {
        labels: rows.map((_, i) => (i < positives.length ? 1 : 0)),
        a: rows.map(([a]) => a),
        b: rows.map(([, b]) => b),
      };
    });

/** AUC by its definition: every pair of a positive and a negative. */
export function aucByPairs(labels: readonly number[], scores: readonly number[]): number {
  let won = 0;
  let pairs = 0;
  labels.forEach((y, i) => {
    labels.forEach((other, j) => {
      if (y !== 1 || other !== 0) return;
      pairs++;
      won += scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0;
    });
  });
  return won / pairs;
}
