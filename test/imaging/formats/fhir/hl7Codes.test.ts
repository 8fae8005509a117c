import { expect, test } from "vitest";
import { hl7Codes } from "../../../../src/imaging/formats/fhir/hl7Codes.ts";
import { publishedCodes } from "./published.ts";

const published = publishedCodes();

test.each(Object.values(hl7Codes))("$display is published by HL7", ({ system, code, display }) => {
  expect(published.get(system)?.get(code)).toBe(display);
});
