import { TrinephronError } from "../../../base/errors.ts";

/**
 * Fleiss's kappa: agreement beyond chance of several raters on categories without order
 * (Fleiss, Psychol Bull 1971;76:378).
 * @param counts one row a subject: how many raters chose each category; every row sums to the number of raters
 * @throws E_VALUE for uneven rows or sums; E_TOO_FEW for no subject or fewer than two raters
 * @throws E_ONE_CLASS where all raters used one and the same category
 */
export function fleissKappa(counts: readonly (readonly number[])[]): number {
  const sum = (values: readonly number[]) => values.reduce((s, v) => s + v, 0);
  const raters = sum(counts[0] ?? []);
  if (raters < 2) throw new TrinephronError("E_TOO_FEW", `${counts.length} subjects by ${raters} raters`);
  if (counts.some((row) => row.length !== counts[0].length || sum(row) !== raters))
    throw new TrinephronError("E_VALUE", "every subject needs the same categories and number of raters");
  const n = counts.length;
  const observed = sum(counts.map((row) => sum(row.map((c) => c * (c - 1))))) / (n * raters * (raters - 1));
  const expected = sum(counts[0].map((_, j) => (sum(counts.map((row) => row[j])) / (n * raters)) ** 2));
  if (expected === 1) throw new TrinephronError("E_ONE_CLASS", "kappa where all raters used one category");
  return (observed - expected) / (1 - expected);
}
