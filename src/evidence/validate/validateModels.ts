import { join } from "node:path";
import { TrinephronError } from "../../base/errors.ts";
import type { Work } from "../../base/work.ts";
import type { Crop } from "../../learning/crop/cropInput.ts";
import { loadCrops } from "../../learning/crop/loadCrops.ts";
import { measureEfficiency } from "../../learning/deploy/efficiency.ts";
import { readHistory } from "../../learning/trained/history.ts";
import {
  type ModelFolder,
  readModelFolder,
  runFiles,
  tasksOfModel,
} from "../../learning/trained/modelFolder.ts";
import { type Answer, openPredictor } from "../../learning/trained/predictor.ts";
import type { Device } from "../../numerics/graph/index.ts";
import { type Case, type Cohort, type ImageKind, masksOf, phasesOf } from "../../patients/cohort/case.ts";
import { mustBeSound, uncheckedIn } from "../../patients/cohort/check/check.ts";
import { type FlowStep, readFlow } from "../../patients/cohort/flow.ts";
import { summarize } from "../../patients/cohort/summary.ts";
import type { Task, TaskDefinition } from "../../patients/cohort/taskDefinition.ts";
import { areStudyTasks, labelOf, namesOf, tasksOf } from "../../patients/cohort/tasks.ts";
import type { PredictionRow } from "../predictions/predictions.ts";
import { checkClasses } from "../predictions/taskSample.ts";
import type { Thresholds } from "../predictions/thresholds.ts";
import type { Reading } from "../readers/readings.ts";
import { type Baselines, baselinesOf } from "./baselines.ts";
import { chooseExamples, example } from "./examples.ts";
import type { Results } from "./results.ts";
import { runName } from "./runName.ts";
import { validatePredictions } from "./validatePredictions.ts";

/** What is validated, and how. */
export interface ValidationOptions extends Work {
  readonly cohort: Cohort;
  /** Folder of the multi-task model. */
  readonly mtdl: string;
  /** Folders of the single-task models, one a task; none where the cohort has one task. */
  readonly stdl: readonly string[];
  /** What radiologists said of the cases that were predicted: `readers.csv`, or simulated. Default: nobody has read. */
  readonly readers?: ((predictions: readonly PredictionRow[]) => readonly Reading[]) | undefined;
  /** Of the report. */
  readonly title?: string | undefined;
  /** Of bootstraps. Default 1. */
  readonly seed?: number | undefined;
  /** Default: now. */
  readonly created?: Date | undefined;
  /** Of crops, safe to delete; default `.crops` in the cohort's folder. */
  readonly cacheFolder?: string | undefined;
  /** Of ONNX Runtime, and how many cases are cropped at a time. Default 2. */
  readonly threads?: number | undefined;
  /** That the models run on. Default `cpu`. */
  readonly device?: Device | undefined;
  /** Whether time and memory of the models are measured, in processes of their own. Default true. */
  readonly measureEfficiency?: boolean | undefined;
}

/** Everything a validation yields besides the report. */
export interface Validation {
  readonly results: Results;
  readonly predictions: readonly PredictionRow[];
  readonly readings: readonly Reading[];
  readonly thresholds: Thresholds;
}

/** Title of a report that was given none. */
const usualTitle = "External validation of a multi-task kidney tumour model";
/** The same where the cohort is not of kidneys. */
const titleOfOthers = "External validation of a multi-task model";

const stageLabels = {
  real: "as recorded in the cohort (pathological in KiTS)",
  painted: "as recorded in the cohort (pathological in KiTS)",
  procedural: "simulated with the anatomy",
} as const;

/**
 * Runs trained models on every centre they were not trained on, and compares them.
 * @throws E_FILE_MISSING, E_MODEL where the models do not belong together; E_COHORT, E_ONE_CLASS, E_TOO_FEW where the
 * cases do not serve; E_MASK, E_PHASE, E_GEOMETRY, E_VALUE, and as `readNifti`, for one that cannot be cropped;
 * E_DEVICE, E_RUNTIME; E_INTERRUPTED on `signal`
 */
