/** What a component of R.E.N.A.L. scores. */
export type Points = 1 | 2 | 3;

/** Groups of a score's total. */
export type Complexity = "low" | "moderate" | "high";
