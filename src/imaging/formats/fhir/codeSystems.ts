import { TrinephronError } from "../../../base/errors.ts";
import type { CodingScheme } from "../dicom/write/code.ts";

/** URLs of code systems in FHIR, by the designators of DICOM's coding schemes. */
export type CodeSystems = ReadonlyMap<string, string>;

const publicSystems = [
  ["DCM", "http://dicom.nema.org/resources/ontology/DCM"],
  ["LN", "http://loinc.org"],
  ["SCT", "http://snomed.info/sct"],
  ["UCUM", "http://unitsofmeasure.org"],
] as const;

/** DICOM's own codes, LOINC, SNOMED CT and UCUM, and schemes of one's own by their UIDs. */
export const codeSystems = (own: readonly CodingScheme[] = []): CodeSystems =>
  new Map([...publicSystems, ...own.map(({ designator, uid }) => [designator, `urn:oid:${uid}`] as const)]);

/** @throws E_FORMAT where the scheme is none of the systems */
export function systemUrl(systems: CodeSystems, designator: string): string {
  const url = systems.get(designator);
  if (url !== undefined) return url;
  throw new TrinephronError(
    "E_FORMAT",
    `FHIR: no code system known for the coding scheme ${designator}`,
    `known are ${[...systems.keys()].join(", ")}; a scheme of your own must be given with its UID`,
  );
}
