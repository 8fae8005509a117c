import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readHeaders, type Source, segmentation } from "../../../../src/imaging/formats/dicom/index.ts";
import { encodePart10 } from "../../../../src/imaging/formats/dicom/write/part10.ts";
import { lpsDirection, type Volume } from "../../../../src/numerics/volume/index.ts";
import { masksAmong } from "../../../../src/patients/study/mask/masksAmong.ts";
import { readMask } from "../../../../src/patients/study/mask/readMask.ts";
import { otherRemark } from "../../../../src/patients/study/remark.ts";
import { ball, outlines, rtOf, rtOfContours, scanned, segOf, slicesAt } from "./drawn.ts";

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

describe("masks of other images, patients and frames of reference", () => {
  const even = Array.from({ length: 20 }, (_, n) => 2.5 * n);
  const [all, left] = [slicesAt(even), slicesAt(even.filter((_, n) => n !== 8 && n !== 9))];
  const tumor = ball([0.3, 0.2, 22], 14);
  const sources = (files: Readonly<Record<string, Uint8Array>>) =>
    Object.entries(files).map(
      ([name, bytes]): Source => ({
        name,
        whole: async () => bytes,
        start: async (n) => bytes.subarray(0, n),
      }),
    );
  const voxels = ({ data }: { data: Uint8Array }) => data.filter((label) => label === 2).length;

  test("drawn on another series of the study, which lacks slices: filled there, then brought to the reference", async () => {
    const [reference, other] = [await scanned(all, "1.2.3.50"), await scanned(left, "1.2.3.51")];
    const stacks = [reference, other];
    const whole = voxels(
      (await readMask(put("seg", segOf({ Tumor: tumor }, all)), reference.geometry)).volume,
    );
    for (const write of [segOf, rtOf]) {
      const path = put("other", write({ Tumor: tumor }, left, { referenced: "1.2.3.51" }));
      const { volume, remarks, seriesUid } = await readMask(path, reference.geometry, { stacks });
      expect(Math.abs(voxels(volume) / whole - 1)).toBeLessThan(0.03);
      expect(remarks[0].text).toMatch(/^Tumor: 2 slices without images of their own \(9–10 of 20\)/);
      expect(seriesUid).toBe("1.2.3.51");
    }
  });

  test("another frame of reference: said where the series is the same, else left out", async () => {
    const { geometry } = await scanned(all);
    const files = await readHeaders(sources({ "seg.dcm": segOf({ Tumor: tumor }, all) }));
    const same = await masksAmong(files, geometry, { series: "1.2.3.5", frameOfReference: "1.2.3.70" });
    expect(same?.remarks).toEqual([
      otherRemark("drawn in another frame of reference than the images: check that it fits"),
    ]);
    const said: string[] = [];
    const remarked = (remark: string) => void said.push(remark);
    const options = { series: "1.2.3.55", frameOfReference: "1.2.3.70", remarked };
    expect(await masksAmong(files, geometry, options)).toBeUndefined();
    expect(said).toEqual(["left out: seg.dcm: drawn in another frame of reference"]);
  });

  test("a file of another patient is used, and said", async () => {
    const path = put("patient", segOf({ Tumor: tumor }, all));
    const { geometry } = await scanned(all);
    const remark = "its file names another patient than the images: check that it is theirs";
    expect((await readMask(path, geometry, { patient: "somebody" })).remarks[0]).toEqual(otherRemark(remark));
    expect((await readMask(path, geometry, { patient: "patient" })).remarks).not.toContainEqual(
      otherRemark(remark),
    );
  });

  test("a structure set whose tumour is askew: another file serves; a kidney alone does not", async () => {
    const { geometry } = await scanned(all);
    const steep = [0, 0, 10, 20, 0, 10, 20, 20, 16, 0, 20, 16];
    const ring = outlines(tumor, all, 8);
    const askew = rtOfContours({ Tumor: [...ring, steep] });
    const [rt, seg, kidney] = [askew, segOf({ Tumor: tumor }, all), segOf({ Kidney: tumor }, all)];
    const mask = await masksAmong(await readHeaders(sources({ "rt.dcm": rt, "seg.dcm": seg })), geometry);
    expect(mask?.remarks.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^left out: rt\.dcm: Tumor: a contour through/),
    ]);
    const rest = masksAmong(await readHeaders(sources({ "rt.dcm": rt, "seg.dcm": kidney })), geometry);
    await expect(rest).rejects.toMatchObject({ code: "E_GEOMETRY" });
  });
});
