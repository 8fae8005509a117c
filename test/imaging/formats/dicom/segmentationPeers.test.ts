import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { readSegmentationNode } from "@itk-wasm/dicom";
import { describe, expect, test } from "vitest";
import { parseDataSet, readSegmentation } from "../../../../src/imaging/formats/dicom/index.ts";

const suite = resolve(import.meta.dirname, "../../../../../shared/data/dicom_suite");
const absent = !existsSync(suite);
if (absent) console.warn("skipped: ../shared/data/dicom_suite is absent");

const open = (file: string) => {
  const path = join(suite, file);
  return readSegmentation(parseDataSet(readFileSync(path), path), path);
};

/** Values of a gzip-encoded NRRD of 16-bit little-endian voxels, with its size and origin. */
function nrrd(file: string) {
  const bytes = readFileSync(join(suite, "dcmqi/segmentations", file));
  const end = bytes.indexOf("\n\n");
  const head = bytes.subarray(0, end).toString();
  const field = (name: string) =>
    new RegExp(`^${name}: \\(?([^)\\n]*)`, "m").exec(head)![1].split(/[ ,]/).map(Number);
  const voxels = gunzipSync(bytes.subarray(end + 2));
  return {
    size: field("sizes"),
    origin: field("space origin"),
    data: new Int16Array(voxels.buffer, voxels.byteOffset, voxels.length / 2),
  };
}

const differences = (mask: Uint8Array, theirs: ArrayLike<number>, label: number) =>
  mask.reduce((sum, inside, v) => sum + (inside === Number(theirs[v] === label) ? 0 : 1), 0);

describe.skipIf(absent)("masks voxel for voxel as", () => {
  test.each([
    ["liver.dcm", "liver_seg.nrrd", [1]],
    ["partial_overlaps.dcm", "partial_overlaps-1.nrrd", [1, 4, 5]],
    ["partial_overlaps.dcm", "partial_overlaps-2.nrrd", [2]],
    ["partial_overlaps.dcm", "partial_overlaps-3.nrrd", [3]],
    ["sparse-labelmap-ppv5.dcm", "sparse_labelmap_ppv5_seg.nrrd", [1]],
    ["sparse-labelmap-noppv.dcm", "sparse_labelmap_noppv_seg.nrrd", [1]],
  ])("dcmqi's truth of %s: %s", async (file, truth, numbers) => {
    const { geometry, mask } = open(`dcmqi/segmentations/${file}`);
    const { size, origin, data } = nrrd(truth);
    expect(geometry.size).toEqual(size);
    for (const [axis, mm] of geometry.origin.entries()) expect(mm).toBeCloseTo(origin[axis], 4);
    for (const number of numbers) expect(differences((await mask(number)).data, data, number)).toBe(0);
  });

  // Not those ITK's module does not read: overlaps, label maps, fractional ones, RLE and deflated frames.
  test.each([
    "dcmqi/segmentations/liver.dcm",
    "dcmqi/sr-example/seg.dcm",
    "dcmjs/data/QIICR_Test3/tumor_User1_Manual_Trial1.dcm",
    "highdicom/seg_image_ct_binary.dcm",
    "pydicom-data/liver_nonbyte_aligned.dcm",
  ])("@itk-wasm/dicom reads %s", async (file) => {
    const { geometry, segments, mask } = open(file);
    const { segImage } = await readSegmentationNode(join(suite, file));
    expect(segImage.size).toEqual(geometry.size);
    for (const [axis, mm] of geometry.origin.entries()) expect(mm).toBeCloseTo(segImage.origin[axis], 4);
    for (const { number } of segments)
      expect(differences((await mask(number)).data, segImage.data as Uint8Array, number)).toBe(0);
  });
});
