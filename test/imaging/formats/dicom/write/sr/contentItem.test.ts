import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Code,
  contentItem,
  encodePart10,
  parseDataSet,
} from "../../../../../../src/imaging/formats/dicom/index.ts";

const name: Code = ["118565006", "SCT", "Volume"];
const unit: Code = ["mL", "UCUM", "milliliter"];

test("a number is read with four digits and kept exactly", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e100, max: 1e100 }), (value) => {
      const report = {
        SOPClassUID: "1.2.840.10008.5.1.4.1.1.88.33",
        SOPInstanceUID: "2.25.1",
        ContentSequence: [contentItem.num("CONTAINS", name, value, unit)],
      };
      const { dataSet } = parseDataSet(encodePart10(report, "test"), "test");
      const item = dataSet.elements.x0040a730.items![0].dataSet!;
      const measured = item.elements.x0040a300.items![0].dataSet!;
      const read = measured.floatString("x0040a30a")!;
      expect(Math.abs(read - value)).toBeLessThanOrEqual(5.1e-4 * Math.abs(value));
      const exact = measured.elements.x0040a161 ? measured.double("x0040a161") : read;
      expect(exact === value).toBe(true);
    }),
  );
});

test("children that are unknown are left out, and an empty sequence with them", () => {
  const none = contentItem.text("CONTAINS", name, "x", [undefined]);
  expect(none.ContentSequence).toBeUndefined();
  const one = contentItem.container("CONTAINS", name, [undefined, contentItem.text("CONTAINS", name, "x")]);
  expect(one.ContentSequence).toHaveLength(1);
});

test("a root has no relationship and names its template", () => {
  const root = contentItem.rootContainer(name, "1500", []);
  expect(root).not.toHaveProperty("RelationshipType");
  expect(root.ContentTemplateSequence).toEqual({ MappingResource: "DCMR", TemplateIdentifier: "1500" });
});

test("yes and no are SNOMED CT's", () => {
  const value = (answer: boolean) => contentItem.yesNo("CONTAINS", name, answer).ConceptCodeSequence;
  expect(value(true)).toMatchObject({ CodeValue: "373066001", CodingSchemeDesignator: "SCT" });
  expect(value(false)).toMatchObject({ CodeValue: "373067005", CodingSchemeDesignator: "SCT" });
});
