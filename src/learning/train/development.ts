import { createHash } from "node:crypto";
import { TrinephronError } from "../../base/errors.ts";
import { type Case, type Cohort, type ImageKind, phasesOf, type Source } from "../../patients/cohort/case.ts";
import { splitDevelopment } from "../../patients/cohort/split.ts";
import type { TaskDefinition } from "../../patients/cohort/taskDefinition.ts";
import { chosenTasks, isStudyTask, labelOf, tasksOf } from "../../patients/cohort/tasks.ts";
import { type Crop, cubesOf } from "../crop/cropInput.ts";
import { type LoadOptions, loadCrops } from "../crop/loadCrops.ts";
import { mustSuit } from "../crop/suits.ts";
import { mustMeasureKidneys } from "../trained/cohortSettings.ts";
import type { TrainSettings } from "../trained/settings.ts";
import type { DevelopmentParts } from "./parts.ts";

/** The development centre's cases by name and label. No file is opened. */
export interface DevelopmentCases {
  readonly cases: readonly Case[];
  /** In the settings' order. */
  readonly tasks: readonly TaskDefinition[];
  /** `[case][task]`; undefined where unknown. */
  readonly labels: readonly (readonly (0 | 1 | undefined)[])[];
  /** Indices of `cases`. No patient is in both. */
  readonly train: readonly number[];
  readonly validation: readonly number[];
}

/** The development centre's cases, ready to train on. No other centre's files are opened. */
export interface DevelopmentData {
  /** In the settings' order. */
  readonly tasks: readonly TaskDefinition[];
  readonly crops: readonly Crop[];
  /** `[case][task]`, in the settings' order of tasks; undefined where unknown. */
  readonly labels: readonly (readonly (0 | 1 | undefined)[])[];
  /** Indices of `crops`. No patient is in both. */
  readonly train: readonly number[];
  readonly validation: readonly number[];
  /** By task, the weight of a negative and of a positive case: their classes weigh the same, 1 a case in the mean. */
  readonly classWeights: readonly (readonly [number, number])[];
  /** Where the cases come from, each once. */
  readonly sources: readonly Source[];
  /** Of the cohort's images; absent: kidneys in HU. */
  readonly kind?: ImageKind;
  /** SHA-256 of names, labels, split and voxels; and of tasks that are not the study's. */
  readonly hash: string;
}

/**
 * @param parts in place of the seed's split and of all labels
 * @throws E_USAGE for a task or phase that is none of the cohort's, E_COHORT where the centre has no case or a
 * patient is in both parts, E_ONE_CLASS where a task has one class in either part, E_TOO_FEW for fewer training cases than a batch
 */
export function developmentCases(
  cohort: Cohort,
  settings: TrainSettings,
  parts?: DevelopmentParts,
): DevelopmentCases {
  const { center } = settings;
  const tasks = chosenTasks(tasksOf(cohort), settings.tasks, "task");
  mustHaveImages(cohort, settings);
  mustMeasureKidneys(settings, cohort);
  mustSuit(settings.crop, cohort);
  const cases = cohort.cases.filter((c) => c.center === center);
  if (cases.length === 0) {
    const centers = [...new Set(cohort.cases.map((c) => c.center))].join(", ");
    throw new TrinephronError("E_COHORT", `no case of centre ${center}`, `the cohort's centres: ${centers}`);
  }
  const unlabeled = tasks.map(({ name }) => new Set(parts?.unlabeled?.[name]));
  const labels = cases.map((c) =>
    tasks.map((task, t) => (unlabeled[t].has(c.case) ? undefined : labelOf(task, c))),
  );
  const validating = new Set(
    parts?.validation ??
      splitDevelopment(cases, { ...settings, stratifyBy: tasksOf(cohort) }).validation.map((c) => c.case),
  );
  const indices = [...cases.keys()];
  const train = indices.filter((i) => !validating.has(cases[i].case));
  const validation = indices.filter((i) => validating.has(cases[i].case));
  mustBeApart(cases, train, validation);
  tasks.forEach(({ name: task }, t) => {
    mustHaveBothClasses(labels, train, t, `${task}, training cases of centre ${center}`);
    mustHaveBothClasses(labels, validation, t, `${task}, validation cases of centre ${center}`);
  });
  if (train.length < settings.batch)
    throw new TrinephronError(
      "E_TOO_FEW",
      `${train.length} training cases of centre ${center} for batches of ${settings.batch}`,
    );
  return { cases, tasks, labels, train, validation };
}

