import type { NaturalDataset } from "../part10.ts";

/** A stored object that a report rests on. */
export interface EvidenceObject {
  readonly sopClass: string;
  readonly sopInstance: string;
  /** UID of its series. */
  readonly series: string;
  /** UID of its study; the report's own by default. */
  readonly study?: string | undefined;
}

/**
 * All objects a report names, by study and series: Current Requested Procedure Evidence Sequence (PS3.3 C.17.2).
 * Undefined where there are none.
 *
 * @param study UID of the report's study
 */
export function procedureEvidence(
  study: string,
  objects: readonly EvidenceObject[],
): NaturalDataset[] | undefined {
  if (objects.length === 0) return undefined;
  const byStudy = Map.groupBy(objects, (object) => object.study ?? study);
  return [...byStudy].map(([uid, inside]) => ({
    ReferencedSeriesSequence: [...Map.groupBy(inside, ({ series }) => series)].map(seriesItem),
    StudyInstanceUID: uid,
  }));
}

const seriesItem = ([series, objects]: readonly [string, readonly EvidenceObject[]]): NaturalDataset => ({
  ReferencedSOPSequence: objects.map(({ sopClass, sopInstance }) => ({
    ReferencedSOPClassUID: sopClass,
    ReferencedSOPInstanceUID: sopInstance,
  })),
  SeriesInstanceUID: series,
});
