/**
 * Simulated patients: kidneys with tumours, contrast phases painted onto masks, whole cohorts. docs/painting.md is
 * the guide.
 */

export { type Painted, paint, paintRegion } from "./paint/paint.ts";
export type { PaintedFormat } from "./paint/paintCase.ts";
export type { PaintCohortOptions, PaintedCohort } from "./paint/paintCohort.ts";
export { centerStyle, type ScannerStyle } from "./paint/scanner/scanner.ts";
export type { PaintedPatient } from "./paint/tissue/enhancement.ts";
export type { Region, RegionOptions } from "./paint/tissue/region.ts";
export { type WritePaintedOptions, writePaintedCohort } from "./paint/writePaintedCohort.ts";
export { drawPatient, type Invasion, type PhantomPatient } from "./phantom/patient.ts";
export { type PhantomOptions, phantom } from "./phantom/phantom.ts";
export {
  type PhantomCohortOptions,
  phantomCohort,
  type WritePhantomOptions,
} from "./phantom/phantomCohort.ts";
export { type SimulateOptions, simulateCohort } from "./phantom/simulateCohort.ts";
