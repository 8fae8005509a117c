import { TrinephronError } from "../../../base/errors.ts";
import { derivedSeed } from "../../../base/random.ts";
import { developmentCases } from "../../../learning/train/development.ts";
import type { TrainSettings } from "../../../learning/trained/settings.ts";
import type { Case, Cohort } from "../../../patients/cohort/case.ts";
import { firstCases, nestedOrder } from "../../../patients/cohort/nested.ts";
import { splitDevelopment } from "../../../patients/cohort/split.ts";
import type { Task, TaskDefinition } from "../../../patients/cohort/taskDefinition.ts";
import { chosenTasks, labelOf, namesOf } from "../../../patients/cohort/tasks.ts";
import type { ModelRun } from "../modelStore.ts";
import { type Plan, settingsOf } from "../plan.ts";

/** A point of a learning curve with one seed: who trains and validates there, and whose labels are withheld. */
export interface Point {
  /** As the plan asks: cases, or the share that keeps its label. */
  readonly at: number;
  readonly seed: number;
  readonly training: readonly Case[];
  /** The same for all points of a seed: that of the seed's own split. */
  readonly validation: readonly Case[];
  readonly withheld?: { readonly task: Task; readonly cases: ReadonlySet<string> };
}

/** Where the points of a curve lie. */
export interface Situated {
  readonly plan: Pick<Plan, "development" | "settings">;
  readonly tasks: readonly TaskDefinition[];
  /** All cases of the centre, in the cohort's order. */
  readonly development: readonly Case[];
}

/**
 * Of each seed and size the first patients of a nested order of the seed's training part.
 * @throws E_TOO_FEW where the training part has fewer cases
 */
export function sizePoints({ cases, seeds }: NonNullable<Plan["sizes"]>, where: Situated): Point[] {
  return seeds.flatMap((seed) => {
    const { train, validation } = split(where, seed);
    const order = nestedOrder(train, { seed, stratifyBy: where.tasks });
    return cases.map((at): Point => {
      if (at > train.length)
        throw new TrinephronError(
          "E_TOO_FEW",
          `sizes: ${at} cases: seed ${seed} leaves ${train.length} to train on beside ${validation.length} that validate`,
          "ask for fewer, or lower settings.validationFraction",
        );
      return { at, seed, training: firstCases(order, at), validation };
    });
  });
}

/**
 * Of each seed and share the whole training part, in which the first patients of a nested order of those with the label
 * keep it.
 * @throws E_USAGE for a task that is none of the cohort's
 */
export function labeledPoints(
  { task: name, shares, seeds }: NonNullable<Plan["labeled"]>,
  where: Situated,
): Point[] {
  const [task] = chosenTasks(where.tasks, [name], "labeled: task");
  return seeds.flatMap((seed) => {
    const { train, validation } = split(where, seed);
    const known = train.filter((c) => labelOf(task, c) !== undefined);
    const order = nestedOrder(known, { seed: derivedSeed(seed, "labeled", name), stratifyBy: where.tasks });
    return shares.map((at): Point => {
      const left = order.slice(Math.round(at * order.length)).flat();
      const withheld = { task: name, cases: new Set(left.map((c) => c.case)) };
      return { at, seed, training: train, validation, withheld };
    });
  });
}

const split = ({ plan, tasks, development }: Situated, seed: number) =>
  splitDevelopment(development, { ...settingsOf(plan, {}, namesOf(tasks), seed), stratifyBy: tasks });

/** The cases that tell a task's label to its single-task model and to size. */
export const telling = ({ training, withheld }: Point, task: Task): readonly Case[] =>
  withheld?.task === task ? training.filter((c) => !withheld.cases.has(c.case)) : training;

/**
 * The model of some tasks at a point. A multi-task model has the cases whose label is withheld, for its other tasks; a
 * single-task model of that task has no use for them. What is no less than the whole is the model that `seeds` trains.
 */
export function pointRun(
  point: Point,
  asked: readonly Task[],
  steps: "same" | "fewer",
  { plan, development }: Situated,
): ModelRun {
  const { seed, validation, withheld } = point;
  const training = asked.length === 1 ? telling(point, asked[0]) : point.training;
  const unlabeled =
    asked.length > 1 && withheld && withheld.cases.size > 0
      ? { [withheld.task]: [...withheld.cases] }
      : undefined;
  const plain = settingsOf(plan, {}, asked, seed);
  const settings =
    steps === "same" ? lengthened(plain, development.length - validation.length, training.length) : plain;
  if (!unlabeled && training.length + validation.length === development.length)
    return { settings, development };
  const there = new Set([...training, ...validation]);
  return {
    settings,
    development: development.filter((c) => there.has(c)),
    parts: { validation: validation.map((c) => c.case), unlabeled },
  };
}

/** Settings under which `fewer` cases are trained on for as many steps as `all` would be. */
function lengthened(settings: TrainSettings, all: number, fewer: number): TrainSettings {
  const { batch, epochs, patience, warmupEpochs } = settings;
  const stepsOf = (cases: number) => Math.max(1, Math.floor(cases / batch));
  const times = stepsOf(all) / stepsOf(fewer);
  return {
    ...settings,
    epochs: Math.round(epochs * times),
    patience: Math.round(patience * times),
    warmupEpochs: warmupEpochs * times,
  };
}

/**
 * Refuses a point whose training would be, before anything is trained.
 * @throws E_ONE_CLASS, E_TOO_FEW and others of `developmentCases`, naming the point
 */
export function mustTrain(point: Point, run: ModelRun, item: string, cohort: Cohort): void {
  try {
    developmentCases({ ...cohort, cases: run.development }, run.settings, run.parts);
  } catch (error) {
    if (!(error instanceof TrinephronError)) throw error;
    const few = error.code === "E_ONE_CLASS" || error.code === "E_TOO_FEW";
    const at = point.withheld ? `share ${point.at} of the labels` : `${point.at} cases`;
    throw new TrinephronError(
      error.code,
      `${item}: ${at}, seed ${point.seed}: ${error.message}`,
      few ? `ask for ${point.withheld ? "larger shares" : "more cases"}` : error.hint,
      { cause: error },
    );
  }
}