/** @throws as `developmentCases` and `loadCrops` */
export async function developmentData(
  cohort: Cohort,
  settings: TrainSettings,
  { parts, ...options }: LoadOptions & { readonly parts?: DevelopmentParts | undefined },
): Promise<DevelopmentData> {
  const { cases, tasks, labels, train, validation } = developmentCases(cohort, settings, parts);
  const crops = await loadCrops({ ...cohort, cases }, settings.crop, options);
  return {
    tasks,
    crops,
    labels,
    train,
    validation,
    classWeights: tasks.map((_, t) => (settings.classWeights ? balance(labels, train, t) : [1, 1])),
    sources: [...new Set(cases.map(({ source }) => source))].sort(),
    ...((cohort.masks ?? cohort.intensities) && {
      kind: { masks: cohort.masks, intensities: cohort.intensities },
    }),
    hash: hashOf(tasks, crops, labels, validation),
  };
}

/** Logits and labels of one task where the label is known. @param logits `[cases, T]` of `cases` in this order */
export function labeled(
  data: DevelopmentData,
  cases: readonly number[],
  logits: Float32Array,
  t: number,
): { labels: number[]; logits: number[] } {
  const known = cases.flatMap((c, i) => (data.labels[c][t] === undefined ? [] : [[c, i] as const]));
  const tasks = data.classWeights.length;
  return {
    labels: known.map(([c]) => data.labels[c][t]!),
    logits: known.map(([, i]) => logits[i * tasks + t]),
  };
}

function mustHaveImages(cohort: Cohort, { crop }: TrainSettings): void {
  const there = phasesOf(cohort);
  const stranger = crop.phases.find((phase) => !there.includes(phase));
  if (stranger !== undefined)
    throw new TrinephronError(
      "E_USAGE",
      `settings: crop: phases: ${stranger}: no image of this cohort`,
      `its images are ${there.join(", ")}`,
    );
}

function mustBeApart(cases: readonly Case[], train: readonly number[], validation: readonly number[]): void {
  const training = new Set(train.map((i) => cases[i].patient));
  const both = validation.find((i) => training.has(cases[i].patient));
  if (both !== undefined)
    throw new TrinephronError(
      "E_COHORT",
      `patient ${cases[both].patient} both trains and validates`,
      "name all of a patient's cases in parts.validation, or none",
    );
}

type Labels = DevelopmentData["labels"];

function classCounts(labels: Labels, part: readonly number[], t: number): [number, number] {
  const positives = part.filter((c) => labels[c][t] === 1).length;
  return [part.filter((c) => labels[c][t] === 0).length, positives];
}

function mustHaveBothClasses(labels: Labels, part: readonly number[], t: number, where: string): void {
  const [negatives, positives] = classCounts(labels, part, t);
  if (negatives === 0 || positives === 0)
    throw new TrinephronError(
      "E_ONE_CLASS",
      `${where}: ${positives} positive and ${negatives} negative`,
      "add cases of the other class, or leave the task out",
    );
}

function balance(labels: Labels, part: readonly number[], t: number): readonly [number, number] {
  const [negatives, positives] = classCounts(labels, part, t);
  const n = negatives + positives;
  return [n / (2 * negatives), n / (2 * positives)];
}

function hashOf(
  tasks: readonly TaskDefinition[],
  crops: readonly Crop[],
  labels: Labels,
  validation: readonly number[],
): string {
  const hash = createHash("sha256");
  // Words and rules of the study's own tasks never change.
  if (!tasks.every(({ name }) => isStudyTask(name))) hash.update(JSON.stringify(tasks));
  crops.forEach((crop, i) => {
    hash.update(JSON.stringify([crop.case, labels[i].map((label) => label ?? null), crop.present]));
    for (const { hu, mask } of cubesOf(crop)) hash.update(hu).update(mask);
  });
  return hash.update(JSON.stringify(validation)).digest("hex");
}
