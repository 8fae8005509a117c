export { drawPatient, type Invasion, type PhantomPatient } from "./patient.ts";
export { type PhantomOptions, phantom } from "./phantom.ts";
export { type PhantomSpec, phantomCase } from "./phantomCase.ts";
export {
  type PhantomCohortOptions,
  phantomCohort,
  type WritePhantomOptions,
  writePhantomCohort,
} from "./phantomCohort.ts";
