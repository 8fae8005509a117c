import { expect, test } from "vitest";
import type { Code } from "../../../../src/imaging/formats/dicom/index.ts";
import { codedIn } from "../../../../src/imaging/formats/fhir/coded.ts";

const { codingOf, coded, quantity, component } = codedIn({
  designator: "99TEST",
  uid: "2.25.5",
  name: "test",
});
const volume: Code = ["118565006", "SCT", "Volume"];
const mm: Code = ["mm", "UCUM", "millimeter"];

test("a code by the URL of its system", () => {
  const system = "http://snomed.info/sct";
  expect(codingOf(volume)).toEqual({ system, code: "118565006", display: "Volume" });
  expect(codingOf(["size", "99TEST", "Size"]).system).toBe("urn:oid:2.25.5");
});

test("a concept is called by its meaning, or by other words", () => {
  expect(coded(volume)).toEqual({ coding: [codingOf(volume)], text: "Volume" });
  expect(coded(volume, "Volume of the liver").text).toBe("Volume of the liver");
});

test("a quantity has the unit's code, and in words what a reader would not know", () => {
  const system = "http://unitsofmeasure.org";
  expect(quantity(4.5, mm)).toEqual({ value: 4.5, unit: "mm", system, code: "mm" });
  expect(quantity(0.5, ["{ratio}", "UCUM", "ratio"])).toMatchObject({ unit: "ratio", code: "{ratio}" });
  expect(quantity(3, ["1", "UCUM", "no units"])).toMatchObject({ unit: "no units", code: "1" });
});

test("an unknown value makes no component, nought does", () => {
  expect(component(volume, undefined, mm)).toEqual([]);
  expect(component(volume, null, mm)).toEqual([]);
  expect(component(volume, 0, mm)).toEqual([{ code: coded(volume), valueQuantity: quantity(0, mm) }]);
});

test("codes and units of schemes that were not given are refused", () => {
  const srt: Code = ["T-71000", "SRT", "Kidney"];
  const unknown = expect.objectContaining({ code: "E_FORMAT", message: expect.stringContaining("SRT") });
  expect(() => coded(srt)).toThrow(unknown);
  expect(() => quantity(1, srt)).toThrow(unknown);
  expect(() => component(volume, 1, srt)).toThrow(unknown);
  expect(() => codedIn().codingOf(["size", "99TEST", "Size"])).toThrow(/99TEST/);
});