export async function validateModels(options: ValidationOptions): Promise<Validation> {
  const { seed = 1, threads = 2 } = options;
  const isOther = masksOf(options.cohort) !== "kidney" || options.cohort.intensities !== undefined;
  const title = options.title ?? (isOther ? titleOfOthers : usualTitle);
  await mustBeSound(options.cohort);
  const mtdl = await readModelFolder(options.mtdl);
  const stdl = await Promise.all(options.stdl.map(readModelFolder));
  const tasks = tasksOf(options.cohort);
  checkModels(mtdl, stdl, tasks, options.cohort);
  const { center } = mtdl.config.settings;
  const development = options.cohort.cases.filter((c) => c.center === center);
  const external = options.cohort.cases.filter((c) => c.center !== center);
  if (external.length === 0)
    throw new TrinephronError(
      "E_COHORT",
      `no case of a centre other than ${center}, which the model was trained on`,
    );
  // Before the long work: labels that allow no AUC, sizes that allow no baseline.
  checkLabels(external, tasks);
  const baselines = await baselinesOf(
    { cohort: options.cohort, development, external, tasks },
    mtdl.config.settings.crop,
    {
      ...options,
      threads,
    },
  );
  const answers = await answer(
    [mtdl, ...stdl],
    { ...options.cohort, cases: external },
    { ...options, threads },
  );
  const predictions = external.flatMap((c) => tasks.map((task) => prediction(c, task, answers, baselines)));
  const thresholds = thresholdsOf(mtdl, stdl, namesOf(tasks), baselines);
  const readings = options.readers?.(predictions) ?? [];
  const examples = await Promise.all(
    chooseExamples(predictions, "mtdl", namesOf(tasks)).map(({ case: id, caption }) => {
      const c = external.find((e) => e.case === id)!;
      const { folder } = options.cohort;
      const { window } = mtdl.config.settings.crop;
      const shown = { phases: phasesOf(options.cohort), ...(isOther && { window }) };
      return example(folder, c, caption, predictions, thresholds, "mtdl", shown);
    }),
  );
  const sources = [...new Set(options.cohort.cases.map((c) => c.source))];
  const results = validatePredictions({
    created: (options.created ?? new Date()).toISOString(),
    seed,
    study: {
      title,
      development: center,
      external: [...new Set(external.map((c) => c.center))],
      sources,
      device: options.device ?? "cpu",
      stageLabel: namesOf(tasks).includes("stage")
        ? [...new Set(sources.map((source) => stageLabels[source]))].join("; ")
        : "",
      notes: [
        ...uncheckedIn(options.cohort),
        ...baselines.notes,
        ...(mtdl.config.tasks.length > 1 ? [] : [oneTask]),
      ],
    },
    flow: [
      ...(await readFlow(options.cohort.folder)),
      ...assignment(options.cohort, development.length, mtdl),
    ],
    table1: summarize(options.cohort),
    models: [
      mtdl.config.tasks.length > 1
        ? { id: "mtdl", name: "Multi-task (MTDL)", kind: "mtdl" }
        : { id: "mtdl", name: "Network (one task)", kind: "mtdl" },
      ...(stdl.length > 0 ? [{ id: "stdl", name: "Single-task (STDL)", kind: "stdl" as const }] : []),
      ...baselines.models,
    ],
    tasks,
    predictions,
    thresholds,
    readers: readings,
    developmentCases: development.map((c) => c.case),
    efficiency:
      (options.measureEfficiency ?? true) && stdl.length > 0
        ? await measureEfficiency(mtdl, stdl, { ...options, threads })
        : null,
    gates: gates(answers.map((a) => a.gates)),
    training: await Promise.all([training(mtdl, "mtdl"), ...stdl.map((model) => training(model))]),
    cards: [
      { model: "mtdl", config: mtdl.config },
      ...stdl.map(({ config }) => ({ model: runName(config), config })),
    ],
    examples,
  });
  return { results, predictions, readings, thresholds };
}

const oneTask =
  "One task: the model called multi-task here answers one question, and no single-task models stand beside it.";

