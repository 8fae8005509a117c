import type { Case } from "../../../patients/cohort/case.ts";
import type { TaskDefinition } from "../../../patients/cohort/taskDefinition.ts";
import type { Curve } from "../experimentResults.ts";
import { type Logits, sampleOf, samplesOf, scoresOf, together } from "../logits.ts";
import type { ModelRun, ModelStore } from "../modelStore.ts";
import type { Plan } from "../plan.ts";
import { settled } from "../settled.ts";
import { type Point, pointRun, type Situated, telling } from "./points.ts";
import { meanAuc, meanDifference } from "./seedsAndCases.ts";
import { sizeLogits, taskLists, type Variant } from "./variant.ts";

export interface LearningCurveOptions extends Situated {
  readonly points: readonly Point[];
  readonly steps: NonNullable<Plan["sizes"]>["steps"];
  /** The others are compared with the first. */
  readonly variants: readonly Variant[];
}

/** Every model that a curve needs, with the point that needs it; the same model may be there several times. */
export const runsOfCurve = (options: LearningCurveOptions): { point: Point; run: ModelRun }[] =>
  options.points.flatMap((point) =>
    options.variants.flatMap((variant) =>
      taskLists(variant, options.tasks).map((asked) => ({
        point,
        run: pointRun(point, asked, options.steps, options),
      })),
    ),
  );

/**
 * Trains every model, and only then opens the first external case. Nothing is chosen by what is found there.
 * @throws E_INTERRUPTED where a model is missing; E_ONE_CLASS, E_TOO_FEW for an external set without two cases of each
 * class of a task
 */
export async function learningCurve(
  options: LearningCurveOptions & { readonly store: ModelStore; readonly external: readonly Case[] },
): Promise<Omit<Curve, "models">> {
  const { points, variants, tasks, external, store } = options;
  await settled(runsOfCurve(options).map(({ run }) => store.train(run)));
  const answers = new Map<Point, Logits[]>();
  for (const point of points) {
    const own: Logits[] = [];
    for (const variant of variants) own.push(await answersAt(point, variant, options));
    answers.set(point, own);
  }
  const samples = samplesOf(external, tasks, "external cases");
  const seeds = [...new Set(points.map(({ seed }) => seed))];
  const found: Omit<Curve, "models"> = { seeds, subsets: subsetsOf(options), auc: [], differences: [] };
  for (const sample of samples)
    for (const [at, own] of Map.groupBy(points, (point) => point.at)) {
      const { task, labels, positives } = sample;
      const bySeed = variants.map((_, v) => own.map((point) => scoresOf(sample, answers.get(point)![v])));
      for (const [v, { name }] of variants.entries()) {
        const counts = { n: labels.length, positives };
        found.auc.push({ task, model: name, at, ...counts, ...meanAuc(labels, bySeed[v]) });
        if (v > 0)
          found.differences.push({
            ...{ task, a: variants[0].name, b: name, at },
            ...meanDifference(labels, bySeed[0], bySeed[v]),
          });
      }
    }
  return found;
}

/** What a variant says of the external cases at a point. */
async function answersAt(
  point: Point,
  variant: Variant,
  options: LearningCurveOptions & { readonly store: ModelStore; readonly external: readonly Case[] },
): Promise<Logits> {
  const { tasks, steps, store, external } = options;
  if (variant.kind === "size")
    return together(
      tasks.map((task) => sizeLogits([...telling(point, task.name), ...point.validation], external, [task])),
    );
  const all: Logits[] = [];
  for (const asked of taskLists(variant, tasks))
    all.push(await store.answer(pointRun(point, asked, steps, options), external));
  return together(all);
}

/** Size alone, fitted on the cases whose label is known there, training and validation. @throws as `sizeLogits` */
export const sizeAt = (point: Point, tasks: readonly TaskDefinition[], external: readonly Case[]): Logits =>
  together(
    tasks.map((task) => sizeLogits([...telling(point, task.name), ...point.validation], external, [task])),
  );

const subsetsOf = ({ points, tasks }: LearningCurveOptions): Curve["subsets"] =>
  points.flatMap((point) =>
    tasks.map((task) => {
      const { labels, positives } = sampleOf(telling(point, task.name), task);
      const { at, seed, validation } = point;
      return { at, seed, task: task.name, n: labels.length, positives, validation: validation.length };
    }),
  );
