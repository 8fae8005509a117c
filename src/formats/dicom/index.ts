export type { CodedConcept } from "./code.ts";
export { type DeidentifyOptions, deidentify } from "./deidentify.ts";
export { type PixelRange, pixelRange } from "./fileInfo.ts";
export { type DicomHeader, headerOf, type Plane, planeOf } from "./header.ts";
export { type DicomFile, readHeaders } from "./images.ts";
export { type Parsed, parseDataSet } from "./parse.ts";
export { openPixels, type Pixels } from "./pixels.ts";
export { planesBetween, rasterise } from "./rasterise.ts";
export { type CtVolume, readVolume } from "./readVolume.ts";
export { type Rescale, rescaleOf } from "./rescale.ts";
export { isSegmentation, readSegmentation, type Segment, type Segmentation } from "./segmentation.ts";
export { type Series, type Slice, seriesOf } from "./series.ts";
export { sopClassName } from "./sopClasses.ts";
export { type Source, sourcesOf } from "./source.ts";
export { type StackGeometry, stackGeometry } from "./stackGeometry.ts";
export { type Stack, stacksOf } from "./stacks.ts";
export {
  type Contour,
  isStructureSet,
  type Roi,
  readStructureSet,
  type StructureSet,
} from "./structureSet.ts";
export { transferSyntax } from "./transferSyntax.ts";
export * from "./write/index.ts";
