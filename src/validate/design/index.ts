export { type Perturbation, type Plan, parsePlan, plan, usualPlan } from "./plan.ts";
export { type DesignOptions, runDesign, studyFile, type TrainingItem, trainingItems } from "./runDesign.ts";
export { type StudyResults, studyResults } from "./studyResults.ts";
export { studyTables, type TextTable } from "./text.ts";
