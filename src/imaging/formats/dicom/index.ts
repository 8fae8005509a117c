/**
 * DICOM read, written and de-identified: CT series as volumes in HU, segmentations, structure sets. docs/dicom.md
 * and docs/dicom-write.md are the guides.
 */

export { type DeidentifyOptions, deidentify } from "./deidentify/deidentify.ts";
export type { DicomHeader, Plane } from "./file/header.ts";
export { type DicomFile, readHeaders } from "./file/images.ts";
export { NotDicomError, type Parsed, parseDataSet } from "./file/parse.ts";
export type { Source } from "./file/source.ts";
export { sourcesOf } from "./file/sourcesOf.ts";
export type { PixelFormat } from "./pixels/pixelFormat.ts";
export { openPixels, type Pixels } from "./pixels/pixels.ts";
export { rasterize } from "./regions/rasterize.ts";
export {
  isSegmentation,
  readSegmentation,
  type Segment,
  type Segmentation,
  type SegmentFrame,
} from "./regions/segmentation.ts";
export {
  type Contour,
  isStructureSet,
  type Roi,
  readStructureSet,
  type StructureSet,
} from "./regions/structureSet.ts";
export { type CtVolume, readVolume } from "./series/readVolume.ts";
export { type Series, seriesOf } from "./series/series.ts";
export type { Slice, SlicesAside } from "./series/slice.ts";
export { type StackGeometry, stackGeometry } from "./series/stackGeometry.ts";
export { type Stack, stacksOf } from "./series/stacks.ts";
export type { CodedConcept } from "./values/code.ts";
export { type Code, type CodingScheme, dcm, sct, ucum } from "./write/code.ts";
export { type ObjectIdentity, type StudyContext, studyContext } from "./write/context.ts";
export { type CtSeriesOptions, ctSeries, type WrittenSlice } from "./write/ctSeries.ts";
export { encodePart10, type NaturalDataset, type NaturalValue } from "./write/part10.ts";
export { type RgbImage, type SecondaryCaptureOptions, secondaryCapture } from "./write/secondaryCapture.ts";
export { type SegmentationOptions, segmentation } from "./write/segmentation.ts";
export { type SegmentCode, segmentCodes } from "./write/segmentCodes.ts";
export { type SourceImage, sourceImages } from "./write/sourceImages.ts";
export { type Algorithm, algorithmIdentification } from "./write/sr/algorithm.ts";
export { type ComprehensiveSrOptions, comprehensiveSr } from "./write/sr/comprehensiveSr.ts";
export * as contentItem from "./write/sr/contentItem.ts";
export type { DeviceObserver } from "./write/sr/deviceObserver.ts";
export type { ImageGroup } from "./write/sr/imageLibrary.ts";
export type { MeasurementGroup, ReferencedSegment } from "./write/sr/measurementGroup.ts";
export { type MeasurementReport, measurementReport } from "./write/sr/measurementReport.ts";
export type { EvidenceObject } from "./write/sr/procedureEvidence.ts";
export { templateCodes } from "./write/sr/templateCodes.ts";
export { uid } from "./write/uid.ts";
export type { WrittenObject } from "./write/written.ts";
