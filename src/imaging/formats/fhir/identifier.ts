/** A FHIR Identifier. */
export interface Identifier {
  readonly system?: string;
  readonly value: string;
}

/** A resource that stands elsewhere, by what it is known by there (FHIR Reference). */
export interface LogicalReference {
  readonly type: string;
  readonly identifier: Identifier;
}

/** A DICOM UID: of a study, an object or a device. */
export const dicomUid = (uid: string): Identifier => ({ system: "urn:dicom:uid", value: `urn:oid:${uid}` });

/** @param id Patient ID, without its issuer */
export const patientById = (id: string): LogicalReference => ({ type: "Patient", identifier: { value: id } });

/** @param uid Study Instance UID */
export const studyByUid = (uid: string): LogicalReference => ({
  type: "ImagingStudy",
  identifier: dicomUid(uid),
});
