import { software } from "../../base/version.ts";
import { encodeOnnx } from "../../numerics/graph/index.ts";
import { logistic, youden } from "../../numerics/stats/index.ts";
import type { Task } from "../../patients/cohort/taskDefinition.ts";
import { isStudyTask } from "../../patients/cohort/tasks.ts";
import { type Calibration, deployedModel } from "../model/model.ts";
import type { FamiliarityRecord } from "../trained/familiarity.ts";
import { type ModelConfig, modelMetadata } from "../trained/modelFolder.ts";
import { networkConfig } from "../trained/networkConfig.ts";
import type { TrainSettings } from "../trained/settings.ts";
import { type DevelopmentData, labeled } from "./development.ts";

/** What training found: the weights kept and how they answer the validation cases. */
export interface Trained {
  /** Every parameter by name. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** `[validation cases, T]`, uncalibrated. */
  readonly logits: Float32Array;
  readonly validationAuc: Readonly<Partial<Record<Task, number>>>;
  readonly bestEpoch: number;
  /** Hash of the base model it started from. */
  readonly baseModel?: string | undefined;
  /** What the development cases look like to it. */
  readonly familiarity?: FamiliarityRecord;
}

/** Ridge on Platt's slope: as strong as a handful of cases. */
const ridge = 0.5;

/** The model to hand out: calibrated (Platt 1999) and with Youden's thresholds, both on the validation cases. */
export function deploy(
  trained: Trained,
  data: DevelopmentData,
  settings: TrainSettings,
): { config: ModelConfig; onnx: Uint8Array } {
  const { tasks } = settings;
  const perTask = tasks.map((task, t) => {
    const { labels, logits } = labeled(data, data.validation, trained.logits, t);
    const calibration = platt(labels, logits);
    const probabilities = logits.map(
      (x) => 1 / (1 + Math.exp(-(calibration.slope * x + calibration.intercept))),
    );
    return { task, calibration, threshold: youden(labels, probabilities).threshold };
  });
  const config: ModelConfig = {
    format: "trinephron-model/2",
    software,
    kind: tasks.length > 1 ? "mtdl" : "stdl",
    tasks,
    ...(!tasks.every(isStudyTask) && { definitions: [...data.tasks] }),
    phases: settings.crop.phases,
    ...data.kind,
    settings,
    parameters: [...trained.weights.values()].reduce((sum, { length }) => sum + length, 0),
    thresholds: Object.fromEntries(perTask.map(({ task, threshold }) => [task, threshold])),
    thresholdChosen: `Youden's index on ${data.validation.length} validation cases of centre ${settings.center}`,
    calibration: Object.fromEntries(perTask.map(({ task, calibration }) => [task, calibration])),
    dataHash: data.hash,
    sources: [...data.sources],
    ...(trained.baseModel !== undefined && { baseModel: trained.baseModel }),
    cases: { train: data.train.length, validation: data.validation.length },
    bestEpoch: trained.bestEpoch,
    validationAuc: trained.validationAuc,
  };
  const calibration = perTask.map((p) => p.calibration);
  const graph = deployedModel(
    networkConfig(settings),
    trained.weights,
    calibration,
    modelMetadata(config, trained.familiarity),
  );
  return { config, onnx: encodeOnnx(graph, { shapes: true }) };
}

function platt(labels: readonly number[], logits: readonly number[]): Calibration {
  const { intercept, slopes } = logistic(
    logits.map((x) => [x]),
    labels,
    ridge,
  );
  // A fit that turns the order round says the validation set is too small to say anything.
  return slopes[0] > 0 ? { slope: slopes[0], intercept } : { slope: 1, intercept: 0 };
}
