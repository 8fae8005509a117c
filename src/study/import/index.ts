export { type CaseRecord, importedBefore, writeCase } from "./caseFiles.ts";
export { type ClinicalRow, type ClinicalTable, type Doubt, readClinical } from "./clinical.ts";
export { type Identity, type ImportedDicom, importDicom } from "./importDicom.ts";
export {
  type Field,
  fields,
  type Mapping,
  mappedColumns,
  mappingSchema,
  readMapping,
  usualColumns,
} from "./mapping.ts";
export { type Match, type Matches, matchRows } from "./match.ts";
export type { ImportDicomOptions, NotImported } from "./options.ts";
export { type PhaseOverrides, readOverrides } from "./overrides.ts";
export type { Provenance } from "./provenance.ts";
export { keyIsOpen, keyPaths, openPseudonyms, type PseudonymOptions, type Pseudonyms } from "./pseudonyms.ts";
export { scrubber } from "./scrub.ts";
export { readSpreadsheet } from "./spreadsheet.ts";
export { type DicomStudy, studiesOf } from "./studies.ts";
export { writeIdentities, writeLeftOut } from "./tables.ts";
