import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { headerOf } from "../../../../../src/imaging/formats/dicom/file/header.ts";
import {
  encodePart10,
  type NaturalDataset,
  parseDataSet,
  uid,
} from "../../../../../src/imaging/formats/dicom/index.ts";
import { decimalString } from "../../../../../src/imaging/formats/dicom/write/decimalString.ts";
import { python, pythonModule, withFiles } from "./peers.ts";

const identity = { SOPClassUID: "1.2.840.10008.5.1.4.1.1.7", SOPInstanceUID: uid("instance") };
const encoded = (dataset: NaturalDataset) => encodePart10({ ...identity, ...dataset }, "object");
const read = (dataset: NaturalDataset) => headerOf(parseDataSet(encoded(dataset), "object"));

test("text of any script comes back from another parser", () => {
  const name = fc
    .string({ unit: "grapheme", maxLength: 30 })
    .map((text) => text.replace(/[\\\p{C}^=]/gu, "").trim());
  fc.assert(
    fc.property(name, name, (family, given) => {
      const written = `${family}^${given}`.trim();
      expect(read({ PatientName: written, StudyDescription: family })).toMatchObject({
        patient: { name: written },
        study: { description: family === "" ? undefined : [...family].slice(0, 64).join("") },
      });
    }),
  );
});

test("a decimal string has at most 16 characters and at least nine digits of the number", () => {
  fc.assert(
    fc.property(fc.double({ min: -1e300, max: 1e300, noNaN: true }), (value) => {
      const text = decimalString(value);
      expect(text.length).toBeLessThanOrEqual(16);
      expect(text).toMatch(/^-?\d+(\.\d+)?(e[+-]\d+)?$/);
      expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(1e-8 * Math.abs(value));
    }),
  );
});

test("a description that is too long is cut, a backslash in it does not divide it", () => {
  const { study } = read({ StudyDescription: `a\\b${"c".repeat(80)}` });
  expect(study.description).toBe(`a/b${"c".repeat(61)}`);
});

test.each<[string, NaturalDataset, RegExp]>([
  ["an unknown keyword", { PatientNickname: "x" }, /^object: no DICOM attribute named PatientNickname$/],
  ["a code too long", { Modality: "ANGIOGRAPHY FILM X" }, /Modality "ANGIOGRAPHY FILM X" does not fit .* CS/],
  ["a UID too long", { StudyInstanceUID: "1.".repeat(40) }, /StudyInstanceUID/],
  ["a number that is none", { SliceThickness: Number.NaN }, /SliceThickness "NaN"/],
  ["one in a sequence", { SegmentSequence: [{ Wrong: 1 }] }, /Wrong/],
])("%s is refused", (_, dataset, message) => {
  expect(() => encoded(dataset)).toThrowError(
    expect.objectContaining({ code: "E_FORMAT", message: expect.stringMatching(message) }),
  );
});

test("UIDs from one text are equal, from others not, and valid (PS3.5 § 9.1)", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(uid(a)).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
      expect(uid(a) === uid(b)).toBe(a === b);
    }),
  );
  expect(uid()).not.toBe(uid());
});

describe.skipIf(!pythonModule("pydicom"))("pydicom", () => {
  test("reads every kind of value that is written", () => {
    const dataset = {
      PatientBirthDate: null,
      ImageType: ["DERIVED", "SECONDARY"],
      PixelRepresentation: 1,
      PixelPaddingValue: -2000,
      PixelSpacing: [1 / 3, 0.8],
      Rows: 1,
      Columns: 3,
      BitsAllocated: 16,
      DimensionIndexValues: [1, 2, 70000],
      RecommendedDisplayCIELabValue: [34588, 41299, 39619],
      DimensionIndexPointer: 0x0062000b,
      ReferencedSeriesSequence: [
        { SeriesInstanceUID: "1.2", ReferencedInstanceSequence: { ReferencedSOPInstanceUID: "1.3" } },
        { SeriesInstanceUID: "1.4" },
      ],
      RealWorldValueSlope: 1 / 3,
      PixelData: Int16Array.of(-1, 2, 300),
    };
    const script = `
import json, sys, pydicom
d = pydicom.dcmread(sys.argv[1])
values = {e.keyword: ("PixelData" if e.keyword == "PixelData" else
  [[float(v) for v in e.value]][0] if e.VR in ("DS",) and e.VM > 1 else
  list(e.value) if e.VM > 1 and e.VR != "SQ" else
  e.value if isinstance(e.value, (int, float)) else str(e.value)) for e in d if e.VR != "SQ"}
values["sequence"] = [d.ReferencedSeriesSequence[0].ReferencedInstanceSequence[0].ReferencedSOPInstanceUID, d.ReferencedSeriesSequence[1].SeriesInstanceUID]
values["meta"] = [d.file_meta.TransferSyntaxUID, d.file_meta.MediaStorageSOPInstanceUID, d.file_meta.ImplementationClassUID.is_valid]
values["pixels"] = d.PixelData.hex()
print(json.dumps(values))`;
    const values = withFiles({ "a.dcm": encoded(dataset) }, (path) =>
      python<object>(script, [path("a.dcm")]),
    );
    expect(values).toMatchObject({
      SpecificCharacterSet: "ISO_IR 192",
      PatientBirthDate: "",
      ImageType: ["DERIVED", "SECONDARY"],
      PixelPaddingValue: -2000,
      PixelSpacing: [0.33333333333333, 0.8],
      Rows: 1,
      DimensionIndexValues: [1, 2, 70000],
      RecommendedDisplayCIELabValue: [34588, 41299, 39619],
      DimensionIndexPointer: 0x0062000b,
      RealWorldValueSlope: 1 / 3,
      sequence: ["1.3", "1.4"],
      meta: ["1.2.840.10008.1.2.1", identity.SOPInstanceUID, true],
      pixels: "ffff02002c01",
    });
  });
});
