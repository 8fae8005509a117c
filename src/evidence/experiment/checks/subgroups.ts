import { delongAuc } from "../../../numerics/stats/index.ts";
import { type Case, type Phase, phases as studyPhases } from "../../../patients/cohort/case.ts";
import type { TaskDefinition } from "../../../patients/cohort/taskDefinition.ts";
import type { SubgroupRow } from "../experimentResults.ts";
import { type Logits, sampleOf, scoresOf } from "../logits.ts";

/** A part of the cases by one property; cases where it is unknown are in none. */
export interface Subgroup {
  readonly subgroup: string;
  readonly level: string;
  readonly holds: (c: Case) => boolean;
}

/** Size as T1a, T1b and larger (AJCC 8), sex, age; phases and centre where they differ. */
export function subgroupsOf(cases: readonly Case[], phases: readonly Phase[] = studyPhases): Subgroup[] {
  const missing = (c: Case) => phases.filter((phase) => c.images[phase] === undefined);
  const centers = [...new Set(cases.map((c) => c.center))];
  const size = (level: string, from: number, to: number): Subgroup => ({
    subgroup: "size",
    level,
    holds: (c) => c.sizeMm !== undefined && c.sizeMm > from && c.sizeMm <= to,
  });
  return [
    size("≤ 4 cm", 0, 40),
    size("> 4 to 7 cm", 40, 70),
    size("> 7 cm", 70, Infinity),
    { subgroup: "sex", level: "female", holds: (c) => c.sex === "female" },
    { subgroup: "sex", level: "male", holds: (c) => c.sex === "male" },
    { subgroup: "age", level: "< 60 years", holds: (c) => c.age !== undefined && c.age < 60 },
    { subgroup: "age", level: "≥ 60 years", holds: (c) => c.age !== undefined && c.age >= 60 },
    ...(cases.some((c) => missing(c).length > 0)
      ? [
          {
            subgroup: "phases",
            level: phases === studyPhases ? "all three" : "all",
            holds: (c: Case) => missing(c).length === 0,
          },
          { subgroup: "phases", level: "one or more missing", holds: (c: Case) => missing(c).length > 0 },
        ]
      : []),
    ...(centers.length > 1
      ? centers.map((level): Subgroup => ({ subgroup: "centre", level, holds: (c) => c.center === level }))
      : []),
  ];
}

/**
 * AUC with DeLong's interval in each subgroup, for each task and model. Subgroups are descriptions: none was chosen
 * to be tested, and nothing is adjusted for their number.
 * @param minimum cases of either class below which no figure is given
 */
export function subgroupRows(
  cases: readonly Case[],
  tasks: readonly TaskDefinition[],
  models: readonly { readonly name: string; readonly logits: Logits }[],
  minimum = 5,
  phases: readonly Phase[] = studyPhases,
): SubgroupRow[] {
  return tasks.flatMap((task) =>
    models.flatMap(({ name, logits }) =>
      subgroupsOf(cases, phases).map(({ subgroup, level, holds }): SubgroupRow => {
        const sample = sampleOf(cases.filter(holds), task);
        const n = sample.labels.length;
        const { positives } = sample;
        const row = { task: task.name, model: name, subgroup, level, n, positives };
        if (Math.min(positives, n - positives) < minimum)
          return { ...row, auc: null, note: `too few: fewer than ${minimum} of a class` };
        const { value, variance, ci } = delongAuc(sample.labels, scoresOf(sample, logits));
        if (variance === 0)
          return { ...row, auc: { value, ci: null }, note: "classes apart: DeLong has no interval" };
        return { ...row, auc: { value, ci: [ci[0], ci[1]] }, note: "" };
      }),
    ),
  );
}