/** @throws E_ONE_CLASS, E_TOO_FEW where the labels of an external centre's cases allow no AUC of some task */
export function checkLabels(external: readonly Case[], tasks: readonly TaskDefinition[]): void {
  const centers = [...new Set(external.map((c) => c.center))].join(", ");
  for (const task of tasks) {
    const labels = external.map((c) => labelOf(task, c));
    const count = (value: 0 | 1) => labels.filter((label) => label === value).length;
    checkClasses(`${task.name}, centre ${centers}`, task, count(1), count(0));
  }
}

/** The last steps of the flow: all cases, then those of the external centres. */
function assignment({ cases }: Cohort, development: number, { config }: ModelFolder): FlowStep[] {
  const { train, validation } = config.cases;
  const { center } = config.settings;
  const reason = `development centre ${center}: ${train} training, ${validation} validation`;
  return [
    { step: "Cases of the cohort", in: cases.length, out: cases.length, excluded: [] },
    {
      step: "External test",
      in: cases.length,
      out: cases.length - development,
      excluded: [{ reason, n: development }],
      development: center,
    },
  ];
}

interface CaseAnswer {
  readonly case: string;
  readonly probabilities: Readonly<Record<"mtdl" | "stdl", Partial<Record<Task, number>>>>;
  /** Of the multi-task model. */
  readonly gates: Answer["gates"];
}

async function answer(
  models: readonly ModelFolder[],
  cohort: Cohort,
  options: ValidationOptions & { readonly threads: number },
): Promise<CaseAnswer[]> {
  const { crop } = models[0].config.settings;
  const crops: Crop[] = await loadCrops(cohort, crop, {
    ...options,
    progress: (_, ...rest) => options.progress?.("cropping external cases", ...rest),
  });
  const predictors = await Promise.all(
    models.map((model) => openPredictor(model, options.threads, options.device)),
  );
  try {
    const answers: CaseAnswer[] = [];
    for (const [i, c] of crops.entries()) {
      if (options.signal?.aborted) throw interrupted(i, crops.length);
      const each = [];
      for (const predictor of predictors) each.push(await predictor.answer(c));
      answers.push({
        case: c.case,
        probabilities: {
          mtdl: each[0].probabilities,
          stdl: Object.assign({}, ...each.slice(1).map((a) => a.probabilities)),
        },
        gates: each[0].gates,
      });
      options.progress?.("answering external cases", i + 1, crops.length);
    }
    return answers;
  } finally {
    for (const predictor of predictors) await predictor.close();
  }
}

const interrupted = (done: number, total: number) =>
  new TrinephronError(
    "E_INTERRUPTED",
    `stopped with ${done} of ${total} external cases answered`,
    "the same command starts again; crops are kept",
  );

function prediction(
  c: Case,
  task: TaskDefinition,
  answers: readonly CaseAnswer[],
  baselines: Baselines,
): PredictionRow {
  const { probabilities } = answers.find((a) => a.case === c.case)!;
  const { name } = task;
  return {
    case: c.case,
    center: c.center,
    task: name,
    label: labelOf(task, c),
    probabilities: {
      mtdl: probabilities.mtdl[name]!,
      ...(probabilities.stdl[name] !== undefined && { stdl: probabilities.stdl[name] }),
      ...baselines.probabilities(c, name),
    },
  };
}

/**
 * One multi-task model for all tasks, one single-task model for each, all of one centre and one kind of crop. A cohort of
 * one task has the one model, and needs no other.
 */
