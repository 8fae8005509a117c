import { expect, test } from "vitest";
import {
  type EvidenceObject,
  procedureEvidence,
} from "../../../../../../src/imaging/formats/dicom/write/sr/procedureEvidence.ts";

const object = (sopInstance: string, series: string, study?: string): EvidenceObject => ({
  sopClass: "1.2.840.10008.5.1.4.1.1.2",
  sopInstance,
  series,
  study,
});

/** Study, then series with its instances. */
const outline = (objects: readonly EvidenceObject[]) =>
  procedureEvidence("2.25.1", objects)?.map((study) => [
    study.StudyInstanceUID,
    ...(study.ReferencedSeriesSequence as Record<string, unknown>[]).map((series) => [
      series.SeriesInstanceUID,
      ...(series.ReferencedSOPSequence as Record<string, unknown>[]).map(
        (one) => one.ReferencedSOPInstanceUID,
      ),
    ]),
  ]);

test("no objects, no evidence", () => {
  expect(procedureEvidence("2.25.1", [])).toBeUndefined();
});

test("objects are grouped by series, in the order they were named", () => {
  expect(outline([object("a1", "a"), object("b1", "b"), object("a2", "a")])).toEqual([
    ["2.25.1", ["a", "a1", "a2"], ["b", "b1"]],
  ]);
});

test("a prior study has an item of its own", () => {
  expect(outline([object("a1", "a"), object("p1", "p", "2.25.2"), object("a2", "a", "2.25.1")])).toEqual([
    ["2.25.1", ["a", "a1", "a2"]],
    ["2.25.2", ["p", "p1"]],
  ]);
});
