export { runPool, serve } from "../../pool.ts";
export { claimFolder } from "./claim.ts";
export { clinicalTable, studyFolder } from "./dicomFiles.ts";
export { dicomStudy, type PlacedObject, paintedPatientId } from "./dicomStudy.ts";
export {
  drawTumour,
  type Enhancement,
  enhancements,
  type PaintedPatient,
  type TumourDraw,
} from "./enhancement.ts";
export { paintedBefore, paintedPaths, settingsHash, writePainted } from "./files.ts";
export { type Painted, paint, paintRegion } from "./paint.ts";
export { type PaintedFormat, paintedFormats } from "./paintCase.ts";
export { type PaintCohortOptions, type PaintedCohort, paintCohort } from "./paintCohort.ts";
export { paintingRegion, type Region, type RegionOptions, type Side } from "./region.ts";
export { centerStyle, patientStyle, type ScannerStyle } from "./scanner.ts";
export { smoothField } from "./smoothField.ts";
export { type Tissue, type TissueHu, tissueHu, tissues } from "./tissues.ts";
