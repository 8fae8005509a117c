import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pixelRange } from "../../../../../src/imaging/formats/dicom/fileInfo.ts";
import {
  parseDataSet,
  readHeaders,
  readVolume,
  type Source,
  seriesOf,
} from "../../../../../src/imaging/formats/dicom/index.ts";
import { rescaleOf } from "../../../../../src/imaging/formats/dicom/values/rescale.ts";
import { ctImage, type Item, part10, withElements } from "../elements.ts";
import { python, pythonModule } from "../write/peers.ts";

const source = (bytes: Uint8Array, name = "ct.dcm"): Source => ({
  name,
  whole: async () => bytes,
  start: async (length) => bytes.subarray(0, length),
});
const read = async (elements: Item) => (await readHeaders([source(part10(elements))]))[0];
const withText = (tag: string, text: string) => withElements(ctImage(), { [tag]: ["DS", text] });

describe.skipIf(!pythonModule("pydicom"))("pydicom", () => {
  test("reads the same numbers, and refuses the same texts, once a comma is a point", async () => {
    const texts = fc.sample(
      fc.string({ unit: fc.constantFrom(..."0123456789+-.,eE "), minLength: 1, maxLength: 7 }),
      { numRuns: 3000, seed: 1 },
    );
    const wanted = texts.filter((text) => text.trim() !== "");
    const theirs = python<(number | null)[]>(
      `
import json, math, sys
from pydicom.valuerep import DSfloat
def read(text):
    try: value = float(DSfloat(text.strip().replace(",", ".", 1)))
    except (ValueError, OverflowError): return None
    return value if math.isfinite(value) else None
print(json.dumps([read(text) for text in json.loads(sys.argv[1])]))`,
      [JSON.stringify(wanted)],
    );
    expect(theirs.filter((value) => value !== null).length).toBeGreaterThan(300);
    for (const [n, text] of wanted.entries()) {
      const { dataSet } = parseDataSet(
        part10(withElements(ctImage(), { "00281053": ["DS", text], "00281052": ["DS", "0"] })),
        "ct.dcm",
      );
      const ours = () => rescaleOf(dataSet, 0).slope;
      if (theirs[n] === null || theirs[n] === 0)
        expect(ours, text).toThrow(expect.objectContaining({ code: "E_VALUE" }));
      else expect(ours(), text).toBe(theirs[n]);
    }
  });
});

test.each([
  ["00281053", "1.2.3", 'ct.dcm: Rescale Slope (0028,1053) is no number: "1.2.3"'],
  ["00281053", "1,234.5", 'ct.dcm: Rescale Slope (0028,1053) is no number: "1,234.5"'],
  ["00281053", "12abc", 'ct.dcm: Rescale Slope (0028,1053) is no number: "12abc"'],
  ["00281053", "1\x002", 'ct.dcm: Rescale Slope (0028,1053) is no number: "1�2"'],
  ["00281053", "1\\2", 'ct.dcm: Rescale Slope (0028,1053) has 2 values, not 1: "1\\2"'],
  ["00281053", "0", 'ct.dcm: Rescale Slope (0028,1053) makes all values alike: "0"'],
  ["00281053", "", 'ct.dcm: Rescale Intercept (0028,1052) stands without Rescale Slope (0028,1053): "-1024"'],
  ["00281052", "", 'ct.dcm: Rescale Slope (0028,1053) stands without Rescale Intercept (0028,1052): "1"'],
  ["00281052", "-1e", 'ct.dcm: Rescale Intercept (0028,1052) is no number: "-1e"'],
  ["00281052", "NaN", 'ct.dcm: Rescale Intercept (0028,1052) is no number: "NaN"'],
  ["00200032", "-10\\-20\\1.2.3", 'Patient (0020,0032) is no number: "1.2.3" in "-10\\-20\\1.2.3"'],
  ["00200032", "-10\\\\5", 'Image Position Patient (0020,0032) is no number: "" in "-10\\\\5"'],
  ["00200032", "-10\\5", 'Image Position Patient (0020,0032) has 2 values, not 3: "-10\\5"'],
  ["00200032", "-10,5,-20,5,0", 'Patient (0020,0032) is no number: "-10,5,-20,5,0"'],
  ["00200037", "1\\0\\0\\0\\1\\0x", 'Orientation Patient (0020,0037) is no number: "0x"'],
  ["00280030", "0.5mm\\0.5", 'Pixel Spacing (0028,0030) is no number: "0.5mm"'],
  ["00180050", "5 mm", 'Slice Thickness (0018,0050) is no number: "5 mm"'],
  ["00180060", "120kV", 'KVP (0018,0060) is no number: "120kV"'],
  ["00200011", "3a", 'Series Number (0020,0011) is no number: "3a"'],
  ["00200012", "1.", undefined],
  ["00280008", "1A", 'Number Of Frames (0028,0008) is no number: "1A"'],
  ["00280008", "1.5", 'Number Of Frames (0028,0008) is no whole number: "1.5"'],
  ["00280008", "-1", 'Number Of Frames (0028,0008) is below one: "-1"'],
])("%s %j", async (tag, text, message) => {
  const { error, header } = await read(withText(tag, text));
  if (message === undefined) return expect(header).toBeDefined();
  expect(header).toBeUndefined();
  expect(error).toMatchObject({ code: "E_VALUE", message: expect.stringContaining(message) });
});

