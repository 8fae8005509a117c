import type { FlowStep } from "../../../patients/cohort/flow.ts";
import type { ClassCount } from "../../../patients/cohort/summary.ts";
import type { TaskDefinition } from "../../../patients/cohort/taskDefinition.ts";
import { taskNamed } from "../../../patients/cohort/tasks.ts";
import { textTable } from "../support/io.ts";

/** Cases of each class, by centre and task. @param tasks of the cohort */
export const classTable = (counts: readonly ClassCount[], tasks: readonly TaskDefinition[]): string =>
  textTable(
    ["centre", "task", "positive", "n", "negative", "n", "unknown"],
    counts.map(({ center, task, positive, negative, unknown }) => {
      const { title, positive: yes, negative: no } = taskNamed(tasks, task);
      return [center, title, yes.words, String(positive), no.words, String(negative), String(unknown)];
    }),
  );

/** The study flow as indented lines. */
export const flowText = (flow: readonly FlowStep[]): string =>
  flow
    .flatMap((step) => [
      `${step.step}: ${step.in} → ${step.out}`,
      ...step.excluded.map(({ reason, n }) => `  − ${n} ${reason}`),
    ])
    .join("\n");
