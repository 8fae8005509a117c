import { describe, expect, test } from "vitest";
import {
  parseDataSet,
  readSegmentation,
  readStructureSet,
} from "../../../../../src/imaging/formats/dicom/index.ts";
import { type DataSet, itemsOf, put, replaced } from "../../../../patients/study/fuzz/dataSet.ts";
import { encoded } from "../../../../patients/study/fuzz/encode.ts";
import { maskOf } from "../../../../patients/study/fuzz/mutation.ts";
import { studies } from "../../../../patients/study/fuzz/study.ts";

/** Segments 1 kidney, 2 tumour, 3 cyst. */
const seg = maskOf(studies.SEG).dataSet;
const rt = maskOf(studies.RTSTRUCT).dataSet;

const readSeg = (dataSet: DataSet) => readSegmentation(parseDataSet(encoded(dataSet), "seg.dcm"), "seg.dcm");
const readRt = (dataSet: DataSet) => readStructureSet(parseDataSet(encoded(dataSet), "rt.dcm"), "rt.dcm");
const each = (dataSet: DataSet, sequence: string, change: (item: DataSet, n: number) => DataSet) =>
  replaced(dataSet, sequence, itemsOf(dataSet, sequence).map(change));

describe("a Segmentation", () => {
  test("with two segments of one number is refused", () => {
    const doubled = each(seg, "00620002", (item) => replaced(item, "00620004", [2]));
    expect(() => readSeg(doubled)).toThrow("seg.dcm: two segments of Segment Number (0062,0004) 2");
  });

  test("with frames of a segment that it does not list says so", () => {
    const segments = itemsOf(seg, "00620002").slice(0, 2);
    const { remarks } = readSeg(replaced(seg, "00620002", segments));
    expect(remarks).toEqual([
      expect.stringMatching(/^\d+ frames of segments that are not listed \(3\) left out$/),
    ]);
  });

  test("that describes other frames than it has is refused", () => {
    const frames = itemsOf(seg, "52009230");
    expect(() => readSeg(replaced(seg, "52009230", [...frames, frames[0]]))).toThrow(
      `seg.dcm: ${frames.length} frames, but ${frames.length + 1} described`,
    );
  });

  test("of fractions without their greatest is refused", () => {
    expect(() => readSeg(replaced(seg, "00620001", "FRACTIONAL"))).toThrow(
      "seg.dcm: fractions without Maximum Fractional Value (0062,000e)",
    );
  });

  test("names the images it was drawn on", () => {
    expect(readSeg(seg).referencedImages.length).toBe(14);
    expect(readRt(rt).referencedImages).toEqual(readSeg(seg).referencedImages);
  });
});

describe("a Structure Set", () => {
  test("with two structures of one number is refused", () => {
    const doubled = each(rt, "30060020", (item) => replaced(item, "30060022", "2"));
    expect(() => readRt(doubled)).toThrow("rt.dcm: two structures of one ROI Number (3006,0022)");
  });

  test("with contours of a structure that it does not list says so", () => {
    const strange = each(rt, "30060039", (item, n) =>
      n === 0 ? item : replaced(item, "30060084", n === 1 ? "9" : ""),
    );
    const { remarks, rois } = readRt(strange);
    expect(rois.map(({ contours }) => contours.length > 0)).toEqual([true, false, false]);
    expect(remarks).toEqual([
      "contours of structures that are not listed (Referenced ROI Number (3006,0084) 9, none) left out",
    ]);
  });

  test("with fewer points than a contour says tells it", () => {
    const lost = each(rt, "30060039", (item, n) =>
      n === 1
        ? each(item, "30060040", (contour, m) => (m === 0 ? put(contour, "30060046", "IS", "999") : contour))
        : item,
    );
    const { remarks } = readRt(lost);
    expect(remarks).toEqual([
      expect.stringMatching(
        /^tumor: 1 of \d+ contours with more or fewer points than Number Of Contour Points \(3006,0046\) says$/,
      ),
    ]);
  });
});
