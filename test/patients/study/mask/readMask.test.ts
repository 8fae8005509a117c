import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readHeaders, segmentation, sourcesOf } from "../../../../src/imaging/formats/dicom/index.ts";
import { encodePart10 } from "../../../../src/imaging/formats/dicom/write/part10.ts";
import { writeNifti } from "../../../../src/imaging/formats/nifti/index.ts";
import { type Geometry, lpsDirection, type Volume } from "../../../../src/numerics/volume/index.ts";
import { masksAmong } from "../../../../src/patients/study/mask/masksAmong.ts";
import { readMask } from "../../../../src/patients/study/mask/readMask.ts";
import { otherRemark } from "../../../../src/patients/study/remark.ts";
import { ctSlice } from "../../../imaging/formats/dicom/writer.ts";

const folder = mkdtempSync(join(tmpdir(), "masks-"));
afterAll(() => rmSync(folder, { recursive: true }));

const grid: Geometry = {
  size: [24, 20, 8],
  spacing: [1, 1, 2],
  origin: [-12, -10, 30],
  direction: lpsDirection,
};
/** A kidney with a tumour and a cyst, as boxes. */
const labels = new Uint8Array(24 * 20 * 8);
const box = (label: number, [i0, j0, k0]: number[], [i1, j1, k1]: number[]) => {
  for (let k = k0; k < k1; k++)
    for (let j = j0; j < j1; j++) labels.fill(label, i0 + 24 * (j + 20 * k), i1 + 24 * (j + 20 * k));
};
box(1, [4, 4, 1], [16, 14, 7]);
box(3, [5, 5, 2], [8, 8, 4]);
box(2, [12, 8, 3], [18, 15, 6]);
const truth: Volume<Uint8Array> = { ...grid, data: labels };
const only = (label: number): Volume<Uint8Array> => ({
  ...grid,
  data: labels.map((l) => (l === label ? 1 : 0)),
});

const context = { patient: {}, study: { uid: "1.2.3" }, frameOfReference: "1.2.4" };
const seg = segmentation(truth, {
  context,
  series: { uid: "1.2.3.9", number: 9, description: "test" },
  algorithm: { type: "MANUAL", name: "" },
  source: [],
  created: new Date(0),
  name: "test",
}).bytes;

/** Rectangles around each label's pixels of each slice; half a pixel outside their centres. */
function structureSet(names: readonly string[], extents: readonly (readonly number[][])[]): Uint8Array {
  const contours = extents.map(([[i0, j0, k0], [i1, j1, k1]]) =>
    Array.from({ length: k1 - k0 }, (_, n) => {
      const corner = (i: number, j: number) => [i - 12.5, j - 10.5, 30 + 2 * (k0 + n)];
      const points = [corner(i0, j0), corner(i1, j0), corner(i1, j1), corner(i0, j1)].flat();
      return { ContourGeometricType: "CLOSED_PLANAR", NumberOfContourPoints: 4, ContourData: points };
    }),
  );
  return encodePart10(
    {
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.481.3",
      SOPInstanceUID: "1.2.3.77",
      Modality: "RTSTRUCT",
      StudyInstanceUID: "1.2.3",
      SeriesInstanceUID: "1.2.3.78",
      StructureSetLabel: "test",
      ReferencedFrameOfReferenceSequence: [{ FrameOfReferenceUID: "1.2.4" }],
      StructureSetROISequence: names.map((ROIName, n) => ({
        ROINumber: n + 1,
        ReferencedFrameOfReferenceUID: "1.2.4",
        ROIName,
      })),
      ROIContourSequence: contours.map((ContourSequence, n) => ({
        ReferencedROINumber: n + 1,
        ContourSequence,
      })),
    },
    "test",
  );
}
const rt = structureSet(
  ["Niere", "Tumor", "Zyste", "ROI-4"],
  [
    [
      [4, 4, 1],
      [16, 14, 7],
    ],
    [
      [12, 8, 3],
      [18, 15, 6],
    ],
    [
      [5, 5, 2],
      [8, 8, 4],
    ],
    [
      [0, 0, 0],
      [2, 2, 2],
    ],
  ],
);

const at = (name: string) => join(folder, name);
function put(name: string, bytes: Uint8Array): string {
  mkdirSync(join(at(name), ".."), { recursive: true });
  writeFileSync(at(name), bytes);
  return at(name);
}

