import { describe, expect, test } from "vitest";
import { parseDataSet, readStructureSet } from "../../../../src/imaging/formats/dicom/index.ts";
import { encodePart10, type NaturalDataset } from "../../../../src/imaging/formats/dicom/write/part10.ts";
import {
  type Geometry,
  lpsDirection,
  type Vec3,
  voxelVolumeMl,
} from "../../../../src/numerics/volume/index.ts";
import { contourMask, planesLeftOut } from "../../../../src/patients/study/mask/contourMask.ts";

const grid: Geometry = { size: [20, 20, 6], spacing: [1, 1, 2], origin: [0, 0, 0], direction: lpsDirection };
const flat = (...points: Vec3[]) => Float64Array.from(points.flat());
const square = (from: number, to: number, z: number) =>
  flat([from, from, z], [to, from, z], [to, to, z], [from, to, z]);
const code = (value: string) => expect.objectContaining({ code: value });

describe("contours and the grid of the images", () => {
  test("in the slices: on the images' own grid", () => {
    const mask = contourMask([square(1.5, 5.5, 2)], grid, "ROI");
    expect(mask.size).toEqual(grid.size);
    expect(mask.data.reduce((a, b) => a + b)).toBe(16);
  });

  test.each([
    ["sagittal", (x: number) => flat([x, 2.3, 1.2], [x, 12.3, 1.2], [x, 12.3, 9.2], [x, 2.3, 9.2])],
    ["coronal", (y: number) => flat([2.3, y, 1.2], [12.3, y, 1.2], [12.3, y, 9.2], [2.3, y, 9.2])],
  ])("%s ones: on a grid of their own, of the same volume", (_, plane) => {
    const contours = [3, 5, 7, 9].map(plane);
    const mask = contourMask(contours, grid, "ROI");
    const ml = mask.data.reduce((a, b) => a + b) * voxelVolumeMl(mask);
    // Four planes 2 mm apart of 10 × 8 mm.
    expect(ml).toBeCloseTo(0.64, 10);
  });

  test("planes far apart are two parts, not thick slices; every second slice drawn fills those between", () => {
    const fine: Geometry = { ...grid, size: [20, 20, 60] };
    const filled = (planes: readonly number[]) => {
      const mask = contourMask(
        planes.map((z) => square(1.5, 5.5, z)),
        fine,
        "ROI",
      );
      return mask.data.reduce((a, b) => a + b) * voxelVolumeMl(mask) * 1000;
    };
    expect(filled([10, 80])).toBe(2 * 16 * 2);
    expect(filled([10, 12, 80])).toBe(3 * 16 * 2);
    expect(filled([10, 14, 18, 80, 84])).toBeCloseTo(5 * 16 * 4, 6);
  });

  test("planes that no slice takes are counted", () => {
    const contours = [square(2, 8, 2), square(2, 8, 4.4), square(2, 8, 3.2), square(2, 8, 40)];
    expect(planesLeftOut(contours, grid)).toEqual([
      "2 of 4 planes of contours lie between or beyond the slices, left out",
    ]);
    expect(planesLeftOut([square(2, 8, 2), square(2, 8, 4)], grid)).toEqual([]);
  });

  test("contours that reach too far, enclose nothing or are not parallel are refused by name", () => {
    const far = [square(0, 1e6, 0), square(0, 1e6, 1e3), square(0, 5, 2e3)];
    expect(() => contourMask(far, grid, "rt.dcm: GTV")).toThrow(code("E_GEOMETRY"));
    expect(() => contourMask(far, grid, "rt.dcm: GTV")).toThrow(/^rt\.dcm: GTV: /);
    const line = [flat([0, 0, 0], [1, 1, 1], [5, 5, 5])];
    expect(() => contourMask(line, grid, "ROI")).toThrow(/enclose nothing/);
    const crossed = [square(0, 15, 0), flat([3, 1, 0], [3, 15, 0], [3, 15, 9], [3, 1, 9])];
    expect(() => contourMask(crossed, grid, "ROI")).toThrow(code("E_GEOMETRY"));
  });
});

describe("contour data that are no points", () => {
  const written = (ContourData: readonly number[]): NaturalDataset => ({
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.481.3",
    SOPInstanceUID: "1.2.3.77",
    StructureSetROISequence: [{ ROINumber: 1, ROIName: "GTV" }],
    ROIContourSequence: [
      { ReferencedROINumber: 1, ContourSequence: [{ ContourGeometricType: "CLOSED_PLANAR", ContourData }] },
    ],
  });
  const read = (bytes: Uint8Array) => readStructureSet(parseDataSet(bytes, "rt.dcm"), "rt.dcm");
  const triangle = [1, 1, 0, 77.25, 1, 0, 5, 9, 0];

  test("three values a point are read", () => {
    expect([...read(encodePart10(written(triangle), "rt")).rois[0].contours[0]]).toEqual(triangle);
  });

  test.each([8, 10])("%i values are refused", (count) => {
    const values = [...triangle, 1].slice(0, count);
    expect(() => read(encodePart10(written(values), "rt"))).toThrow(code("E_FORMAT"));
  });

  test.each(["NaN  ", "1e999", "x.y.z"])("%s is refused", (text) => {
    const bytes = Buffer.from(encodePart10(written(triangle), "rt"));
    bytes.write(text, bytes.indexOf("77.25"));
    expect(() => read(bytes)).toThrow(`rt.dcm: ROI GTV: Contour Data (3006,0050) is no number: "${text}"`);
  });
});
