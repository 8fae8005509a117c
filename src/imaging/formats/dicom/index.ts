export { type DeidentifyOptions, deidentify } from "./deidentify/deidentify.ts";
export type { CodedConcept } from "./file/code.ts";
export { type DicomHeader, headerOf, type Plane, planeOf } from "./file/header.ts";
export { type DicomFile, isForeign, readHeaders } from "./file/images.ts";
export { type Parsed, parseDataSet } from "./file/parse.ts";
export { type Rescale, rescaleOf } from "./file/rescale.ts";
export { sopClassName } from "./file/sopClasses.ts";
export type { Source } from "./file/source.ts";
export { sourcesOf } from "./file/sourcesOf.ts";
export { transferSyntax } from "./file/transferSyntax.ts";
export { type PixelRange, pixelRange } from "./fileInfo.ts";
export { openPixels, type Pixels } from "./pixels/pixels.ts";
export { planesBetween, rasterise } from "./regions/rasterise.ts";
export { isSegmentation, readSegmentation, type Segment, type Segmentation } from "./regions/segmentation.ts";
export {
  type Contour,
  isStructureSet,
  type Roi,
  readStructureSet,
  type StructureSet,
} from "./regions/structureSet.ts";
export { fileRemarks } from "./series/fileRemarks.ts";
export { type CtVolume, readVolume } from "./series/readVolume.ts";
export { type Series, seriesOf } from "./series/series.ts";
export type { Slice } from "./series/slice.ts";
export { type StackGeometry, stackGeometry } from "./series/stackGeometry.ts";
export { type Stack, stacksOf } from "./series/stacks.ts";
export * from "./write/index.ts";
