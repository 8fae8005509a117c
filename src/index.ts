/**
 * The whole main job from code: a cohort, models trained on it, their validation and report, and one patient's study
 * read by one of them. Images, scores, statistics and the engine are subpaths of their own.
 */

export { codes, type ErrorCode, TrinephronError } from "./base/errors.ts";
export { version } from "./base/version.ts";
export type { Progress, Work } from "./base/work.ts";
export type { Prediction } from "./evidence/predict/prediction.ts";
export {
  type PredictedStudy,
  type PredictOptions,
  predictStudy,
  withMask,
} from "./evidence/predict/predictStudy.ts";
export { predictionText } from "./evidence/predict/text.ts";
export { type PredictionRow, readPredictions, writePredictions } from "./evidence/predictions/predictions.ts";
export { type Reading, readReaders, writeReaders } from "./evidence/readers/readings.ts";
export { simulateReaders } from "./evidence/readers/simulateReaders.ts";
export { parseResults, type Results } from "./evidence/validate/results.ts";
export {
  type Validation,
  type ValidationOptions,
  validateModels,
} from "./evidence/validate/validateModels.ts";
export { type TrainOptions, train } from "./learning/train/train.ts";
export { type ModelConfig, type ModelFolder, readModelFolder } from "./learning/trained/modelFolder.ts";
export {
  parseTrainSettings,
  type TrainSettings,
  type TrainSettingsInput,
} from "./learning/trained/settings.ts";
export {
  type Case,
  type Cohort,
  type Complexity,
  type Histology,
  type Phase,
  phases,
  type Source,
  type Stage,
} from "./patients/cohort/case.ts";
export { type CheckOptions, checkCohort, type Finding } from "./patients/cohort/check/check.ts";
export { readCohort, writeCohort } from "./patients/cohort/csv.ts";
export { definitions as taskDefinitions, type Task, tasks } from "./patients/cohort/tasks.ts";
export {
  type ImportCohortOptions,
  type ImportedCohort,
  importCohort,
} from "./patients/import/importCohort.ts";
export type { AssembleOptions } from "./patients/study/assemble.ts";
export type {
  AlignedPhase,
  Alignment,
  AssembledStudy,
  MaskSource,
  StudyMask,
} from "./patients/study/assembled.ts";
export { assembleNifti } from "./patients/study/assembleNifti.ts";
export { readStudy } from "./patients/study/readStudy.ts";
export type { Remark } from "./patients/study/remark.ts";
export { type FigureFile, reportFigures } from "./report/figureFiles.ts";
export {
  predictionFiles,
  type WrittenPrediction,
  writePrediction,
} from "./report/prediction/predictionFiles.ts";
export { renderReport } from "./report/report.ts";
export { textSummary } from "./report/textSummary.ts";
export { validationFiles, writeValidation } from "./report/writeValidation.ts";
