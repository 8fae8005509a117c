/** What a component of R.E.N.A.L. scores. */
export type Points = 1 | 2 | 3;

export type Complexity = "low" | "moderate" | "high";
