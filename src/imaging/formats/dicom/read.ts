/** What reads DICOM without anything of Node: from bytes to volumes, segments and contours. */

export type { DicomHeader, Plane } from "./file/header.ts";
export { type DicomFile, readHeaders } from "./file/images.ts";
export { NotDicomError, parseDataSet } from "./file/parse.ts";
export type { Source } from "./file/source.ts";
export { isSegmentation, readSegmentation, type Segment, type Segmentation } from "./regions/segmentation.ts";
export { type Contour, isStructureSet, readStructureSet } from "./regions/structureSet.ts";
export { readVolume } from "./series/readVolume.ts";
export { seriesOf } from "./series/series.ts";
export type { Slice } from "./series/slice.ts";
export { type StackGeometry, stackGeometry } from "./series/stackGeometry.ts";
export type { Stack } from "./series/stacks.ts";
export type { CodedConcept } from "./values/code.ts";
