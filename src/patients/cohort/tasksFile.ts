import { access } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { TrinephronError } from "../../base/errors.ts";
import { readWhole, writeWhole } from "../../base/files.ts";
import { parseJson } from "../../imaging/formats/parseJson.ts";
import { type ImageKind, maskKinds, type Phase, phasesOf, phases as studyPhases } from "./case.ts";
import { columns } from "./columns.ts";
import { type TaskDefinition, taskDefinition, taskName } from "./taskDefinition.ts";
import { definitions, isStudyTask, studyNames } from "./tasks.ts";

/** What stands beside tasks in pages, tables and file names, or in every JavaScript object. */
const reserved = [
  "all",
  "constructor",
  "measured",
  "model",
  "mtdl",
  "none",
  "other",
  "shared",
  "size",
  "stdl",
];

/** Names of other files of a case, and of what every JavaScript object has. */
const reservedPhases = ["constructor", "mask", "segmentation", "study"];

/** Columns of every reader's file, beside which the tasks' scores stand. */
const formColumns = ["study", "reader", "experience", "session", "scale", "order", "case", "aided"];

const { positive: side } = taskDefinition.shape;
const writtenSide = side.extend({ short: side.shape.short.optional() }).describe("the answer and its cells");
const bounds = ["atLeast", "above", "atMost", "below"] as const;

/** Columns that hold no answer: names, places, files. */
const noAnswers: readonly string[] = ["case", "patient", "center", "mask", "source", "part", ...studyPhases];

const ownTask = taskDefinition
  .extend({
    title: taskDefinition.shape.title.optional().describe("default: the name"),
    question: taskDefinition.shape.question.optional().describe("default: `Is it …, not …?`"),
    column: z.string().trim().min(1).optional().describe("of cohort.csv; default: the name"),
    positive: writtenSide,
    negative: writtenSide,
    others: taskDefinition.shape.others.default("error"),
  })
  .superRefine((task, context) => {
    const refuse = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
    const { name, column = name, positive, negative } = task;
    if (isStudyTask(name))
      refuse(["name"], `${name} is a task of the study: write "${name}" alone, or choose another name`);
    else if ([...reserved, ...formColumns].includes(name) || name.startsWith("model_"))
      refuse(["name"], `${name} is reserved`);
    if (noAnswers.includes(column) || column in {}) refuse(["column"], `${column} holds no answers`);
    for (const [key, { values, ...own }] of Object.entries({ positive, negative })) {
      const bounded = bounds.some((bound) => own[bound] !== undefined);
      if ((values === undefined) !== bounded)
        refuse([key], "give either values or bounds (atLeast, above, atMost, below)");
      for (const [a, b] of [
        ["atLeast", "above"],
        ["atMost", "below"],
      ] as const)
        if (own[a] !== undefined && own[b] !== undefined) refuse([key], `give ${a} or ${b}, not both`);
      if (bounded && !(lowest(own).at <= highest(own).at)) refuse([key], "its bounds leave no number");
    }
    const both = positive.values?.find((value) => negative.values?.includes(value));
    if (both !== undefined) refuse(["negative", "values"], `"${both}" is positive as well`);
    if ((positive.values === undefined) !== (negative.values === undefined))
      refuse(["negative"], "both answers need values, or both bounds");
    else if (positive.values === undefined && overlap(positive, negative))
      refuse(["negative"], "some numbers are positive as well");
    if (positive.words.trim() === negative.words.trim())
      refuse(["negative", "words"], "the same as the positive answer’s");
  });
type OwnTask = z.output<typeof ownTask>;
type Side = OwnTask["positive"];

const lowest = ({ atLeast, above }: Side | Omit<Side, "values">) => ({
  at: atLeast ?? above ?? -Infinity,
  in: atLeast !== undefined,
});
const highest = ({ atMost, below }: Side | Omit<Side, "values">) => ({
  at: atMost ?? below ?? Infinity,
  in: atMost !== undefined,
});

function overlap(a: Side, b: Side): boolean {
  const low = [lowest(a), lowest(b)].toSorted((p, q) => q.at - p.at || Number(p.in) - Number(q.in))[0];
  const high = [highest(a), highest(b)].toSorted((p, q) => p.at - q.at || Number(p.in) - Number(q.in))[0];
  return low.at < high.at || (low.at === high.at && low.in && high.in);
}

/** Crops hold whole numbers: a narrower range would lose its steps. */
const fewestSteps = 50;

/** `tasks.json` as a user writes it. */
export const tasksFileSchema = z.strictObject({
  format: z.literal("trinephron-tasks/1"),
  tasks: z
    .array(z.union([z.enum(studyNames).describe("one of the study’s three, as it is there"), ownTask]))
    .min(1)
    .optional()
    .describe("in the order of every table and model output; default: the study’s three"),
  phases: z
    .array(taskName.describe("a column of cohort.csv with paths of NIfTI images"))
    .min(1)
    .optional()
    .describe("in channel order; default: the three contrast phases"),
  masks: z
    .enum(maskKinds)
    .optional()
    .describe(
      "what the masks outline: `kidney` with its tumour (the default), a `tumor` of any organ alone, or `none`",
    ),
  intensities: z
    .tuple([z.number().min(-32768).max(32767), z.number().min(-32768).max(32767)])
    .refine(([least, greatest]) => greatest - least >= fewestSteps, `less than ${fewestSteps} apart`)
    .optional()
    .describe(
      "of images that are no CT numbers: the least and the greatest value of a voxel; default: they are HU",
    ),
});

