export { type Painted, paint, paintRegion } from "./paint/paint.ts";
export { type PaintedFormat, paintedFormats } from "./paint/paintCase.ts";
export type { PaintCohortOptions, PaintedCohort } from "./paint/paintCohort.ts";
export { centerStyle, patientStyle, type ScannerStyle } from "./paint/scanner/scanner.ts";
export {
  drawTumor,
  type Enhancement,
  enhancements,
  type PaintedPatient,
  type TumorDraw,
} from "./paint/tissue/enhancement.ts";
export { paintingRegion, type Region, type RegionOptions } from "./paint/tissue/region.ts";
export { type WritePaintedOptions, writePaintedCohort } from "./paint/writePaintedCohort.ts";
export { drawPatient, type PhantomPatient } from "./phantom/patient.ts";
export { phantom } from "./phantom/phantom.ts";
export { type PhantomCohortOptions, phantomCohort } from "./phantom/phantomCohort.ts";
export { type SimulateOptions, simulateCohort } from "./phantom/simulateCohort.ts";
