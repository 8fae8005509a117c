import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TrinephronError } from "../../../../../src/base/errors.ts";
import {
  parseDataSet,
  readSegmentation,
  segmentation,
} from "../../../../../src/imaging/formats/dicom/index.ts";
import { indexToPoint, lpsDirection, type Volume } from "../../../../../src/numerics/volume/index.ts";

const suite = resolve(import.meta.dirname, "../../../../../../shared/data/dicom_suite");
const absent = !existsSync(suite);
if (absent) console.warn("skipped: ../shared/data/dicom_suite is absent");

const open = (file: string) => {
  const path = join(suite, file);
  return readSegmentation(parseDataSet(readFileSync(path), path), path);
};

function figures({ data, ...geometry }: Volume<Uint8Array>): [count: number, ...center: number[]] {
  const [nx, ny] = geometry.size;
  const sum = [0, 0, 0];
  let count = 0;
  for (let v = 0; v < data.length; v++)
    if (data[v]) {
      count++;
      const p = indexToPoint(geometry, [v % nx, Math.floor(v / nx) % ny, Math.floor(v / (nx * ny))]);
      for (let a = 0; a < 3; a++) sum[a] += p[a];
    }
  return [count, ...sum.map((s) => s / count)];
}

/**
 * Voxels and centre (LPS mm) of each segment by pydicom 2 and numpy: `pixel_array` of each frame, its Referenced Segment
 * Number, Image Position + column · Pixel Spacing[1] + row · Pixel Spacing[0]; fractional ones from half the maximum.
 */
const oracle: Readonly<Record<string, readonly (readonly number[])[]>> = {
  "dcmqi/segmentations/liver.dcm": [[1, 107098, -74.06, -33.26, -127.7]],
  "dcmqi/segmentations/partial_overlaps.dcm": [
    [1, 9602, -75.12, -45.92, -127.69],
    [2, 11888, -11.71, -22.12, -127.69],
    [3, 10743, -27.4, -28.09, -126.72],
    [4, 6693, 28.57, 60.87, -128.69],
    [5, 4713, -99.42, 69.82, -128.69],
  ],
  "dcmqi/segmentations/sparse-labelmap-ppv5.dcm": [
    [0, 1194, 53.82, 21.2, -175.25],
    [1, 630, 55.82, 11.85, -175.25],
  ],
  "dcmqi/sr-example/seg.dcm": [[1, 795, -11.73, -224.88, -97.02]],
  "dcmjs/data/QIICR_Test3/tumor_User1_Manual_Trial1.dcm": [
    [1, 54, -12.82, -233.33, -420.27],
    [2, 212, -44.05, -222.69, -418.85],
  ],
  "highdicom/seg_image_ct_binary.dcm": [[1, 638, -121.71, -124.42, 104.52]],
  "highdicom/seg_image_ct_binary_overlap.dcm": [
    [1, 64, -122.31, -125.41, 53.33],
    [2, 16, -121.83, -124.93, 53.33],
  ],
  "highdicom/seg_image_ct_true_fractional.dcm": [[1, 638, -121.71, -124.42, 104.52]],
  "pydicom-data/liver_nonbyte_aligned.dcm": [[1, 107098, -74.06, -33.26, -127.7]],
  "pydicom-data/liver_nonbyte_aligned_j2k.dcm": [[1, 107098, -74.06, -33.26, -127.7]],
  "pydicom-data/liver_expb.dcm": [[1, 107098, -74.06, -33.26, -127.7]],
};

describe.skipIf(absent)("segmentations of other programs", () => {
  test.each(Object.entries(oracle))("%s: voxels and centres as by pydicom", async (file, segments) => {
    const read = open(file);
    expect(read.segments.map(({ number }) => number)).toEqual(segments.map(([number]) => number));
    for (const [number, count, ...center] of segments) {
      const [n, ...at] = figures(await read.mask(number));
      expect(n).toBe(count);
      for (const [axis, mm] of center.entries()) expect(at[axis]).toBeCloseTo(mm, 1);
    }
  });

  test("what a segment stands for, and what it was drawn on", () => {
    const { segments, referencedSeries, frameOfReference, kind } = open("dcmqi/sr-example/seg.dcm");
    expect(kind).toBe("BINARY");
    expect(segments[0]).toMatchObject({
      number: 1,
      label: "Neoplasm, Primary",
      type: { value: "M-80003", scheme: "SRT", meaning: "Neoplasm, Primary" },
    });
    expect(referencedSeries).toMatch(/^1\.3\.6\.1/);
    expect(frameOfReference).toBeDefined();
  });

  test("a missing plane is empty", async () => {
    const { size, spacing } = open("dcmqi/segmentations/sparse-labelmap-noppv.dcm").geometry;
    expect(size).toEqual([24, 38, 3]);
    expect(spacing[2]).toBeCloseTo(2.5, 6);
    const { data } = await open("dcmqi/segmentations/sparse-labelmap-noppv.dcm").mask(1);
    expect(data.subarray(24 * 38, 2 * 24 * 38).some(Boolean)).toBe(false);
  });

  test("frames without a position are refused: a radiograph, a microscope's slide", () => {
    for (const file of ["highdicom/seg_image_cr_binary.dcm", "highdicom/seg_image_sm_control_labelmap.dcm"])
      expect(() => open(file)).toThrow(expect.objectContaining({ code: "E_GEOMETRY" }));
  });

  test("other DICOM files are refused", () => {
    expect(() => open("dicompyler-core/rtss.dcm")).toThrow(expect.objectContaining({ code: "E_FORMAT" }));
  });

  test("bytes changed at random give coded errors or masks", async () => {
    const bytes = readFileSync(join(suite, "highdicom/seg_image_ct_binary_overlap.dcm"));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 }),
        async (changes) => {
          const broken = Buffer.from(bytes);
          for (const [at, value] of changes) broken[at] = value;
          try {
            const { segments, mask } = readSegmentation(parseDataSet(broken, "broken"), "broken");
            for (const { number } of segments) await mask(number);
          } catch (error) {
            expect(error).toBeInstanceOf(TrinephronError);
          }
        },
      ),
      { numRuns: 300, seed: 1 },
    );
  });
});

test("what we write comes back, frames of any number of pixels", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 2, max: 9 }), async (nx, ny) => {
      const data = Uint8Array.from({ length: nx * ny * 4 }, (_, v) =>
        v % 7 === 0 ? 2 : v % 3 === 0 ? 1 : 0,
      );
      const mask: Volume<Uint8Array> = {
        size: [nx, ny, 4],
        spacing: [0.8, 0.7, 2.5],
        origin: [-10, 20, -30],
        direction: lpsDirection,
        data,
      };
      const { bytes } = segmentation(mask, {
        context: { patient: {}, study: { uid: "1.2.3" }, frameOfReference: "1.2.4" },
        series: { uid: "1.2.3.9", number: 9, description: "test" },
        algorithm: { type: "MANUAL", name: "" },
        source: [],
        created: new Date(0),
        name: "test",
      });
      const read = readSegmentation(parseDataSet(bytes, "written"), "written");
      for (const { number, label } of read.segments) {
        const wanted = label === "Kidney" ? 1 : 2;
        expect((await read.mask(number)).data).toEqual(data.map((value) => (value === wanted ? 1 : 0)));
      }
    }),
    { numRuns: 20, seed: 2 },
  );
});
