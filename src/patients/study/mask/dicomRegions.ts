import {
  type DicomFile,
  isSegmentation,
  isStructureSet,
  parseDataSet,
  readSegmentation,
  readStructureSet,
  type Segment,
} from "../../../imaging/formats/dicom/index.ts";
import { contourMask, planesLeftOut } from "./contourMask.ts";
import type { Region } from "./region.ts";

/** The regions of one DICOM Segmentation or RT Structure Set. */
export interface DicomRegions {
  readonly regions: readonly Region[];
  /** Series Instance UID of the images they were drawn on. */
  readonly referencedSeries: string | undefined;
  readonly frameOfReference: string | undefined;
}

export const holdsRegions = ({ header }: DicomFile): boolean =>
  isSegmentation(header?.sopClass) || isStructureSet(header?.sopClass);

/**
 * Reads a file that {@link holdsRegions}. ROIs without a closed contour are left out.
 * @throws as `readSegmentation` and `readStructureSet`
 */
export async function dicomRegions({ source, header }: DicomFile): Promise<DicomRegions> {
  const parsed = parseDataSet(await source.whole(), source.name);
  if (isSegmentation(header?.sopClass)) {
    const { segments, mask, referencedSeries, frameOfReference, remarks } = readSegmentation(
      parsed,
      source.name,
    );
    const regions = segments.map(({ number, label, type, region, algorithm }): Region => {
      const name = label || type?.meaning || `segment ${number}`;
      return {
        name,
        code: type,
        region,
        path: `${source.name}: ${name}`,
        source: "segmentation",
        referencedSeries,
        frameOfReference,
        remarks: () => [...remarks, ...drawnBy(algorithm)],
        mask: () => mask(number),
      };
    });
    return { regions, referencedSeries, frameOfReference };
  }
  const { rois, referencedSeries, frameOfReference, remarks } = readStructureSet(parsed, source.name);
  const regions = rois
    .filter(({ contours }) => contours.length > 0)
    .map(({ name, code, contours, skipped }): Region => {
      const path = `${source.name}: ${name}`;
      return {
        name,
        code,
        path,
        source: "structure set",
        referencedSeries,
        frameOfReference,
        remarks: (grid) => [
          ...remarks,
          ...(skipped > 0 ? [`${skipped} points or open contours passed over`] : []),
          ...planesLeftOut(contours, grid),
        ],
        mask: (grid) => contourMask(contours, grid, path),
      };
    });
  return { regions, referencedSeries, frameOfReference };
}

/** Where no hand alone drew it. */
function drawnBy(algorithm: Segment["algorithm"]): string[] {
  const how = algorithm && { AUTOMATIC: "by", SEMIAUTOMATIC: "with the help of" }[algorithm.type];
  return how ? [`drawn ${how} a program${algorithm.name ? ` (${algorithm.name})` : ""}`] : [];
}
