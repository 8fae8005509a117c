import { describe, expect, test } from "vitest";
import { type Code, templateCodes } from "../../../../../../src/imaging/formats/dicom/index.ts";
import { pythonModule } from "../peers.ts";
import { tooLong, unknownCodes } from "../publicCodes.ts";

const all: Code[] = Object.values(templateCodes);

test("values fit SH, meanings LO", () => {
  expect(tooLong(all)).toEqual([]);
});

/** English stands in RFC 5646, and UMLS is not in pydicom's tables. */
const elsewhere = ["en", "C0034375"];

describe.skipIf(!pythonModule("pydicom"))("pydicom's tables of PS3.16", () => {
  test("have every code with its meaning", () => {
    const listed = all.filter(([value]) => !elsewhere.includes(value));
    expect(unknownCodes(listed)).toEqual([]);
    expect(listed.length).toBeGreaterThan(30);
  });

  test("lack a code that is none, and know another meaning", () => {
    const wrong: Code[] = [
      ["126000", "DCM", "Report"],
      ["1", "DCM", "Imaging Measurement Report"],
    ];
    expect(unknownCodes(wrong)).toEqual(wrong);
  });
});
