import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { segmentation } from "../../../../src/imaging/formats/dicom/index.ts";
import { encodePart10 } from "../../../../src/imaging/formats/dicom/write/part10.ts";
import { lpsDirection, type Volume } from "../../../../src/numerics/volume/index.ts";
import { readMask } from "../../../../src/patients/study/mask/readMask.ts";
import { otherRemark } from "../../../../src/patients/study/remark.ts";

const folder = mkdtempSync(join(tmpdir(), "remarks-"));
afterAll(() => rmSync(folder, { recursive: true }));
const put = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

const mask: Volume<Uint8Array> = {
  size: [8, 8, 4],
  spacing: [1, 1, 2],
  origin: [0, 0, 0],
  direction: lpsDirection,
  data: Uint8Array.from({ length: 256 }, (_, v) => (v % 8 < 4 ? 1 : v % 8 < 6 ? 2 : 0)),
};

test("who drew a segmentation, on which series, in which frame of reference", async () => {
  const written = segmentation(mask, {
    context: { patient: {}, study: { uid: "1.2.3" }, frameOfReference: "1.2.4" },
    series: { uid: "1.2.3.9", number: 9, description: "test" },
    algorithm: { type: "AUTOMATIC", name: "a network" },
    source: [
      {
        sopClass: "1.2.840.10008.5.1.4.1.1.2",
        sopInstance: "1.2.3.5.1",
        series: "1.2.3.5",
        position: [0, 0, 0],
      },
    ],
    created: new Date(0),
    name: "test",
  });
  const path = put("seg.dcm", written.bytes);
  const drawn = "Kidney, Tumor: drawn by a program (a network)";
  expect(await readMask(path, mask, { frameOfReference: "1.2.4" })).toEqual({
    volume: mask,
    source: "segmentation",
    seriesUid: "1.2.3.5",
    remarks: [otherRemark(drawn)],
  });
  expect((await readMask(path, mask, { frameOfReference: "1.2.5" })).remarks).toEqual(
    ["drawn in another frame of reference than the images: check that it fits", drawn].map(otherRemark),
  );
});

test("contours that were passed over", async () => {
  const contour = (type: string, z: number, to: number) => ({
    ContourGeometricType: type,
    ContourData: [0.5, 0.5, z, to, 0.5, z, to, to, z, 0.5, to, z],
  });
  const contours = [
    contour("CLOSED_PLANAR", 2, 4.5),
    contour("CLOSED_PLANAR", 4, 4.5),
    contour("CLOSED_PLANAR", 60, 4.5),
    contour("OPEN_PLANAR", 2, 7),
    { ContourGeometricType: "POINT", ContourData: [1, 1, 2] },
  ];
  const path = put(
    "rt.dcm",
    encodePart10(
      {
        SOPClassUID: "1.2.840.10008.5.1.4.1.1.481.3",
        SOPInstanceUID: "1.2.3.77",
        Modality: "RTSTRUCT",
        StudyInstanceUID: "1.2.3",
        SeriesInstanceUID: "1.2.3.78",
        StructureSetROISequence: [{ ROINumber: 1, ROIName: "Tumour" }],
        ROIContourSequence: [{ ReferencedROINumber: 1, ContourSequence: contours }],
      },
      "rt",
    ),
  );
  const { volume, remarks } = await readMask(path, mask);
  expect(volume.data.filter((label) => label === 2).length).toBe(2 * 16);
  expect(remarks.map(({ text }) => text)).toEqual([
    "Tumour: 2 points or open contours passed over",
    "Tumour: 1 of 3 planes of contours lie between or beyond the slices, left out",
    "no kidney in the mask",
  ]);
});