test("NIfTI labels", async () => {
  await writeNifti(at("labels.nii.gz"), truth);
  const mask = await readMask(at("labels.nii.gz"), grid);
  expect(mask).toEqual({ volume: truth, source: "NIfTI", remarks: [] });
});

test("NIfTI labels without a cyst, as most kidneys are: nothing is said of it", async () => {
  const path = join(folder, "no-cyst.nii");
  const data = labels.map((label) => (label === 3 ? 1 : label));
  await writeNifti(path, { ...grid, data });
  const mask = await readMask(path, grid);
  expect(mask.volume.data).toEqual(data);
  expect(mask.remarks).toEqual([]);
});

test("NIfTI labels by a user's table", async () => {
  const other = [0, 21, 300, 5];
  const numbers = Int16Array.from(labels, (label, n) => (n === 0 ? 7 : other[label]));
  await writeNifti(at("numbers.nii.gz"), { ...grid, data: numbers });
  const table = put("numbers.csv", Buffer.from("name,label\n21,kidney\n300,tumor\n5,cyst\n"));
  const { volume, remarks } = await readMask(at("numbers.nii.gz"), grid, { labels: table });
  expect(volume).toEqual(truth);
  expect(remarks).toEqual([otherRemark("names not understood, left out: 7")]);
  await expect(readMask(at("numbers.nii.gz"), grid)).rejects.toThrow(
    expect.objectContaining({ code: "E_MASK" }),
  );
  await writeNifti(at("image.nii.gz"), { ...grid, data: Float32Array.from(labels, (label) => label / 3) });
  await expect(readMask(at("image.nii.gz"), grid, { labels: table })).rejects.toThrow(/no labels/);
});

test("a DICOM Segmentation, whatever the file's name", async () => {
  const mask = await readMask(put("IM0001", seg), grid);
  expect(mask).toEqual({ volume: truth, source: "segmentation", remarks: [] });
});

test("an RT Structure Set; tumour over cyst over kidney; names not understood are said", async () => {
  const mask = await readMask(put("rt.dcm", rt), grid);
  expect(mask.volume).toEqual(truth);
  expect(mask.source).toBe("structure set");
  expect(mask.remarks).toEqual([otherRemark("names not understood, left out: ROI-4")]);
});

test("contours of a series twice as coarse fill the slices between", async () => {
  const fine: Geometry = { ...grid, spacing: [1, 1, 1], size: [24, 20, 16], origin: [-12, -10, 29.5] };
  const { volume } = await readMask(put("rt2.dcm", rt), fine);
  const count = (data: Uint8Array) => data.filter((label) => label === 2).length;
  expect(count(volume.data)).toBe(2 * count(labels));
});

test("a folder of NIfTI files named by structure", async () => {
  for (const [n, name] of ["kidney_left", "tumor", "kidney_cyst"].entries())
    await writeNifti(at(`structures/${name}.nii.gz`), only(n + 1));
  await writeNifti(at("structures/liver.nii.gz"), { ...grid, data: labels.map(() => 1) });
  expect((await readMask(at("structures"), grid)).volume).toEqual(truth);
});

test("a folder of DICOM mask images a structure", async () => {
  for (const [n, name] of ["rightkidney", "kidneytumor", "cyst"].entries())
    for (let k = 0; k < 8; k++) {
      const values = Int16Array.from(only(n + 1).data.subarray(k * 480, (k + 1) * 480), (v) => 255 * v);
      const slice = { rows: 20, columns: 24, position: [-12, -10, 30 + 2 * k] as const, values };
      put(`organs/${name}/image_${k}`, ctSlice({ ...slice, instance: k, series: `1.2.3.${n}` }));
    }
  const mask = await readMask(at("organs"), grid);
  expect(mask).toEqual({ volume: truth, source: "segmentation", remarks: [] });
});

test("a finer, turned reference: nearest voxels", async () => {
  const turned: Geometry = {
    size: [20, 24, 16],
    spacing: [1, 1, 1],
    origin: [-12, 9, 29.5],
    direction: [
      [0, -1, 0],
      [1, 0, 0],
      [0, 0, 1],
    ],
  };
  const { volume } = await readMask(put("IM0001", seg), turned);
  const count = (data: Uint8Array, label: number) => data.filter((l) => l === label).length;
  for (const label of [1, 2, 3]) expect(count(volume.data, label)).toBe(2 * count(labels, label));
});

