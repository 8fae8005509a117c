import { chiSquareTail } from "../tests/chiSquare.ts";
import { betaCdf, betaQuantile } from "./beta.ts";

/**
 * P(F > f) of Fisher's F on `df1` and `df2` degrees of freedom (> 0, need not be whole), by the incomplete beta
 * (DLMF 8.17). `df2` may be infinite: then df1 · F is chi-square.
 */
export function fTail(f: number, df1: number, df2: number): number {
  if (!(f > 0)) return 1;
  if (!Number.isFinite(f)) return 0;
  if (!Number.isFinite(df2)) return chiSquareTail(df1 * f, df1);
  return betaCdf(df2 / (df2 + df1 * f), df2 / 2, df1 / 2);
}

/** Quantile of Fisher's F, p in (0, 1), finite degrees of freedom. */
export function fQuantile(p: number, df1: number, df2: number): number {
  const x = betaQuantile(1 - p, df2 / 2, df1 / 2);
  return (df2 * (1 - x)) / (df1 * x);
}