test("commas are decimal points, blanks pad, and the user is told of the commas", async () => {
  const slices = Array.from({ length: 4 }, (_, n) =>
    withElements(ctImage(n), {
      "00200032": ["DS", ` -10,5 \\-20\\ ${String(2.5 * n).replace(".", ",")} `],
      "00280030": ["DS", "0,5\\0,75 "],
      "00281052": ["DS", " -1024,5"],
      "00281053": ["DS", n === 0 ? "0,5000" : "+5.0E-1"],
    }),
  );
  const files = await readHeaders(slices.map((slice, n) => source(part10(slice), `${n}`)));
  const [{ stacks }] = seriesOf(files);
  const { volume, remarks } = await readVolume(stacks[0], "series");
  expect(volume).toMatchObject({ origin: [-10.5, -20, 0], spacing: [0.75, 0.5, 2.5] });
  expect(volume.data[0]).toBe(1124 * 0.5 - 1024.5);
  expect((await pixelRange(files[1])).max).toBe(1127 * 0.5 - 1024.5);
  expect(remarks).toEqual([
    "commas in Image Position Patient (0020,0032) read as decimal points",
    "commas in Pixel Spacing (0028,0030) read as decimal points",
    "commas in Rescale Intercept (0028,1052) read as decimal points",
    "commas in Rescale Slope (0028,1053) read as decimal points (1 of 4 files)",
  ]);
});

test("several values of what only describes an image are left out and said", async () => {
  const { header, remarks } = await read(withText("00180060", "80\\140"));
  expect(header?.kvp).toBeUndefined();
  expect(remarks).toEqual(["KVP (0018,0060) has 2 values instead of one: left out"]);
});

test("a CT image without rescale is said to be one", async () => {
  const { remarks } = await read(withElements(ctImage(), { "00281052": undefined, "00281053": undefined }));
  expect(remarks).toEqual(["no Rescale Slope (0028,1053): stored values taken for HU"]);
});

test.each(["0018", "0028"])(
  "a header that ends after 32768 bytes between two elements is read to its end (%s)",
  async (group) => {
    // A private element as long as puts the next one at the 32768th byte.
    const before = ctImage().filter(([tag]) => tag < `${group}0000`);
    const size = part10(before).length;
    const filler: Item = [
      ["00090010", "LO", "x"],
      ["00091001", "UN", Buffer.alloc(32768 - size - 12 - 10)],
    ];
    const bytes = part10([...ctImage(), ...filler]);
    const files = await readHeaders([source(bytes)]);
    expect(files[0].planes?.[0]?.position).toEqual([-10, -20, 0]);
    expect(files[0].header?.hasPixels).toBe(true);
  },
);