test("what lies outside of the images is said, or refused", async () => {
  const half = { ...grid, size: [24, 20, 5] as const };
  const { remarks } = await readMask(put("IM0001", seg), half);
  expect(remarks).toEqual(
    ["Kidney: 34 % lies outside the images", "Tumor: 33 % lies outside the images"].map(otherRemark),
  );
  const far = { ...grid, origin: [500, 0, 0] as const };
  await expect(readMask(at("IM0001"), far)).rejects.toThrow(expect.objectContaining({ code: "E_MASK" }));
});

test("a user's table names what is not understood", async () => {
  const other = structureSet(
    ["A", "B"],
    [
      [
        [4, 4, 1],
        [16, 14, 7],
      ],
      [
        [12, 8, 3],
        [18, 15, 6],
      ],
    ],
  );
  const path = put("named.dcm", other);
  await expect(readMask(path, grid)).rejects.toThrow(
    expect.objectContaining({ code: "E_MASK", message: expect.stringContaining("A, B") }),
  );
  const labels = put("labels.csv", Buffer.from("name,label\nA,kidney\nB,tumor\n"));
  const { volume } = await readMask(path, grid, { labels });
  expect(volume.data).toEqual(truth.data.map((label) => (label === 3 ? 1 : label)));
});

test("files that hold no mask are refused with a code", async () => {
  await expect(readMask(at("absent"), grid)).rejects.toThrow(
    expect.objectContaining({ code: "E_FILE_MISSING" }),
  );
  const text = put("notes.txt", Buffer.from("nothing of the kind, but long enough to be looked at"));
  await expect(readMask(text, grid)).rejects.toThrow(expect.objectContaining({ code: "E_FORMAT" }));
  const cut = put("cut.dcm", seg.subarray(0, seg.length - 40));
  await expect(readMask(cut, grid)).rejects.toThrow(expect.objectContaining({ code: "E_FILE_TRUNCATED" }));
});

describe("among a study's files", () => {
  const among = async (names: readonly string[], options = {}) => {
    const sources = (await Promise.all(names.map((name) => sourcesOf(at(name))))).flat();
    return masksAmong(await readHeaders(sources), grid, options);
  };

  test("segmentations and structure sets; nothing where there is none", async () => {
    put("study/seg.dcm", seg);
    put(
      "study/image",
      ctSlice({ rows: 2, columns: 2, position: [0, 0, 0], values: new Int16Array(4), instance: 1 }),
    );
    expect((await among(["study"]))?.volume).toEqual(truth);
    expect(await among(["study/image"])).toBeUndefined();
  });

  test("a broken one is left out, another frame of reference too", async () => {
    put("mixed/seg.dcm", seg);
    put("mixed/cut.dcm", seg.subarray(0, seg.length - 40));
    const mask = await among(["mixed"], { frameOfReference: "1.2.4" });
    expect(mask?.volume).toEqual(truth);
    expect(mask?.remarks.map(({ text }) => text)).toEqual([expect.stringMatching(/^left out: .*cut\.dcm/)]);
    expect(await among(["mixed"], { frameOfReference: "1.2.5" })).toBeUndefined();
  });
});

const ircadb = resolve(import.meta.dirname, "../../../../../shared/data/ct/ircadb01_17/MASKS_DICOM.tar.gz");
if (!existsSync(ircadb)) console.warn("skipped: ../shared/data/ct/ircadb01_17 is absent");
test.skipIf(!existsSync(ircadb))("3D-IRCADb 17: folders of mask images, two of them tumours", async () => {
  const parts = ["livertumor1", "livertumor2"].map((name) => `MASKS_DICOM/${name}`);
  expect(spawnSync("tar", ["xzf", ircadb, "-C", folder, ...parts]).status).toBe(0);
  const ct: Geometry = {
    size: [512, 512, 119],
    spacing: [0.743, 0.743, 1.6],
    origin: [0, 0, 0],
    direction: lpsDirection,
  };
  const table = put("ircadb.csv", Buffer.from("name,label\nlivertumor1,tumor\nlivertumor2,cyst\n"));
  const { volume } = await readMask(at("MASKS_DICOM"), ct, { labels: table });
  const counts = [0, 0, 0, 0];
  for (const label of volume.data) counts[label]++;
  // pydicom and numpy: (a > 0).sum(), ((b > 0) & ~(a > 0)).sum()
  expect(counts.slice(1)).toEqual([0, 96961, 89029]);
});
