import type { DicomHeader } from "../../../../imaging/formats/dicom/read.ts";
import type { Geometry } from "../../../../numerics/volume/index.ts";

/** What is known of a series beside its voxels. Undefined where the files do not say. */
export interface SeriesFacts {
  /** Unique among the series of a study. */
  readonly name: string;
  readonly description: string | undefined;
  readonly protocol: string | undefined;
  readonly studyDescription?: string | undefined;
  readonly number: number | undefined;
  readonly imageType?: readonly string[] | undefined;
  readonly kernel: string | undefined;
  readonly contrastAgent: string | undefined;
  readonly bodyPart?: string | undefined;
  /** Seconds after midnight. */
  readonly acquisitionTime: number | undefined;
  readonly contrastStartTime: number | undefined;
  /** Thickness of a slice, mm; not the distance between slices. */
  readonly sliceThickness?: number | undefined;
  /** Distance between slices, mm, their number, and how far they reach, mm. */
  readonly sliceSpacing: number;
  readonly slices?: number | undefined;
  readonly coverageMm: number;
  /** Whether slices lie across the body. Undefined is taken for yes. */
  readonly axial?: boolean | undefined;
}

/**
 * @param header of the first slice in time
 * @param geometry of the volume it becomes
 * @param thickness of a slice, mm
 */
export const factsOf = (
  name: string,
  header: DicomHeader,
  { spacing, size, direction }: Geometry,
  thickness?: number,
): SeriesFacts => ({
  name,
  description: header.series.description,
  protocol: header.series.protocol,
  studyDescription: header.study.description,
  number: header.series.number,
  imageType: header.imageType,
  kernel: header.kernel,
  contrastAgent: header.contrastAgent,
  bodyPart: header.bodyPart,
  acquisitionTime: header.acquisitionTime ?? header.contentTime,
  contrastStartTime: header.contrastStartTime,
  sliceThickness: thickness,
  sliceSpacing: spacing[2],
  slices: size[2],
  coverageMm: spacing[2] * size[2],
  axial: Math.abs(direction[2][2]) > 0.8,
});
