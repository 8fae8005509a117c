import type { DicomHeader } from "../../formats/dicom/index.ts";
import type { Geometry } from "../../volume/index.ts";

/** What is known of a series beside its voxels. Undefined where the files do not say. */
export interface SeriesFacts {
  /** Unique among the series of a study. */
  readonly name: string;
  readonly description: string | undefined;
  readonly protocol: string | undefined;
  readonly kernel: string | undefined;
  readonly contrastAgent: string | undefined;
  /** Seconds after midnight. */
  readonly acquisitionTime: number | undefined;
  readonly contrastStartTime: number | undefined;
  readonly number: number | undefined;
  /** Distance between slices, mm, and how far they reach, mm. */
  readonly sliceSpacing: number;
  readonly coverageMm: number;
}

/** @param header of the first slice in time @param geometry of the volume it becomes */
export const factsOf = (name: string, header: DicomHeader, geometry: Geometry): SeriesFacts => ({
  name,
  description: header.series.description,
  protocol: header.series.protocol,
  kernel: header.kernel,
  contrastAgent: header.contrastAgent,
  acquisitionTime: header.acquisitionTime ?? header.contentTime,
  contrastStartTime: header.contrastStartTime,
  number: header.series.number,
  sliceSpacing: geometry.spacing[2],
  coverageMm: geometry.spacing[2] * geometry.size[2],
});
