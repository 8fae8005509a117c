import { expect, test } from "vitest";
import { dicomUid, patientById, studyByUid } from "../../../../src/imaging/formats/fhir/identifier.ts";

// As the example of FHIR R4's ImagingStudy has them.
test("a DICOM UID is an OID of the system urn:dicom:uid", () => {
  expect(dicomUid("2.16.124.113543.6003.1154777499.30246.19789.3503430045")).toEqual({
    system: "urn:dicom:uid",
    value: "urn:oid:2.16.124.113543.6003.1154777499.30246.19789.3503430045",
  });
});

test("patient and study are referred to by what DICOM calls them", () => {
  expect(patientById("P1")).toEqual({ type: "Patient", identifier: { value: "P1" } });
  expect(studyByUid("2.25.1")).toEqual({ type: "ImagingStudy", identifier: dicomUid("2.25.1") });
});
