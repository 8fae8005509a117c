import { betaCdf } from "./beta.ts";

/** Two-sided p-value of Student's t on `df` degrees of freedom (> 0, need not be whole): DLMF 8.17.20's relation. */
export function studentTwoSided(t: number, df: number): number {
  return Number.isFinite(t) ? betaCdf(df / (df + t * t), df / 2, 0.5) : 0;
}

/** Quantile of Student's t, p in (0, 1), by bisection on `studentTwoSided`. */
export function studentQuantile(p: number, df: number): number {
  const tail = 2 * Math.min(p, 1 - p);
  let low = 0;
  let high = 1;
  while (studentTwoSided(high, df) > tail) high *= 2;
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (studentTwoSided(middle, df) > tail) low = middle;
    else high = middle;
  }
  const t = (low + high) / 2;
  return p < 0.5 ? -t : t;
}
