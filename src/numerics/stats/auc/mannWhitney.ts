import { TrinephronError } from "../../../base/errors.ts";
import { normalTwoSided } from "../distributions/normal.ts";
import { midranks } from "../ranks.ts";

/**
 * Mann–Whitney U test: normal approximation with tie and continuity correction, two-sided
 * (Hollander & Wolfe 1999, § 4.1; R's `wilcox.test(exact = FALSE)`). Where all values are tied, p = 1.
 * @returns `u`: pairs in which `a` is the larger, ties ½
 * @throws E_TOO_FEW for an empty sample
 */
export function mannWhitney(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): { readonly u: number; readonly z: number; readonly p: number } {
  if (a.length === 0 || b.length === 0)
    throw new TrinephronError("E_TOO_FEW", `samples of ${a.length} and ${b.length}`, "both need values");
  const all = Float64Array.from([...Array.from(a), ...Array.from(b)]);
  const n = all.length;
  const ranks = midranks(all);
  let u = (-a.length * (a.length + 1)) / 2;
  for (let i = 0; i < a.length; i++) u += ranks[i];
  const sigma = Math.sqrt(((a.length * b.length) / 12) * (n + 1 - tieSum(all) / (n * (n - 1))));
  const distance = u - (a.length * b.length) / 2;
  const z = sigma === 0 ? 0 : (distance - 0.5 * Math.sign(distance)) / sigma;
  return { u, z, p: normalTwoSided(z) };
}

/** Σ t³ − t over the groups of t tied values. */
function tieSum(values: Float64Array): number {
  const sorted = values.slice().sort();
  let sum = 0;
  for (let start = 0, end = 0; start < sorted.length; start = end) {
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    sum += (end - start) ** 3 - (end - start);
  }
  return sum;
}
