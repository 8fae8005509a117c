import {
  type DicomHeader,
  type RgbImage,
  secondaryCapture,
  segmentation,
  sourceImages,
  studyContext,
  uid,
} from "../../../imaging/formats/dicom/index.ts";
import { keepable } from "../../../imaging/formats/dicom/write/keepable.ts";
import {
  type AssembledStudy,
  type MaskSource,
  phasesIn,
  type StudyMask,
} from "../../../patients/study/assembled.ts";
import { type Prediction, researchUse } from "../prediction.ts";
import { structuredReport } from "./structuredReport.ts";

/** Series numbers of what is added to a study: far above a scanner's. */
const seriesNumber = { segmentation: 9101, report: 9102, picture: 9103 } as const;

/** What is stored back beside a patient's images. */
export interface DicomOutputs {
  readonly segmentation: Uint8Array;
  readonly report: Uint8Array;
  /** SOP Instance UID of the report. */
  readonly reportUid: string;
  /** A page as a picture. */
  picture(page: RgbImage): Uint8Array;
}

/**
 * The mask as DICOM SEG and the result as DICOM SR, in new series of the same study.
 * @param header of the reference phase
 * @param seed the same gives objects of the same UIDs; without it they are random
 */
export function dicomOutputs(
  prediction: Prediction,
  study: AssembledStudy & { readonly mask: StudyMask },
  header: DicomHeader,
  created: Date,
  seed?: string,
): DicomOutputs {
  const own = (what: string) => uid(seed === undefined ? undefined : `${seed} ${what}`);
  const context = studyContext(header);
  const { mask, phases, reference } = study;
  const slices = phases[reference]!.slices;
  const segSeries = own("segmentation");
  const seg = segmentation(mask.volume, {
    context,
    series: {
      uid: segSeries,
      number: seriesNumber.segmentation,
      description: "Kidney and tumour (trinephron)",
    },
    algorithm: mask.outline
      ? { type: "AUTOMATIC", name: mask.outline.program }
      : { type: "SEMIAUTOMATIC", name: drawnBy[mask.source] },
    source: sourceImages(slices),
    created,
    comments: researchUse,
    name: "mask",
  });
  const series = keepable(header).header.series.uid;
  const report = structuredReport(prediction, {
    context,
    series: { uid: own("report"), number: seriesNumber.report },
    evidence: phasesIn({ phases }).map((found) => ({
      phase: found.phase,
      images: sourceImages(found.slices),
    })),
    segment:
      series === undefined
        ? undefined
        : {
            sopInstance: seg.sopInstance,
            series: segSeries,
            // Segments are numbered in the order of their labels: the kidney's comes first, if it has one.
            number: mask.volume.data.includes(1) ? 2 : 1,
            source: series,
          },
    created,
    name: "report",
  });
  return {
    segmentation: seg.bytes,
    report: report.bytes,
    reportUid: report.sopInstance,
    picture: (page) =>
      secondaryCapture(page, {
        context,
        series: { uid: own("picture"), number: seriesNumber.picture, description: "Report of trinephron" },
        number: 1,
        created,
        burnedInAnnotation: true,
        comments: researchUse,
        name: "page",
      }).bytes,
  };
}

const drawnBy: Readonly<Record<MaskSource, string>> = {
  segmentation: "given to trinephron as DICOM SEG",
  "structure set": "given to trinephron as RTSTRUCT",
  NIfTI: "given to trinephron as NIfTI",
  "grown from a point": "trinephron, grown from a point",
  "grown from a box": "trinephron, grown from a box",
  "outlined by a program": "a program, through trinephron",
};