function checkModels(
  mtdl: ModelFolder,
  stdl: readonly ModelFolder[],
  definitions: readonly TaskDefinition[],
  cohort: Cohort,
): void {
  const phases = phasesOf(cohort);
  const tasks = namesOf(definitions);
  const refuse = (folder: string, why: string) => new TrinephronError("E_MODEL", `${folder}: ${why}`);
  if (tasks.some((task) => !mtdl.config.tasks.includes(task)))
    throw refuse(
      mtdl.folder,
      `answers ${mtdl.config.tasks.join(", ")}, not all ${areStudyTasks(definitions) ? "three tasks" : `of ${tasks.join(", ")}`}`,
    );
  for (const model of [mtdl, ...stdl]) {
    mustAskTheSame(model, definitions);
    mustBeOfKind(model, cohort);
  }
  const lacking = mtdl.config.phases.find((phase) => !phases.includes(phase));
  if (lacking !== undefined)
    throw refuse(mtdl.folder, `reads ${lacking}, which is no image of the cohort: ${phases.join(", ")} are`);
  for (const task of tasks.length === 1 && stdl.length === 0 ? [] : tasks)
    if (stdl.filter(({ config }) => config.tasks.length === 1 && config.tasks[0] === task).length !== 1)
      throw new TrinephronError(
        "E_MODEL",
        `not one single-task model for ${task} among ${stdl.length} folders`,
      );
  for (const { folder, config } of stdl) {
    if (config.settings.center !== mtdl.config.settings.center)
      throw refuse(folder, `trained on centre ${config.settings.center}, not ${mtdl.config.settings.center}`);
    if (JSON.stringify(config.settings.crop) !== JSON.stringify(mtdl.config.settings.crop))
      throw refuse(folder, "reads other crops than the multi-task model");
  }
}

/** A model reads images such as it has learnt from. @throws E_MODEL */
function mustBeOfKind({ folder, config }: ModelFolder, cohort: Cohort): void {
  const unlike =
    masksOf(config) !== masksOf(cohort)
      ? `masks that outline ${maskWords[masksOf(config)]}, and the cohort has ${maskWords[masksOf(cohort)]}`
      : String(config.intensities) !== String(cohort.intensities)
        ? `images in ${unitWords(config)}, and the cohort's are in ${unitWords(cohort)}`
        : undefined;
  if (unlike !== undefined)
    throw new TrinephronError(
      "E_MODEL",
      `${folder}: learnt from ${unlike}`,
      "test it on a cohort whose tasks.json says the same of its images",
    );
}

const maskWords = { kidney: "kidneys", tumor: "tumours alone", none: "nothing" } as const;
const unitWords = ({ intensities }: ImageKind) => intensities?.join(" to ") ?? "HU";

/** A name is not enough: a model must have learnt the very question that it is tested on. @throws E_MODEL */
function mustAskTheSame({ folder, config }: ModelFolder, definitions: readonly TaskDefinition[]): void {
  for (const own of tasksOfModel(config)) {
    const asked = definitions.find(({ name }) => name === own.name);
    if (asked && JSON.stringify(asked) !== JSON.stringify(own))
      throw new TrinephronError(
        "E_MODEL",
        `${folder}: its task ${own.name} is not that of the cohort: words, column or values differ`,
        "test it on a cohort whose tasks.json is that of its training",
      );
  }
}

function thresholdsOf(
  mtdl: ModelFolder,
  stdl: readonly ModelFolder[],
  tasks: readonly Task[],
  baselines: Baselines,
): Thresholds {
  const models = [["mtdl", mtdl] as const, ...stdl.map((model) => ["stdl", model] as const)];
  return Object.fromEntries(
    tasks.map((task) => [
      task,
      Object.fromEntries([
        ...models
          .filter(([, { config }]) => config.tasks.includes(task))
          .map(([id, { config }]) => [
            id,
            { threshold: config.thresholds[task]!, chosen: config.thresholdChosen },
          ]),
        ...baselines.thresholds(task),
      ]),
    ]),
  );
}

/** Each gate's weights, averaged over the external cases. */
function gates(perCase: readonly Answer["gates"][]): Results["gates"] {
  return perCase[0].map(({ level, gate, experts }, g) => ({
    level,
    gate,
    experts: [...experts],
    weights: experts.map(
      (_, e) => perCase.reduce((sum, gates) => sum + gates[g].weights[e], 0) / perCase.length,
    ),
  }));
}

async function training(
  { folder, config }: ModelFolder,
  model = runName(config),
): Promise<Results["training"][number]> {
  const epochs = (await readHistory(join(folder, runFiles.history))).map(({ seconds: _, ...epoch }) => epoch);
  return { model, epochs, best: config.bestEpoch };
}
