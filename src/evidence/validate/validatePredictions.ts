import { TrinephronError } from "../../base/errors.ts";
import { software } from "../../base/version.ts";
import { confusion, delongAuc, delongPaired, operating, roc } from "../../numerics/stats/index.ts";
import type { TaskDefinition } from "../../patients/cohort/taskDefinition.ts";
import { areStudyTasks, studyTasks } from "../../patients/cohort/tasks.ts";
import type { PredictionRow } from "../predictions/predictions.ts";
import { type TaskSample, taskSample } from "../predictions/taskSample.ts";
import { type Thresholds, thresholdOf } from "../predictions/thresholds.ts";
import { readerAgreement } from "../readers/analysis/readerAgreement.ts";
import { calledReadings } from "../readers/analysis/readerCutoff.ts";
import { modelAgainstReaders, readersWithModel } from "../readers/analysis/readerMrmc.ts";
import { readerStudy } from "../readers/analysis/readerStudy.ts";
import { singleReads } from "../readers/analysis/repeatedReads.ts";
import type { Reading } from "../readers/readings.ts";
import { calibrationOf } from "./calibration.ts";
import { decisionOf } from "./decision.ts";
import { checkExternal } from "./external.ts";
import type { Results } from "./results.ts";

/** Everything the caller knows and a table of predictions does not tell. */
export interface ValidationInput
  extends Pick<Results, "created" | "seed" | "study" | "flow" | "table1" | "models">,
    Partial<Pick<Results, "efficiency" | "gates" | "training" | "cards" | "examples">> {
  /** What was asked, in the order of every table; default the study's three. */
  readonly tasks?: readonly TaskDefinition[];
  /** Of the external centres only. */
  readonly predictions: readonly PredictionRow[];
  readonly thresholds: Thresholds;
  readonly readers: readonly Reading[];
  /** Ids of every case seen in training, tuning or choosing thresholds: none may be among the predictions. */
  readonly developmentCases?: Iterable<string>;
  /** Of each bootstrap; default 1000. */
  readonly replicates?: number;
}

/**
 * External validation: from predictions to everything a report prints of them.
 *
 * For each task with predictions: AUC and 95 % interval of each model (DeLong), the multi-task model against each
 * other model on the same cases (paired DeLong; p not adjusted for the number of tests), ROC curves, calibration,
 * decision curves with bootstrap bands, the operating points at the given thresholds (Wilson's intervals), and each reader and the mean of readers against the
 * multi-task model.
 * Pure: same input, same output. Nothing is fitted to, and no threshold chosen on, the external cases.
 * @throws E_COHORT where a case of the development centre is among the predictions, or a reading has no prediction
 * @throws E_ONE_CLASS, E_TOO_FEW naming the task and centre whose labels allow no AUC
 * @throws E_FORMAT where a model's column or threshold is missing, or no model is the multi-task one
 */
export function validatePredictions(input: ValidationInput): Results {
  const { predictions, models, study, tasks = studyTasks } = input;
  checkExternal(predictions, study, input.developmentCases);
  const main = models.find((m) => m.kind === "mtdl")?.id;
  if (main === undefined) throw new TrinephronError("E_FORMAT", "models: none of kind mtdl");
  const found = tasks.map((task) => ({ task, sample: taskSample(task, predictions) }));
  const samples = found.flatMap(({ sample }) => sample ?? []);
  if (samples.length === 0) throw new TrinephronError("E_TOO_FEW", "predictions: no rows");
  const perModel = samples.flatMap((sample) =>
    models.map(({ id }) => ({ task: sample.task, model: id, sample, scores: sample.scores(id) })),
  );
  const pairs = samples.flatMap((sample) =>
    models.filter(({ id }) => id !== main).map(({ id }) => comparison(sample, main, id)),
  );
  const unlabeled = samples.map(({ task }) => ({
    task,
    n: predictions.filter((p) => p.task === task && p.label === undefined).length,
  }));
  const keys = new Set(predictions.map((p) => `${p.task}\u0000${p.case}`));
  const { readings: called, notes: repeated } = singleReads(calledReadings(input.readers), tasks);
  const readers = readerStudy(called, samples, (task, id) => keys.has(`${task}\u0000${id}`), main);
  const against = modelAgainstReaders(called, samples, main);
  const aid = readersWithModel(called, samples);
  const resampling = { seed: input.seed, replicates: input.replicates ?? 1000 };
  return {
    format: "trinephron-results/1",
    software,
    created: input.created,
    seed: input.seed,
    study: {
      ...study,
      notes: [
        ...study.notes,
        ...found.filter((f) => !f.sample).map((f) => `${f.task.title}: no predictions, not validated.`),
        ...samples.flatMap(({ definition }, i) => leftOut(definition, unlabeled[i].n)),
        ...simulated(input.readers),
        ...repeated,
        ...[...pairs, ...readers].flatMap((o) => ("note" in o ? o.note : [])),
        ...against.notes,
        ...aid.notes,
      ],
    },
    flow: input.flow,
    table1: input.table1,
    ...(!areStudyTasks(tasks) && { tasks: [...tasks] }),
    models,
    unlabeled,
    auc: perModel.map(({ task, model, sample, scores }) => {
      const { value, ci } = delongAuc(sample.labels, scores);
      const n = sample.labels.length;
      return { task, model, n, positives: sample.positives, value, ci: [...ci], method: "DeLong" };
    }),
    comparisons: pairs.flatMap((o) => ("row" in o ? o.row : [])),
    roc: perModel.map(({ task, model, sample, scores }) => ({
      task,
      model,
      points: roc(sample.labels, scores).map((p) => [p.falsePositiveRate, p.truePositiveRate]),
    })),
    operating: perModel.map(({ task, model, sample, scores }) => {
      const { threshold, chosen } = thresholdOf(input.thresholds, task, model);
      return { task, model, threshold, chosen, ...operating(confusion(sample.labels, scores, threshold)) };
    }),
    decision: samples.map((sample) => decisionOf(sample, models, main, resampling)),
    calibration: perModel.map(({ task, model, sample, scores }) =>
      calibrationOf({ task, model, labels: sample.labels, probabilities: scores, ...resampling }),
    ),
    readers: readers.flatMap((o) => ("row" in o ? o.row : [])),
    readerAnalyses: {
      againstMtdl: [...against.rows],
      aid: [...aid.rows],
      agreement: [...readerAgreement(called, samples).rows],
    },
    efficiency: input.efficiency ?? null,
    gates: input.gates ?? [],
    training: input.training ?? [],
    cards: input.cards ?? [],
    examples: input.examples ?? [],
  };
}

/** One paired test; a note where it has no variance, for an infinite z fits no table. */
function comparison(sample: TaskSample, a: string, b: string) {
  const { task, labels } = sample;
  const { difference, ci, z, p } = delongPaired(labels, sample.scores(a), sample.scores(b));
  if (!Number.isFinite(z))
    return { note: `${a} against ${b}, ${task}: no DeLong test (one curve perfect, the other flat).` };
  const row: Results["comparisons"][number] = {
    task,
    a,
    b,
    difference,
    ci: [...ci],
    z,
    p,
    method: "DeLong, paired",
  };
  return { row };
}

const leftOut = ({ title }: TaskDefinition, n: number): string[] =>
  n === 0 ? [] : [`${title}: ${n} case${n === 1 ? "" : "s"} without a label left out.`];

function simulated(readings: readonly Reading[]): string[] {
  const names = [...new Set(readings.filter((r) => r.simulated).map((r) => r.reader))];
  return names.length === 0
    ? []
    : [`Simulated readers, no human being read these cases: ${names.join(", ")}.`];
}
