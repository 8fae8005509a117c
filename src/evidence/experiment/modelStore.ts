import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "csv-stringify/sync";
import { isInterruption, TrinephronError } from "../../base/errors.ts";
import { writeWhole } from "../../base/files.ts";
import type { Progress, Work } from "../../base/work.ts";
import type { Crop, CropSettings } from "../../learning/crop/cropInput.ts";
import { loadCrops } from "../../learning/crop/loadCrops.ts";
import type { DevelopmentParts } from "../../learning/train/parts.ts";
import { train } from "../../learning/train/train.ts";
import { type ModelFolder, readModelFolder, runFiles } from "../../learning/trained/modelFolder.ts";
import { openPredictor } from "../../learning/trained/predictor.ts";
import type { TrainSettings } from "../../learning/trained/settings.ts";
import type { Case, Cohort } from "../../patients/cohort/case.ts";
import { splitDevelopment } from "../../patients/cohort/split.ts";
import type { TaskDefinition } from "../../patients/cohort/taskDefinition.ts";
import { areStudyTasks, labelOf, tasksOf } from "../../patients/cohort/tasks.ts";
import { type Logits, readLogits, together, writeLogits } from "./logits.ts";

/** One model: its settings, and every case it may train, choose its epoch, calibrate or set thresholds on. */
export interface ModelRun {
  /** Their `center` is the name of all the cases' centre, or `without X` where they are of several. */
  readonly settings: TrainSettings;
  readonly development: readonly Case[];
  /** Default: the split of the settings' seed, and every label. */
  readonly parts?: DevelopmentParts | undefined;
}

/** How a case is shown to a model. */
export interface View {
  /** Name of the file of answers. */
  readonly name: string;
  readonly apply?: (crop: Crop, settings: CropSettings) => Crop;
}

const plain: View = { name: "plain" };

/**
 * Models by what they are made of: the same run asked for twice, in whatever part of a plan, is one model. It may be asked
 * for many at once: it does one thing after the other, in the order asked for. After an error that is no interruption it
 * begins nothing more, and throws it to all who wait.
 */
export interface ModelStore {
  /** Of its cohort. */
  readonly tasks: readonly TaskDefinition[];
  /**
   * The trained model, trained now where it is not there.
   * @throws E_INTERRUPTED where it is not there and may not be trained now; as `train`
   */
  train(run: ModelRun): Promise<ModelFolder>;
  /** What it says of cases outside its development; kept, so that each case is asked once. @throws as `train` */
  answer(run: ModelRun, cases: readonly Case[], view?: View): Promise<Logits>;
}

export interface StoreOptions extends Omit<Work, "threads"> {
  readonly cohort: Cohort;
  /** Each model gets a folder in it. */
  readonly folder: string;
  readonly cacheFolder?: string | undefined;
  /** False: that model is used if it is there, and not trained. */
  readonly mayTrain: (name: string) => boolean;
}

/** Files of a model's folder besides those of `train`. */
export const storeFiles = {
  development: "development.csv",
  answers: (view: string) => join("answers", `${view}.csv`),
} as const;

export function openModelStore(options: StoreOptions): ModelStore {
  const { cohort, folder, cacheFolder, signal, mayTrain, progress } = options;
  const tasks = tasksOf(cohort);
  const at = (run: ModelRun) => join(folder, modelName(run, tasks));
  const progressOf =
    (run: ModelRun): Progress =>
    (step, ...rest) =>
      progress?.(`${step} ${modelName(run, tasks)}`, ...rest);

  async function trained(run: ModelRun): Promise<ModelFolder> {
    const { settings, development, parts } = run;
    if (existsSync(join(at(run), runFiles.model))) return readModelFolder(at(run));
    const name = modelName(run, tasks);
    if (signal?.aborted || !mayTrain(name))
      throw new TrinephronError("E_INTERRUPTED", `${name} is not trained yet`);
    await writeWhole(join(at(run), storeFiles.development), developmentTable(run, tasks));
    const cases = development.map((c) => ({ ...c, center: settings.center }));
    await train({ ...cohort, cases }, settings, {
      folder: at(run),
      parts,
      cacheFolder,
      signal,
      progress: progressOf(run),
    });
    return readModelFolder(at(run));
  }

  async function ask(run: ModelRun, cases: readonly Case[], { apply }: View): Promise<Logits> {
    const model = await trained(run);
    const { crop, threads, device } = run.settings;
    const crops = await loadCrops({ ...cohort, cases }, crop, { cacheFolder, threads, signal });
    const predictor = await openPredictor(model, threads, device);
    try {
      const found = new Map<string, Logits extends ReadonlyMap<string, infer V> ? V : never>();
      for (const [i, c] of crops.entries()) {
        if (signal?.aborted)
          throw new TrinephronError("E_INTERRUPTED", `stopped with ${i} of ${crops.length} cases answered`);
        const { logits } = await predictor.answer(apply ? apply(c, crop) : c);
        found.set(c.case, logits);
        progressOf(run)("answering", i + 1, crops.length);
      }
      return found;
    } finally {
      await predictor.close();
    }
  }

  async function answered(run: ModelRun, cases: readonly Case[], view: View): Promise<Logits> {
    const path = join(at(run), storeFiles.answers(view.name));
    const known: Logits = existsSync(path) ? await readLogits(path) : new Map();
    const missing = cases.filter((c) => !known.has(c.case));
    if (missing.length === 0) return only(known, cases);
    const all = together([known, await ask(run, missing, view)]);
    await writeLogits(path, all);
    return only(all, cases);
  }

  let last: Promise<unknown> = Promise.resolve();
  let broken: { readonly error: unknown } | undefined;
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(() => {
      if (broken) throw broken.error;
      return work();
    });
    last = result.catch((error) => {
      if (!isInterruption(error)) broken = { error };
    });
    return result;
  }

  return {
    tasks,
    train: (run) => inTurn(() => trained(run)),
    answer: (run, cases, view = plain) => inTurn(() => answered(run, cases, view)),
  };
}

const only = (logits: Logits, cases: readonly Case[]): Logits =>
  new Map(cases.map((c) => [c.case, logits.get(c.case)!]));

/** E.g. `mtdl-s1-0f3a…`, `stage-s1-77b2…`: equal for equal settings, tasks, cases, labels, parts and files' names. */
export function modelName(
  { settings, development, parts }: ModelRun,
  tasks: readonly TaskDefinition[],
): string {
  const cases = development.map((c) => [
    c.case,
    c.patient,
    tasks.map((task) => labelOf(task, c) ?? null),
    c.images,
    c.mask,
    ...(c.part ? [c.part] : []),
  ]);
  const more = [...(areStudyTasks(tasks) ? [] : [tasks]), ...(parts ? [parts] : [])];
  const hash = createHash("sha256")
    .update(JSON.stringify([settings, cases, ...more]))
    .digest("hex");
  const kind = settings.tasks.length > 1 ? "mtdl" : settings.tasks[0];
  return `${kind}-s${settings.seed}-${hash.slice(0, 12)}`;
}

/** Every case the model has to do with before it is tested, and in which role. */
function developmentTable(
  { settings, development, parts }: ModelRun,
  stratifyBy: readonly TaskDefinition[],
): string {
  const validating = new Set(
    parts?.validation ??
      splitDevelopment(development, { ...settings, stratifyBy }).validation.map((c) => c.case),
  );
  return stringify([
    ["case", "patient", "center", "role"],
    ...development.map((c) => [
      c.case,
      c.patient,
      c.center,
      validating.has(c.case) ? "validation" : "training",
    ]),
  ]);
}
