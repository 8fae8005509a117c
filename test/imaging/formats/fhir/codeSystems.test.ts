import { expect, test } from "vitest";
import { codeSystems, systemUrl } from "../../../../src/imaging/formats/fhir/codeSystems.ts";

// https://terminology.hl7.org, and for DCM PS3.16 Table 8-1.
test.each([
  ["DCM", "http://dicom.nema.org/resources/ontology/DCM"],
  ["LN", "http://loinc.org"],
  ["SCT", "http://snomed.info/sct"],
  ["UCUM", "http://unitsofmeasure.org"],
])("%s has its published URL", (designator, url) => {
  expect(systemUrl(codeSystems(), designator)).toBe(url);
});

test("a scheme of one's own goes by its UID, where it is given", () => {
  const own = { designator: "99TEST", uid: "2.25.5", name: "test" };
  expect(systemUrl(codeSystems([own]), "99TEST")).toBe("urn:oid:2.25.5");
});

test.each(["99TEST", "", "constructor", "sct"])('an unknown scheme is refused: "%s"', (designator) => {
  expect(() => systemUrl(codeSystems(), designator)).toThrow(
    expect.objectContaining({ code: "E_FORMAT", message: expect.stringContaining(`scheme ${designator}`) }),
  );
});

test("the error tells which schemes are known", () => {
  const own = { designator: "99TEST", uid: "2.25.5", name: "test" };
  expect(() => systemUrl(codeSystems([own]), "SRT")).toThrow(
    expect.objectContaining({ hint: expect.stringContaining("DCM, LN, SCT, UCUM, 99TEST") }),
  );
});
