import {
  type DicomFile,
  isSegmentation,
  isStructureSet,
  parseDataSet,
  readSegmentation,
  readStructureSet,
  type Segment,
} from "../../../imaging/formats/dicom/read.ts";
import { contourMask } from "./contourMask.ts";
import type { Region, RegionMask } from "./region.ts";
import { stacksOf } from "./scannedStack.ts";
import { segmentMask } from "./segmentMask.ts";

/** The regions of one DICOM Segmentation or RT Structure Set. */
export interface DicomRegions {
  readonly regions: readonly Region[];
  /** Series Instance UID of the images they were drawn on. */
  readonly referencedSeries: string | undefined;
  readonly frameOfReference: string | undefined;
  /** SOP Instance UIDs of those images, where the file lists them. */
  readonly referencedImages: readonly string[];
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
    const segmentation = readSegmentation(parsed, source.name);
    const { referencedSeries, referencedImages, frameOfReference, remarks } = segmentation;
    const regions = segmentation.segments.map(({ number, label, type, region, algorithm }): Region => {
      const name = label || type?.meaning || `segment ${number}`;
      return {
        name,
        code: type,
        region,
        path: `${source.name}: ${name}`,
        source: "segmentation",
        file: source.name,
        referencedSeries,
        frameOfReference,
        patient: header?.patient.id,
        mask: async (_, stacks) =>
          remarked([...remarks, ...drawnBy(algorithm)], await segmentMask(segmentation, number, stacks)),
      };
    });
    return { regions, referencedSeries, referencedImages, frameOfReference };
  }
  const { rois, referencedSeries, referencedImages, frameOfReference, remarks } = readStructureSet(
    parsed,
    source.name,
  );
  const others = rois.flatMap(({ contours }) => contours);
  const regions = rois
    .filter(({ contours }) => contours.length > 0)
    .map(({ name, code, contours, skipped }): Region => {
      const path = `${source.name}: ${name}`;
      return {
        name,
        code,
        path,
        source: "structure set",
        file: source.name,
        referencedSeries,
        frameOfReference,
        patient: header?.patient.id,
        mask: (grid, stacks) =>
          remarked(
            [...remarks, ...(skipped > 0 ? [`${skipped} points or open contours passed over`] : [])],
            contourMask(contours, grid, path, { stacks: stacksOf(stacks, referencedSeries), others }),
          ),
      };
    });
  return { regions, referencedSeries, referencedImages, frameOfReference };
}

/** A remark where some of the images that a file was drawn on are not there: where all are missing, they may have new UIDs. */
export function imagesMissing(
  { referencedImages }: DicomRegions,
  file: string,
  instances: ReadonlySet<string> | undefined,
): string[] {
  if (!instances) return [];
  const missing = referencedImages.filter((instance) => !instances.has(instance)).length;
  return missing > 0 && missing < referencedImages.length
    ? [`${file}: ${missing} of ${referencedImages.length} images it was drawn on are not among the files`]
    : [];
}

const remarked = (remarks: readonly string[], mask: RegionMask): RegionMask => ({
  ...mask,
  remarks: [...remarks, ...(mask.remarks ?? [])],
});

/** Where no hand alone drew it. */
function drawnBy(algorithm: Segment["algorithm"]): string[] {
  const how = algorithm && { AUTOMATIC: "by", SEMIAUTOMATIC: "with the help of" }[algorithm.type];
  return how ? [`drawn ${how} a program${algorithm.name ? ` (${algorithm.name})` : ""}`] : [];
}
