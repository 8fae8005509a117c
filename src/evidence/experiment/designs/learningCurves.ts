import type { Case, Cohort } from "../../../patients/cohort/case.ts";
import { tasksOf } from "../../../patients/cohort/tasks.ts";
import type { ExperimentResults } from "../experimentResults.ts";
import { samplesOf } from "../logits.ts";
import { modelName } from "../modelStore.ts";
import type { Plan } from "../plan.ts";
import { sized, type Workbench } from "../workbench.ts";
import { type LearningCurveOptions, learningCurve, runsOfCurve, sizeAt } from "./learningCurve.ts";
import { labeledPoints, mustTrain, sizePoints } from "./points.ts";
import type { Variant } from "./variant.ts";

type Curves = Pick<ExperimentResults, "sizes" | "labeled">;
const items = ["sizes", "labeled"] as const;

/** The items `sizes` and `labeled`. */
export async function learningCurves(bench: Workbench): Promise<Curves> {
  const [sizes, labeled] = [await curveOf(bench, "sizes"), await curveOf(bench, "labeled")];
  return { sizes, labeled: labeled && { ...labeled, withheld: bench.plan.labeled!.task } };
}

async function curveOf(bench: Workbench, item: (typeof items)[number]) {
  const { plan, store, development, external } = bench;
  const models = plan[item]?.models;
  if (!models) return null;
  const curve = optionsOf(item, plan, { tasks: store.tasks, development, variants: bench.named(models) });
  const names = new Set(runsOfCurve(curve).map(({ run }) => modelName(run, store.tasks)));
  return bench.attempt(item, names.size, () => learningCurve({ ...curve, store, external }));
}

function optionsOf(
  item: (typeof items)[number],
  plan: Plan,
  more: Pick<LearningCurveOptions, "tasks" | "development" | "variants">,
): LearningCurveOptions {
  const where = { plan, ...more };
  const points = item === "sizes" ? sizePoints(plan.sizes!, where) : labeledPoints(plan.labeled!, where);
  return { ...where, points, steps: plan[item]!.steps };
}

/**
 * Refuses curves that could not be finished, before anything is trained.
 * @throws E_TOO_FEW, E_ONE_CLASS, naming the point or the external cases; E_USAGE for a task that is none
 */
export function curvesMustFit(
  plan: Plan,
  cohort: Cohort,
  development: readonly Case[],
  external: readonly Case[],
): void {
  const tasks = tasksOf(cohort);
  for (const item of items) {
    const asked = plan[item];
    if (!asked) continue;
    const variants = asked.models.map((kind): Variant => ({ name: kind, kind, settings: {} }));
    const curve = optionsOf(item, plan, { tasks, development, variants });
    for (const { point, run } of runsOfCurve(curve)) mustTrain(point, run, item, cohort);
    if (asked.models.includes("size") && sized(cohort))
      for (const point of curve.points) sizeAt(point, tasks, []);
    samplesOf(external, tasks, `${item}, external cases`);
  }
}
