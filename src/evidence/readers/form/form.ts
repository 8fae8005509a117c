import { TrinephronError } from "../../../base/errors.ts";
import { derivedSeed, random } from "../../../base/random.ts";
import type { Task, TaskDefinition } from "../../../patients/cohort/taskDefinition.ts";
import { namesOf } from "../../../patients/cohort/tasks.ts";
import type { PredictionRow } from "../../predictions/predictions.ts";

export const scales = ["percent", "five"] as const;
/** `percent`: 0 to 100, positive from 50 up. `five`: whole 1 to 5, positive from 4 up. */
export type Scale = (typeof scales)[number];

export const designs = ["sequential", "crossover"] as const;
/**
 * `sequential`: each case without the model's answer, then at once with it. `crossover`: two sessions, each case with
 * the answer in one of them; half of the cases, drawn for each reader, with it in the first.
 */
export type Design = (typeof designs)[number];

export interface FormReader {
  readonly reader: string;
  readonly experience: string;
}

/** One reading asked for: a case, without or with the model's answer in sight. */
export interface FormRow {
  /** Place in the session, from 1. */
  readonly order: number;
  readonly case: string;
  readonly aided: boolean;
  /** The model's probabilities of the positive class; where aided. */
  readonly model?: Readonly<Partial<Record<Task, number>>>;
}

/** What one reader reads in one session. */
export interface ReadingForm extends FormReader {
  /** The same for all forms made together. */
  readonly study: string;
  readonly session: number;
  readonly sessions: number;
  readonly scale: Scale;
  readonly tasks: readonly TaskDefinition[];
  readonly rows: readonly FormRow[];
}

export interface FormOptions {
  readonly cases: readonly string[];
  readonly readers: readonly FormReader[];
  readonly tasks: readonly TaskDefinition[];
  readonly scale: Scale;
  readonly seed: number;
  /** The model's answers to show; absent: readers read without. */
  readonly aid?: {
    readonly predictions: readonly PredictionRow[];
    readonly model: string;
    readonly design: Design;
  };
}

/**
 * The forms of a reader study: for each reader the cases in an order of the reader's own, drawn from the seed. No form
 * holds a label.
 * @throws E_USAGE for no reader, one named twice, or no task; E_COHORT for no case, or one without the model's answer
 */
export function readingForms(options: FormOptions): ReadingForm[] {
  const { cases, readers, tasks, scale, seed, aid } = options;
  if (readers.length === 0) throw new TrinephronError("E_USAGE", "no readers");
  const twice = readers.find((r, i) => readers.findIndex((other) => other.reader === r.reader) !== i);
  if (twice) throw new TrinephronError("E_USAGE", `reader ${twice.reader} is named twice`);
  if (tasks.length === 0) throw new TrinephronError("E_USAGE", "no tasks to read");
  if (cases.length === 0) throw new TrinephronError("E_COHORT", "no cases to read");
  const study = derivedSeed(seed, "reading form", scale, ...namesOf(tasks), "cases", ...cases)
    .toString(16)
    .padStart(8, "0");
  const answers = aid && modelAnswers(options, aid);
  return readers.flatMap((reader) => {
    const draw = (...parts: (string | number)[]) =>
      random(derivedSeed(seed, "readings", reader.reader, ...parts));
    const shuffled = (session: number) => draw(session).shuffle([...cases]);
    const row = (id: string, aided: boolean) => ({
      case: id,
      aided,
      ...(aided && { model: answers?.get(id) ?? {} }),
    });
    const sessions =
      aid === undefined
        ? [shuffled(1).map((id) => row(id, false))]
        : aid.design === "sequential"
          ? [shuffled(1).flatMap((id) => [row(id, false), row(id, true)])]
          : crossover(cases, draw("half").shuffle([...cases])).map((aidedIn, i) =>
              shuffled(i + 1).map((id) => row(id, aidedIn.has(id))),
            );
    return sessions.map((rows, i) => ({
      ...reader,
      study,
      session: i + 1,
      sessions: sessions.length,
      scale,
      tasks,
      rows: rows.map((r, k) => ({ order: k + 1, ...r })),
    }));
  });
}

/** The cases with the model's answer in the first session, and in the second. */
function crossover(cases: readonly string[], shuffled: readonly string[]): Set<string>[] {
  const first = new Set(shuffled.slice(0, Math.ceil(cases.length / 2)));
  return [first, new Set(cases.filter((id) => !first.has(id)))];
}

function modelAnswers(
  { cases, tasks }: FormOptions,
  { predictions, model }: NonNullable<FormOptions["aid"]>,
): Map<string, Partial<Record<Task, number>>> {
  const answers = new Map<string, Partial<Record<Task, number>>>();
  for (const p of predictions) {
    const probability = p.probabilities[model];
    if (probability !== undefined) answers.set(p.case, { ...answers.get(p.case), [p.task]: probability });
  }
  for (const id of cases)
    for (const task of namesOf(tasks))
      if (answers.get(id)?.[task] === undefined)
        throw new TrinephronError(
          "E_COHORT",
          `case ${id}, ${task}: no answer of ${model} in the predictions`,
          "choose cases with --center, or tasks with --tasks",
        );
  return answers;
}
