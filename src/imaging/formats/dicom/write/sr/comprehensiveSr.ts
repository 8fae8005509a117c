import { type CodingScheme, codingSchemeItem } from "../code.ts";
import { commonModules, dateAndTime, type StudyContext } from "../context.ts";
import { encodePart10, type NaturalDataset } from "../part10.ts";
import { uid } from "../uid.ts";
import { sopClass, type WrittenObject } from "../written.ts";
import type { ContentItem } from "./contentItem.ts";
import { type EvidenceObject, procedureEvidence } from "./procedureEvidence.ts";

/** What a structured report says besides its content. */
export interface ComprehensiveSrOptions {
  readonly context: StudyContext;
  readonly series: { readonly uid: string; readonly number: number; readonly description: string };
  /** Stored objects that the content names. */
  readonly evidence: readonly EvidenceObject[];
  /** What the report lacks, which makes it partial; undefined where it is complete. */
  readonly lacks?: string | undefined;
  /** Schemes of one's own that the content's codes are of. */
  readonly codingSchemes?: readonly CodingScheme[];
  readonly created: Date;
  /** Names the report in errors. */
  readonly name: string;
}

/**
 * A root container as a DICOM Comprehensive SR (PS3.3 A.35.3), preliminary and never verified, the only one of its
 * series. Its UID follows from the series' UID.
 */
export function comprehensiveSr(root: ContentItem, options: ComprehensiveSrOptions): WrittenObject {
  const { context, series, evidence, lacks, codingSchemes = [], created, name } = options;
  const sopInstance = uid(`${series.uid} report`);
  const { date, time } = dateAndTime(created);
  const object = {
    sopClass: sopClass.comprehensiveSr,
    sopInstance,
    modality: "SR",
    series,
    number: 1,
    created,
  };
  const dataset: NaturalDataset = {
    ...commonModules(context, object),
    CodingSchemeIdentificationSequence:
      codingSchemes.length === 0 ? undefined : codingSchemes.map(codingSchemeItem),
    ReferencedPerformedProcedureStepSequence: null,
    PreliminaryFlag: "PRELIMINARY",
    CompletionFlag: lacks === undefined ? "COMPLETE" : "PARTIAL",
    CompletionFlagDescription: lacks,
    VerificationFlag: "UNVERIFIED",
    ContentDate: date,
    ContentTime: time,
    PerformedProcedureCodeSequence: null,
    CurrentRequestedProcedureEvidenceSequence: procedureEvidence(context.study.uid, evidence),
    ...root,
  };
  return { sopClass: sopClass.comprehensiveSr, sopInstance, bytes: encodePart10(dataset, name) };
}
