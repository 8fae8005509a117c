import type { Case } from "./case.ts";

/** The three questions, in the order of every table and model output. */
export const tasks = ["histology", "stage", "complexity"] as const;
/** Name of one of the three questions. */
export type Task = (typeof tasks)[number];

/** What a question asks, in words and of a case. */
export interface TaskDefinition {
  readonly title: string;
  readonly positive: string;
  readonly negative: string;
  /** Both answers where there is little room. */
  readonly short: { readonly positive: string; readonly negative: string };
  /** 1, 0, or undefined where the case does not carry the label. */
  label(c: Case): 0 | 1 | undefined;
}

/** Titles, answers in words and labels of the three questions. Positive: clear cell, stage III/IV, R.E.N.A.L. 10–12. */
export const definitions: Readonly<Record<Task, TaskDefinition>> = {
  histology: {
    title: "Histology",
    positive: "clear cell RCC",
    negative: "other malignant histology",
    short: { positive: "clear cell RCC", negative: "other malignant histology" },
    label: (c) => (c.histology === undefined ? undefined : c.histology === "clear_cell" ? 1 : 0),
  },
  stage: {
    title: "Stage",
    positive: "stage III/IV",
    negative: "stage I/II",
    short: { positive: "stage III/IV", negative: "stage I/II" },
    label: (c) => (c.stage === undefined ? undefined : c.stage === "III" || c.stage === "IV" ? 1 : 0),
  },
  complexity: {
    title: "Anatomical complexity",
    positive: "high (R.E.N.A.L. 10–12)",
    negative: "low or moderate (R.E.N.A.L. 4–9)",
    short: { positive: "high", negative: "low or moderate" },
    label: (c) => (c.complexity === undefined ? undefined : c.complexity === "high" ? 1 : 0),
  },
};
