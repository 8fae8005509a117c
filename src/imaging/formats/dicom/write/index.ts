export * as contentItem from "./contentItem.ts";
export {
  commonModules,
  dateAndTime,
  frameOfReferenceModule,
  type ObjectIdentity,
  type StudyContext,
  studyContext,
} from "./context.ts";
export { type CtSeriesOptions, ctSeries, type WrittenSlice } from "./ctSeries.ts";
export { encodePart10, type NaturalDataset, type NaturalValue } from "./part10.ts";
export { type RgbImage, type SecondaryCaptureOptions, secondaryCapture } from "./secondaryCapture.ts";
export { type SegmentationOptions, segmentation, trackingUid } from "./segmentation.ts";
export { type Code, codeItem, kidneyCode, type SegmentCode, segmentCodes } from "./segmentCodes.ts";
export { type SourceImage, sourceImages } from "./sourceImages.ts";
export { uid } from "./uid.ts";
export { sopClass, type WrittenObject } from "./written.ts";
