import type { NaturalDataset } from "./part10.ts";

/** A coded concept: value, coding scheme, meaning. */
export type Code = readonly [value: string, scheme: string, meaning: string];

/** A code of DICOM itself (PS3.16 Annex D). */
export const dcm = (value: string, meaning: string): Code => [value, "DCM", meaning];
/** A code of SNOMED CT. */
export const sct = (value: string, meaning: string): Code => [value, "SCT", meaning];
/** A unit of UCUM. */
export const ucum = (value: string, meaning: string): Code => [value, "UCUM", meaning];

/** A code as an item of a code sequence (PS3.3 § 8.8). */
export const codeItem = ([value, scheme, meaning]: Code): NaturalDataset => ({
  CodeValue: value,
  CodingSchemeDesignator: scheme,
  CodeMeaning: meaning,
});

/** A coding scheme of one's own, for concepts that no public terminology has. */
export interface CodingScheme {
  /** Begins with 99 (PS3.3 § 8.2). */
  readonly designator: string;
  readonly uid: string;
  readonly name: string;
}

/** A scheme as an item of Coding Scheme Identification Sequence (PS3.3 C.12.1). */
export const codingSchemeItem = ({ designator, uid, name }: CodingScheme): NaturalDataset => ({
  CodingSchemeDesignator: designator,
  CodingSchemeUID: uid,
  CodingSchemeName: name,
});
