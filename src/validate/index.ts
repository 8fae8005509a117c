export { checkExternal } from "./external.ts";
export { parseJson, parseResults } from "./parseJson.ts";
export {
  formatPredictions,
  type Prediction,
  parsePredictions,
  readPredictions,
  writePredictions,
} from "./predictions.ts";
export { readerAgreement } from "./readerAgreement.ts";
export { type CalledReading, calledReadings, readerDecisions } from "./readerCutoff.ts";
export { modelAgainstReaders, readersWithModel } from "./readerMrmc.ts";
export type { ReaderAnalyses } from "./readerResults.ts";
export { formatReaders, parseReaders, type Reading, readReaders, writeReaders } from "./readers.ts";
export { type FlowStep, type Results, results, type Table1 } from "./results.ts";
export { simulateReaders } from "./simulateReaders.ts";
export { parseTable, requireColumns, type Table } from "./table.ts";
export { parseThresholds, type Thresholds, thresholds } from "./thresholds.ts";
export { type StudyInput, validateStudy } from "./validateStudy.ts";
