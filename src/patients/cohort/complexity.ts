import type { Complexity } from "./case.ts";

/** R.E.N.A.L. totals 4–6 low, 7–9 moderate, 10–12 high (Kutikov & Uzzo, J Urol 2009;182:844). */
export const complexityOf = (renal: number): Complexity =>
  renal <= 6 ? "low" : renal <= 9 ? "moderate" : "high";
