import { TrinephronError } from "../../../base/errors.ts";
import type { Case, Cohort } from "../case.ts";
import { complexityOf } from "../complexity.ts";
import { splitDevelopment, usualSplit } from "../split.ts";
import { classCounts } from "../summary.ts";
import { spokenTitle } from "../taskDefinition.ts";
import { labelOf, taskNamed, tasksOf } from "../tasks.ts";
import { doubt, type Finding, fault } from "./finding.ts";

/** Ages that renal cell carcinoma hardly ever has. */
const usualAges = { from: 18, to: 95 };

/** Fewer cases of a class than this in a centre: intervals of an AUC too wide to say much. */
const fewCases = 10;

/** What the table alone tells: contradictions, persons that stand twice, ages, classes. */
export function checkLabels(cohort: Cohort): Finding[] {
  return [
    ...cohort.cases.flatMap(checkRow),
    ...checkPatients(cohort),
    ...checkClasses(cohort),
    ...checkSplits(cohort),
  ];
}

function checkRow({ case: name, age, renal, complexity }: Case): Finding[] {
  const findings: Finding[] = [];
  if (age !== undefined && (age < usualAges.from || age > usualAges.to))
    findings.push(doubt("E_VALUE", name, `age ${age}: is that right?`));
  if (renal !== undefined && complexity !== undefined && complexityOf(renal) !== complexity)
    findings.push(
      fault("E_LABEL", name, `complexity ${complexity}, but R.E.N.A.L. ${renal} is ${complexityOf(renal)}`),
    );
  if (renal !== undefined && complexity === undefined)
    findings.push(
      doubt("E_LABEL", name, `no complexity, though R.E.N.A.L. ${renal} is ${complexityOf(renal)}`),
    );
  return findings;
}

function checkPatients({ cases }: Cohort): Finding[] {
  return [...Map.groupBy(cases, (c) => c.patient)].flatMap(([patient, own]): Finding[] => {
    if (own.length === 1) return [];
    const names = own.map((c) => c.case).join(", ");
    const centers = [...new Set(own.map((c) => c.center))];
    if (centers.length > 1)
      return [
        fault(
          "E_COHORT",
          own[0].case,
          `patient ${patient} is in centres ${centers.join(" and ")} (${names}): a test on one has seen the other`,
        ),
      ];
    return [
      doubt(
        "E_COHORT",
        own[0].case,
        `patient ${patient} stands ${own.length} times (${names}); kept on one side`,
      ),
    ];
  });
}

/** Centres whose classes do not reach both sides of the split that training makes. */
function checkSplits(cohort: Cohort): Finding[] {
  return [...Map.groupBy(cohort.cases, (c) => c.center)].flatMap(([center, cases]): Finding[] => {
    try {
      const split = splitDevelopment(cases, { ...usualSplit, stratifyBy: tasksOf(cohort) });
      return tasksOf(cohort).flatMap((task) => {
        const has = (part: readonly Case[], value: 0 | 1) => part.some((c) => labelOf(task, c) === value);
        // A class that no case has is told above.
        const there = ([0, 1] as const).filter((value) => has(cases, value));
        if (there.length < 2) return [];
        const parts = (["train", "validation"] as const).filter(
          (part) => !there.every((value) => has(split[part], value)),
        );
        return parts.map((part) =>
          doubt(
            "E_ONE_CLASS",
            null,
            `centre ${center}: ${spokenTitle(task)} has one class among the ${part === "train" ? "training" : "validation"} cases of the usual split; it cannot be learnt there`,
          ),
        );
      });
    } catch (error) {
      if (!(error instanceof TrinephronError)) throw error;
      return [doubt(error.code, null, `centre ${center}: ${error.message}; it cannot be trained on`)];
    }
  });
}

function checkClasses(cohort: Cohort): Finding[] {
  return classCounts(cohort).flatMap(({ center, task: name, positive, negative }): Finding[] => {
    const task = taskNamed(tasksOf(cohort), name);
    const [yes, no] = [task.positive.words, task.negative.words];
    if (positive + negative === 0)
      return [doubt("E_LABEL", null, `centre ${center}: no case has a label for ${spokenTitle(task)}`)];
    if (positive === 0 || negative === 0)
      return [
        fault(
          "E_ONE_CLASS",
          null,
          `centre ${center}: every labelled case is ${positive > 0 ? yes : no}; ${spokenTitle(task)} can be neither learnt nor tested`,
        ),
      ];
    if (Math.min(positive, negative) < fewCases)
      return [
        doubt(
          "E_TOO_FEW",
          null,
          `centre ${center}: ${positive} ${yes}, ${negative} ${no}; intervals will be wide`,
        ),
      ];
    return [];
  });
}
