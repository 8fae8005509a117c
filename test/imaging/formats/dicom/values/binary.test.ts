import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parseDataSet, readHeaders, type Source } from "../../../../../src/imaging/formats/dicom/index.ts";
import { openPixels } from "../../../../../src/imaging/formats/dicom/pixels/pixels.ts";
import { rescaleOf } from "../../../../../src/imaging/formats/dicom/values/rescale.ts";
import { ctImage, type Item, part10, us, withElements } from "../elements.ts";
import { python, pythonModule } from "../write/peers.ts";

const folder = mkdtempSync(join(tmpdir(), "binary-"));
afterAll(() => rmSync(folder, { recursive: true }));

const source = (bytes: Uint8Array): Source => ({
  name: "ct.dcm",
  whole: async () => bytes,
  start: async (length) => bytes.subarray(0, length),
});
const read = async (elements: Item) => (await readHeaders([source(part10(elements))]))[0];

describe.skipIf(!pythonModule("pydicom"))("what pydicom writes", () => {
  test("in floating point, of four bytes, and big endian, has the same numbers", async () => {
    const path = join(folder, "fd.dcm");
    const [slope, intercept, columns, first] = python<number[]>(
      `
import json, struct, sys
import pydicom
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRBigEndian
ds = Dataset()
ds.file_meta = FileMetaDataset()
ds.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID = "1.2.3"
ds.Modality = "CT"
for tag, vr, value in [(0x00280002, "UL", 1), (0x00280010, "SS", 1), (0x00280011, "UL", 2), (0x00280100, "US", 16),
                       (0x00280101, "US", 16), (0x00280102, "US", 15), (0x00280103, "SL", 1),
                       (0x00281052, "FL", -1024.5), (0x00281053, "FD", 0.75)]:
    ds.add(DataElement(tag, vr, value))
ds.PhotometricInterpretation = "MONOCHROME2"
ds.add(DataElement(0x7FE00010, "OW", struct.pack(">hh", -100, 40)))
ds.is_little_endian, ds.is_implicit_VR = False, False
pydicom.dcmwrite(sys.argv[1], ds, write_like_original=False)
back = pydicom.dcmread(sys.argv[1])
print(json.dumps([float(back[0x00281053].value), float(back[0x00281052].value), back[0x00280011].value, -100]))`,
      [path],
    );
    expect([slope, intercept, columns, first]).toEqual([0.75, -1024.5, 2, -100]);
    const parsed = parseDataSet(readFileSync(path), path);
    expect(rescaleOf(parsed.dataSet, 0)).toEqual({ slope, intercept });
    const pixels = openPixels(parsed, path);
    expect(pixels.format).toMatchObject({ rows: 1, columns, signed: true });
    expect([...(await pixels.frame(0))]).toEqual([first, 40]);
  });
});

const four = (value: number) => Buffer.from(Uint32Array.of(value).buffer);

test.each([
  ["four bytes", "UL", four(1)],
  ["text", "IS", "1"],
  ["two bytes of VR UN", "UN", us(1)],
] as const)("Pixel Representation in %s is read whole", async (_, vr, value) => {
  const elements = withElements(ctImage(), {
    "00280103": [vr, value],
    "7fe00010": ["OW", us(0xfff0, 1, 2, 3)],
  });
  const pixels = openPixels(parseDataSet(part10(elements), "ct.dcm"), "ct.dcm");
  expect([...(await pixels.frame(0))]).toEqual([-16, 1, 2, 3]);
});

test.each([
  ["00280103", us(2), 'ct.dcm: Pixel Representation (0028,0103) is neither 0 nor 1: "2"'],
  ["00280010", us(2, 3), 'ct.dcm: Rows (0028,0010) is not one whole number: "2\\3"'],
] as const)("a number that cannot be is refused: %s", async (tag, value, message) => {
  const { error } = await read(withElements(ctImage(), { [tag]: ["US", value] }));
  expect(error).toMatchObject({ code: "E_VALUE", message });
});

describe("without Pixel Representation", () => {
  const bare = (values: Uint8Array) =>
    withElements(ctImage(), { "00280103": undefined, "7fe00010": ["OW", values] });

  test("values that fit either are read, and it is said", async () => {
    const { remarks } = await read(bare(us(0, 1, 2, 0x7fff)));
    expect(remarks).toEqual(["no Pixel Representation (0028,0103): stored values taken for unsigned"]);
  });

  test("no volume is made of others", async () => {
    const pixels = openPixels(parseDataSet(part10(bare(us(0, 1, 2, 0x8000))), "ct.dcm"), "ct.dcm");
    await pixels.frame(0);
    expect([...pixels.doubts]).toEqual([
      "ct.dcm: no Pixel Representation (0028,0103): nothing tells which values are negative",
    ]);
  });
});

test("a Modality LUT is refused; an empty one is none", async () => {
  const table = (items: readonly Item[]) =>
    read(
      withElements(ctImage(), { "00283000": ["SQ", items], "00281052": undefined, "00281053": undefined }),
    );
  const { error } = await table([[["00283002", "US", us(4, 0, 16)]]]);
  expect(error).toMatchObject({
    code: "E_UNSUPPORTED",
    message: "ct.dcm: Modality LUT Sequence (0028,3000): values by a table, not by a rescale to HU",
  });
  expect((await table([])).error).toBeUndefined();
});

test.each(["Z_EFF", "HU_MOD", "ed"])("values in %s are no HU", async (type) => {
  const { setAside } = await read(withElements(ctImage(), { "00281054": ["LO", type] }));
  expect(setAside).toBe(`values in ${type}, not HU (Rescale Type (0028,1054))`);
});
