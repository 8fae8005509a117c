export { type FhirBundle, fhirReport } from "./fhir.ts";
export type { PredictionPictures, TaskMaps } from "./pictures.ts";
export { type Prediction, predictionSchema, researchUse } from "./prediction.ts";
export { type Answer, openPredictor, type Predictor } from "./predictor.ts";
export { type PredictedStudy, type PredictOptions, predictStudy, withMask } from "./predictStudy.ts";
export { structuredReport } from "./structuredReport.ts";
