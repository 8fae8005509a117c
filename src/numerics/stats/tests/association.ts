import { type Counts, chiSquare } from "./chiSquare.ts";
import { fisherExact } from "./fisherExact.ts";

/**
 * The test of a contingency table that Table 1 prints: Fisher's exact for a 2 × 2 table with an expected count
 * below 5 (Cochran, Biometrics 1954;10:417), else Pearson's chi-square.
 * @throws as `chiSquare`
 */
export function association(table: Counts): { readonly p: number; readonly test: string } {
  const { p, df, minExpected } = chiSquare(table);
  if (df === 1 && minExpected < 5 && table.length === 2 && table[0].length === 2) {
    const [[a, b], [c, d]] = table;
    return {
      p: fisherExact([
        [a, b],
        [c, d],
      ]),
      test: "Fisher’s exact",
    };
  }
  return { p, test: "Pearson’s χ²" };
}