/** What a cohort asks, and what its images are. */
export interface CohortQuestions extends ImageKind {
  readonly tasks: readonly TaskDefinition[];
  /** Columns of images, in channel order; the contrast phases where undefined. */
  readonly phases?: readonly Phase[] | undefined;
}

const tasksFile = "tasks.json";

/**
 * The questions of a `tasks.json`, defaults filled in.
 * @param path named in errors
 * @throws E_FORMAT with the first place that does not fit
 */
export function parseTasks(text: string, path: string): CohortQuestions {
  const { tasks: written = studyNames, phases, masks, intensities } = parseJson(outline, text, path);
  // Task by task: of a union of a name and an object no error would say which field does not fit.
  const tasks = written.map((task, t) => definitionOf(task, `${path}: tasks.${t}`));
  const twice = tasks.find(({ name }, t) => tasks.findIndex((other) => other.name === name) !== t);
  if (twice) throw new TrinephronError("E_FORMAT", `${path}: two tasks have the name ${twice.name}`);
  if (phases) mustBeImages(phases, tasks, path);
  return {
    tasks,
    ...(phases && { phases }),
    ...(masks && { masks }),
    ...(intensities && { intensities }),
  };
}

/** @throws E_FORMAT for a column that stands twice, that every cohort has for something else, or that a task reads */
function mustBeImages(phases: readonly Phase[], tasks: readonly TaskDefinition[], path: string): void {
  const refuse = (p: number, why: string) =>
    new TrinephronError("E_FORMAT", `${path}: phases.${p}: ${phases[p]} ${why}`, "see docs/cohort.md");
  for (const [p, phase] of phases.entries()) {
    if (phases.indexOf(phase) !== p) throw refuse(p, "stands twice");
    if (reservedPhases.includes(phase)) throw refuse(p, "is reserved");
    if (columns.some(({ name }) => name === phase) && !studyPhases.some((own) => own === phase))
      throw refuse(p, "is a column that holds no images");
    const reader = tasks.find(({ column }) => column === phase);
    if (reader) throw refuse(p, `is the column of the task ${reader.name}`);
  }
}

const outline = tasksFileSchema.extend({
  tasks: z
    .array(z.union([z.string(), z.looseObject({})], "neither a name nor an object"))
    .min(1)
    .optional(),
});

function definitionOf(task: string | object, where: string): TaskDefinition {
  const study = studyNames.find((name) => name === task);
  if (study) return definitions[study];
  if (typeof task === "string")
    throw new TrinephronError(
      "E_FORMAT",
      `${where}: "${task}" is none of ${studyNames.join(", ")}`,
      "write a task of your own as an object; docs/cohort.md has an example",
    );
  const parsed = ownTask.safeParse(task);
  if (parsed.success) return completed(parsed.data);
  const [{ path, message }] = parsed.error.issues;
  throw new TrinephronError("E_FORMAT", `${[where, ...path].join(".")}: ${message}`, "see docs/cohort.md");
}

function completed({ positive, negative, ...task }: OwnTask): TaskDefinition {
  const { name, title, question, column, others } = task;
  // Parsed once more, so that fields come in one order wherever they were written.
  return taskDefinition.parse({
    name,
    title: title ?? capital(name.replaceAll("_", " ")),
    question: question ?? `Is it ${positive.words}, not ${negative.words}?`,
    column: column ?? name,
    positive: { ...positive, short: positive.short ?? positive.words },
    negative: { ...negative, short: negative.short ?? negative.words },
    others,
  });
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The questions of the cohort in a folder; undefined where it has none of its own. @throws E_FORMAT */
export async function readTasks(folder: string): Promise<CohortQuestions | undefined> {
  const path = join(folder, tasksFile);
  const there = await access(path).then(
    () => true,
    () => false,
  );
  return there ? readTasksFile(path) : undefined;
}

/** The questions of a file of any name. @throws E_FILE_MISSING, E_FORMAT */
export const readTasksFile = async (path: string): Promise<CohortQuestions> =>
  parseTasks((await readWhole(path)).toString("utf8"), path);

/** Writes `tasks.json` beside a cohort's table. @throws E_FILE_WRITE */
export const writeTasks = (
  folder: string,
  { tasks, phases, masks, intensities }: CohortQuestions,
): Promise<void> =>
  writeWhole(
    join(folder, tasksFile),
    `${JSON.stringify(
      {
        format: "trinephron-tasks/1",
        tasks: tasks.map((task) => (isStudyTask(task.name) ? task.name : task)),
        ...(phases && { phases }),
        ...(masks && { masks }),
        ...(intensities && { intensities }),
      },
      null,
      2,
    )}\n`,
  );

/** Columns of the table that the tasks read. */
export const answerColumns = ({ tasks }: CohortQuestions): string[] => [
  ...new Set(tasks.map(({ column }) => column)),
];

const isKnown = (name: string): boolean => columns.some((column) => column.name === name);

/** Those of them that are no columns of every cohort. */
export const ownAnswers = (questions: CohortQuestions): string[] =>
  answerColumns(questions).filter((name) => !isKnown(name));

/** Columns of images that are no columns of every cohort. */
export const ownPhases = (questions: CohortQuestions): Phase[] =>
  phasesOf(questions).filter((name) => !isKnown(name));
