import { expect, test } from "vitest";
import { fhirDate } from "../../../../src/imaging/formats/fhir/date.ts";

test("a DICOM date as FHIR's", () => {
  expect(fhirDate("20261004")).toBe("2026-10-04");
  expect(fhirDate("2026.10.04")).toBe("2026-10-04");
});

test.each([undefined, "", "00000000", "20261304", "20261032", "20260231", "2026", "202610041"])(
  "none for %s",
  (date) => {
    expect(fhirDate(date)).toBeUndefined();
  },
);
