/**
 * Simulated patients: kidneys with tumours, contrast phases painted onto masks, whole cohorts (docs/painting.md), and
 * single scans of a whole abdomen (docs/abdomen.md).
 */

export {
  type Abdomen,
  type AbdomenLandmark,
  type AbdomenPlan,
  type AbdomenSettings,
  drawAbdomen,
  planAbdomen,
} from "./abdomen/abdomen.ts";
export { type Organ, organs } from "./abdomen/canvas.ts";
export { type KidneySituation, kidneySituations } from "./abdomen/kidneys/situation.ts";
export { type AbdomenPhase, abdomenPhases } from "./abdomen/materials.ts";
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
