export {
  type Case,
  type Cohort,
  type Complexity,
  complexities,
  type Histology,
  histologies,
  type Phase,
  phases,
  type Source,
  type Stage,
  sources,
  stages,
} from "./case.ts";
export { type Enhancement, enhancement, phaseFault } from "./check/phaseOrder.ts";
export { type CheckOptions, checkCohort, type Finding, mustBeSound } from "./check.ts";
export { complexityOf } from "./complexity.ts";
export {
  cohortFile,
  formatCohort,
  type ParsedCohort,
  parseCohort,
  type ReadCohortOptions,
  readCohort,
  writeCohort,
} from "./csv.ts";
export { type FlowStep, flowOf, flowStep, readFlow, writeFlow } from "./flow.ts";
export { type ImportedCohort, type ImportKitsOptions, importKits } from "./kits/index.ts";
export { foldsOf, type Split, type SplitOptions, splitDevelopment } from "./split.ts";
export { stageGroup } from "./stageGroup.ts";
export { type ClassCount, classCounts, summarise } from "./summary.ts";
export { type Table1, table1 } from "./table1.ts";
export { definitions, type Task, tasks } from "./tasks.ts";
