import { random } from "../../../base/random.ts";
import { bcaInterval } from "../../../numerics/stats/index.ts";

/** Fewer cases say too little of how cases vary. */
const fewestCases = 3;
const replicates = 2000;

/** A ratio of two sums over cases; ci is null where it cannot be told. */
export interface CaseRatio {
  readonly value: number;
  readonly ci: [low: number, high: number] | null;
}

/**
 * The ratio of two sums over cases, such as lesions found over lesions, and its 95 % interval by the bias-corrected and
 * accelerated bootstrap (Efron, JASA 1987;82:171): whole cases are drawn, since lesions of one patient are not
 * independent. A mean is the ratio to ones. No interval of fewer than three cases, nor where all cases are alike: the
 * bootstrap knows nothing then of what was not seen.
 *
 * @param parts one a case, with a positive sum of `of`; cases without any of `of` say nothing and are left out
 * @returns null where no case is left
 */
export function ratioOverCases(
  parts: readonly { readonly count: number; readonly of: number }[],
  seed: number,
): CaseRatio | null {
  const cases = parts.filter(({ of }) => of > 0);
  const n = cases.length;
  if (n === 0) return null;
  const total = cases.reduce((sum, { count, of }) => ({ count: sum.count + count, of: sum.of + of }), {
    count: 0,
    of: 0,
  });
  const value = total.count / total.of;
  if (n < fewestCases || cases.every(({ count, of }) => count / of === cases[0].count / cases[0].of))
    return { value, ci: null };
  const { integer } = random(seed);
  const drawn = Float64Array.from({ length: replicates }, () => {
    let [count, of] = [0, 0];
    for (let i = 0; i < n; i++) {
      const chosen = cases[integer(n)];
      count += chosen.count;
      of += chosen.of;
    }
    return count / of;
  });
  const influence = cases.map(({ count, of }) => (n - 1) * (value - (total.count - count) / (total.of - of)));
  const [low, high] = bcaInterval(drawn, value, [influence]);
  return { value, ci: [low, high] };
}
