import { type Results, tasksOfResults } from "../../evidence/validate/results.ts";
import { areStudyTasks } from "../../patients/cohort/tasks.ts";
import { taskSpoken } from "../labels.ts";
import { listed } from "../numbers.ts";

/** What of a study these results hold: the conditions on which items of several guidelines rest. */

/** The models' configuration. */
export const configured = ({ cards }: Results): boolean => cards.length > 0;

/** At least one case was left out for a reason. */
export const exclusions = ({ flow }: Results): boolean => flow.some(({ excluded }) => excluded.length > 0);

/** A centre to develop at and another to test at, as cases of Table 1. */
export const twoCenters = ({ table1, study }: Results): boolean =>
  [study.development, ...study.external.slice(0, 1)].every((name) =>
    table1.centers.some(({ center, n }) => center === name && n > 0),
  );

/** What became of cases without a label: some were left out, which the notes say, or every external case has every label. */
export function missingLabels({ study, unlabeled, auc, table1 }: Results): boolean {
  if (unlabeled.some(({ n }) => n > 0)) return true;
  const external = table1.centers
    .filter(({ center }) => study.external.includes(center))
    .reduce((sum, { n }) => sum + n, 0);
  return external > 0 && auc.length > 0 && auc.every(({ n }) => n === external);
}

/** Wrong answers are among the example cases. */
export const failuresShown = ({ examples }: Results): boolean =>
  examples.some(({ answers }) =>
    answers.some(
      ({ label, probability, threshold }) => label !== null && (probability >= threshold ? 1 : 0) !== label,
    ),
  );

/** Discrimination, calibration and clinical utility. */
export const threeMeasures = ({ auc, calibration, decision }: Results): boolean =>
  auc.length > 0 && calibration.length > 0 && decision.length > 0;

/** AUCs and paired tests, with intervals. */
export const tested = ({ auc, comparisons }: Results): boolean => auc.length > 0 && comparisons.length > 0;

/** Limits that the study noted of itself, or images that are not real CT. */
export const limits = ({ study }: Results): boolean =>
  study.notes.length > 0 || study.sources.some((source) => source !== "real");

/** What the outcomes are and, of a stage, where it comes from. */
export const outcomesDefined = (results: Results): boolean =>
  results.auc.length > 0 && (results.study.stageLabel !== "" || !areStudyTasks(tasksOfResults(results)));

/** `histology, stage and complexity`, as the study has them in short. */
export const outcomes = (results: Results): string =>
  areStudyTasks(tasksOfResults(results))
    ? "histology, stage and complexity"
    : listed(tasksOfResults(results).map(({ name }) => taskSpoken(results, name)));

/** The title names one of the outcomes. */
export function outcomeTitled(results: Results): boolean {
  if (areStudyTasks(tasksOfResults(results))) return titled(/histolog|stage|complexity|clear cell/i)(results);
  const title = results.study.title.toLowerCase();
  return tasksOfResults(results).some((task) =>
    [task.title, task.positive.words].some((words) => title.includes(words.toLowerCase())),
  );
}

/** The title says so. */
export const titled =
  (...words: readonly RegExp[]) =>
  ({ study }: Results): boolean =>
    words.every((word) => word.test(study.title));
