/**
 * The whole main job from code: a cohort, models trained on it, their validation and report, and one patient's study
 * read by one of them. Images, scores, statistics and the engine are subpaths of their own.
 */

export { codes, type ErrorCode, TrinephronError } from "./base/errors.ts";
export { version } from "./base/version.ts";
export type { Progress, Work } from "./base/work.ts";
export type { PredictionPictures, TaskMaps } from "./evidence/predict/pictures.ts";
export type { Prediction } from "./evidence/predict/prediction.ts";
export { type PredictedStudy, type PredictOptions, predictStudy } from "./evidence/predict/predictStudy.ts";
export { predictionText } from "./evidence/predict/text.ts";
export { type PredictionRow, readPredictions, writePredictions } from "./evidence/predictions/predictions.ts";
export type { Thresholds } from "./evidence/predictions/thresholds.ts";
export { type Reading, readReaders, writeReaders } from "./evidence/readers/readings.ts";
export { simulateReaders } from "./evidence/readers/simulateReaders.ts";
export { parseResults, type Results } from "./evidence/validate/results.ts";
export {
  type Validation,
  type ValidationOptions,
  validateModels,
} from "./evidence/validate/validateModels.ts";
export type { Crop, CropSettings, Cube } from "./learning/crop/cropInput.ts";
export { type PretrainOptions, pretrain } from "./learning/pretrain/pretrain.ts";
export { type PretrainSettings, parsePretrainSettings } from "./learning/pretrain/pretrainSettings.ts";
export { outlineWith } from "./learning/segmentation/outline/outlineWith.ts";
export type { DevelopmentParts } from "./learning/train/parts.ts";
export { type TrainOptions, train } from "./learning/train/train.ts";
export { type BaseConfig, completeSettings } from "./learning/trained/baseModel.ts";
export type { FamiliarityRecord } from "./learning/trained/familiarity.ts";
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
  type ImageKind,
  type MaskKind,
  type MaskOrigin,
  type Part,
  type Phase,
  phases,
  phasesOf,
  type Source,
  type Stage,
  type StudyPhase,
} from "./patients/cohort/case.ts";
export { type CheckOptions, checkCohort, type Finding } from "./patients/cohort/check/check.ts";
export { type ReadCohortOptions, readCohort, writeCohort } from "./patients/cohort/csv.ts";
export type { FlowStep } from "./patients/cohort/flow.ts";
export type { Task, TaskDefinition } from "./patients/cohort/taskDefinition.ts";
export { labelOf, studyTasks, tasksOf } from "./patients/cohort/tasks.ts";
export type { Doubt } from "./patients/import/clinical/clinical.ts";
export type { Mapping } from "./patients/import/clinical/mapping.ts";
export {
  type ImportCohortOptions,
  type ImportedCohort,
  importCohort,
} from "./patients/import/importCohort.ts";
export type { Identity, ImportedDicom } from "./patients/import/importDicom.ts";
export {
  type ImportedMedmnist,
  type ImportMedmnistOptions,
  importMedmnist,
} from "./patients/import/medmnist/importMedmnist.ts";
export {
  type ImportedNifti,
  type ImportNiftiOptions,
  importNifti,
} from "./patients/import/nifti/importNifti.ts";
export type { ImportChoices, NotImported } from "./patients/import/options.ts";
export type { AssembleOptions } from "./patients/study/assemble.ts";
export type {
  AlignedPhase,
  Alignment,
  AssembledStudy,
  GrownSource,
  MaskedStudy,
  MaskSource,
  Outline,
  Pointed,
  StudyMask,
  StudyOutline,
} from "./patients/study/assembled.ts";
export { type AssembleNiftiOptions, assembleNifti } from "./patients/study/assembleNifti.ts";
export { readStudy } from "./patients/study/readStudy.ts";
export type { Remark } from "./patients/study/remark.ts";
export { type FigureFile, reportFigures } from "./report/figureFiles.ts";
export {
  type PredictionFileOptions,
  predictionFiles,
  type WrittenPrediction,
  writePrediction,
} from "./report/prediction/predictionFiles.ts";
export { renderReport } from "./report/report.ts";
export { textSummary } from "./report/textSummary.ts";
export { validationFiles, writeValidation } from "./report/writeValidation.ts";
