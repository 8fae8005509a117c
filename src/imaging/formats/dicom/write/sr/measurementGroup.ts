import type { Code } from "../code.ts";
import { sopClass } from "../written.ts";
import { type Algorithm, algorithmIdentification } from "./algorithm.ts";
import { type Children, type ContentItem, code, container, image, text, uidref } from "./contentItem.ts";
import { templateCodes } from "./templateCodes.ts";

/** One segment of a stored segmentation. */
export interface ReferencedSegment {
  /** SOP Instance UID of the segmentation and UID of its series. */
  readonly sopInstance: string;
  readonly series: string;
  /** Segment Number. */
  readonly number: number;
  /** UID of the series it was drawn on. */
  readonly source: string;
}

/** What was measured of one finding, by whom and where. */
export interface MeasurementGroup {
  /** Of what was measured: the same in every report of it. */
  readonly tracking: { readonly name: string; readonly uid: string };
  readonly finding: Code;
  /** Undefined where no region is stored: the measurements then name none. */
  readonly segment?: ReferencedSegment | undefined;
  readonly site: { readonly code: Code; readonly laterality?: Code | undefined };
  readonly algorithm: Algorithm;
  /** Measurements and evaluations, each as `CONTAINS`. */
  readonly content: Children;
}

/** What was measured of one finding: TID 1411, or TID 1501 where no segment can be named (PS3.16). */
export function measurementGroup(group: MeasurementGroup): ContentItem {
  const { tracking, finding, segment, site, algorithm, content } = group;
  const { laterality } = site;
  return container(
    "CONTAINS",
    templateCodes.measurementGroup,
    [
      text("HAS OBS CONTEXT", templateCodes.trackingIdentifier, tracking.name),
      uidref("HAS OBS CONTEXT", templateCodes.trackingUid, tracking.uid),
      code("CONTAINS", templateCodes.finding, finding),
      ...(segment ? regionOf(segment) : []),
      code("HAS CONCEPT MOD", templateCodes.findingSite, site.code, [
        laterality && code("HAS CONCEPT MOD", templateCodes.laterality, laterality),
      ]),
      ...algorithmIdentification(algorithm),
      ...content,
    ],
    segment ? "1411" : "1501",
  );
}

const regionOf = ({ sopInstance, number, source }: ReferencedSegment): ContentItem[] => [
  image("CONTAINS", templateCodes.referencedSegment, {
    sopClass: sopClass.segmentation,
    sopInstance,
    segment: number,
  }),
  uidref("CONTAINS", templateCodes.sourceSeries, source),
];
