export { type Code, type CodingScheme, codeItem, dcm, sct, ucum } from "./code.ts";
export {
  commonModules,
  dateAndTime,
  frameOfReferenceModule,
  type ObjectIdentity,
  type StudyContext,
  studyContext,
} from "./context.ts";
export { type CtSeriesOptions, ctSeries, type WrittenSlice } from "./ctSeries.ts";
export { isUid, type Keepable, keepable } from "./keepable.ts";
export { encodePart10, type NaturalDataset, type NaturalValue } from "./part10.ts";
export { type RgbImage, type SecondaryCaptureOptions, secondaryCapture } from "./secondaryCapture.ts";
export { type SegmentationOptions, segmentation, trackingUid } from "./segmentation.ts";
export { kidneyCode, type SegmentCode, segmentCodes } from "./segmentCodes.ts";
export { type SourceImage, sourceImages } from "./sourceImages.ts";
export { type Algorithm, algorithmIdentification } from "./sr/algorithm.ts";
export { type ComprehensiveSrOptions, comprehensiveSr } from "./sr/comprehensiveSr.ts";
export * as contentItem from "./sr/contentItem.ts";
export type { DeviceObserver } from "./sr/deviceObserver.ts";
export type { ImageGroup } from "./sr/imageLibrary.ts";
export type { MeasurementGroup, ReferencedSegment } from "./sr/measurementGroup.ts";
export { type MeasurementReport, measurementReport } from "./sr/measurementReport.ts";
export type { EvidenceObject } from "./sr/procedureEvidence.ts";
export { templateCodes } from "./sr/templateCodes.ts";
export { uid } from "./uid.ts";
export { sopClass, type WrittenObject } from "./written.ts";
