import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { TrinephronError } from "../../../../../src/base/errors.ts";
import { pixelRange } from "../../../../../src/imaging/formats/dicom/fileInfo.ts";
import {
  readHeaders,
  readVolume,
  seriesOf,
  sourcesOf,
} from "../../../../../src/imaging/formats/dicom/index.ts";
import { peer, python, pythonModule } from "../write/peers.ts";

/**
 * Files whose header contradicts their pixels. Streams are dcmtk's and OpenJPEG's (by Pillow); what is right is the
 * array that went into them, before any header was changed.
 */
const writer = `
import io, json, os, subprocess, sys, warnings
warnings.filterwarnings("ignore")
import numpy, pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, generate_pixel_data_frame
from pydicom.uid import generate_uid
os.chdir(sys.argv[1])
plain, rle, jpeg, jpegls, j2k = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.5", *(f"1.2.840.10008.1.2.4.{n}" for n in (70, 80, 90))
y, x = numpy.mgrid[0:48, 0:40]
p8 = (3 * x + 2 * y).astype("uint8")
p12 = (50 * x + 40 * y).astype("uint16")
s16 = (50 * x - 40 * y).astype("int16")

def image(pixels, allocated, stored, signed=0, syntax=plain, frames=None, **more):
    d = Dataset()
    d.file_meta = FileMetaDataset()
    d.file_meta.TransferSyntaxUID = syntax
    d.file_meta.MediaStorageSOPClassUID = d.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    d.file_meta.MediaStorageSOPInstanceUID = d.SOPInstanceUID = generate_uid()
    d.is_little_endian, d.is_implicit_VR = True, False
    d.Modality, d.PatientID, d.StudyInstanceUID, d.SeriesInstanceUID = "CT", "p", "1.2.3", generate_uid()
    d.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    d.ImagePositionPatient, d.ImageOrientationPatient, d.PixelSpacing = [0, 0, 0], [1, 0, 0, 0, 1, 0], [1, 1]
    d.Rows, d.Columns = pixels.shape
    d.SamplesPerPixel, d.PhotometricInterpretation = 1, "MONOCHROME2"
    d.RescaleIntercept, d.RescaleSlope = 0, 1
    d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = allocated, stored, stored - 1, signed
    d.PixelData = encapsulate(frames) if frames else pixels.tobytes()
    d["PixelData"].VR = "OB" if frames or allocated == 8 else "OW"
    for key, value in more.items():
        setattr(d, key, value)
    return d

def save(d, name):
    d.save_as(f"{name}.dcm", write_like_original=False)

def stream(pixels, command, *options):
    save(image(pixels, 8 * pixels.itemsize, 8 * pixels.itemsize, int(pixels.dtype == "int16")), "in")
    subprocess.run([command, *options, "in.dcm", "out.dcm"], check=True)
    frame = next(generate_pixel_data_frame(pydicom.dcmread("out.dcm").PixelData, 1))
    os.remove("in.dcm"), os.remove("out.dcm")
    return frame

def jpeg2000(pixels):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG2000", irreversible=False, num_resolutions=3, no_jp2=True)
    return out.getvalue()

means = {}
def file(name, right, *args, **more):
    save(image(*args, **more), name)
    means[name] = None if right is None else float(numpy.asarray(right, "float").mean())

lossless = {
    "jpeg": (jpeg, lambda a: stream(a, "dcmcjpeg", "+e1")),
    "jpeg-ls": (jpegls, lambda a: stream(a, "dcmcjpls")),
    "jpeg-2000": (j2k, jpeg2000),
}
for kind, (syntax, encode) in lossless.items():
    eight, sixteen = encode(p8), encode(p12)
    for stored in (8, 12, 16):
        file(f"{kind} 8 in 16, {stored} stored", p8, p8, 16, stored, 0, syntax, [eight])
    file(f"{kind} 8 signed 16", None, p8, 16, 16, 1, syntax, [eight])
    file(f"{kind} 16 in 8", p12, p12, 8, 8, 0, syntax, [sixteen])
    file(f"{kind} 16, 8 stored", p12, p12, 16, 8, 0, syntax, [sixteen])
    file(f"{kind} 16, 12 stored", p12, p12, 16, 12, 0, syntax, [sixteen])
    file(f"{kind} rows", None, p12[:24], 16, 16, 0, syntax, [sixteen])
    file(f"{kind} cut", None, p12, 16, 16, 0, syntax, [sixteen[: len(sixteen) * 9 // 10]])
    file(f"{kind} three as one", None, p12, 16, 16, 0, syntax, [sixteen] * 3)
    file(f"{kind} two as three", None, p12, 16, 16, 0, syntax, [sixteen] * 2, NumberOfFrames=3)
    if kind != "jpeg-2000":
        negative = encode(s16)
        file(f"{kind} negative", s16, s16, 16, 16, 1, syntax, [negative])
        file(f"{kind} negative unsigned 12", None, s16, 16, 12, 0, syntax, [negative])
baseline = stream(p8, "dcmcjpeg", "+eb")
file("baseline 8 in 16", p8, p8, 16, 16, 0, "1.2.840.10008.1.2.4.50", [baseline])
# The sign bit of the first component: the same code, less the half of its range.
signed = bytearray(jpeg2000(p12))
signed[signed.index(b"\\xff\\x51") + 40] |= 0x80
for says in (0, 1):
    file(f"jpeg-2000 signed, header {says}", p12.astype(int) - 2**15, p12, 16, 16, says, j2k, [bytes(signed)])

eight, sixteen = stream(p8, "dcmcrle"), stream(p12, "dcmcrle")
file("rle", p12, p12, 16, 12, 0, rle, [sixteen])
file("rle 8 in 16", None, p8, 16, 8, 0, rle, [eight])
file("rle 16 in 8", None, p12, 8, 8, 0, rle, [sixteen])
file("rle rows", None, p12[:24], 16, 16, 0, rle, [sixteen])
file("rle cut", None, p12, 16, 16, 0, rle, [sixteen[: len(sixteen) * 9 // 10]])
file("rle three as one", None, p12, 16, 16, 0, rle, [sixteen] * 3)
wrong = bytearray(sixteen)
wrong[4:8] = (72).to_bytes(4, "little")
file("rle offset", None, p12, 16, 16, 0, rle, [bytes(wrong)])

file("rows", None, p12, 16, 16, Rows=24)
file("columns", None, p12, 16, 16, Columns=39)
file("bits", None, p12, 8, 8)
file("more rows", None, p12, 16, 16, Rows=96)
file("padded", p12, p12, 16, 16, PixelData=p12.tobytes() + bytes(40))
file("at the top", p12, (p12 << 4).astype("uint16"), 16, 12, HighBit=15)
file("signed at the top", s16, (s16 << 4).astype("int16"), 16, 12, 1, HighBit=15)
file("not at the top", p12, p12, 16, 12, HighBit=15)
file("nowhere", None, ((p12 % 8) << 4).astype("uint16"), 16, 12, HighBit=15)
file("sign left out", s16, (s16.astype("uint16") & 0xFFF), 16, 12, 1)
file("signed as unsigned", None, s16, 16, 12, 0)
file("more than 12 bits", None, (2 * s16).astype("int16"), 16, 12, 1)
file("bright", p12, p12, 16, 12, PhotometricInterpretation="MONOCHROME1")
raw = open("rle.dcm", "rb").read().replace(rle.encode() + b"\\0", (plain + "\\0").encode())
open("fragments as plain.dcm", "wb").write(raw)
means["fragments as plain"] = None
json.dump(means, sys.stdout)
`;

const present = [
  pythonModule("pydicom"),
  pythonModule("PIL"),
  peer("dcmcjpeg"),
  peer("dcmcjpls"),
  peer("dcmcrle"),
].every(Boolean);
const folder = mkdtempSync(join(tmpdir(), "dicom-contradictions-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!present)("a header that contradicts its pixels", async () => {
  const means = present ? python<Record<string, number | null>>(writer, [folder]) : {};

  /** What a volume of the slice copied three times would hold: its mean and remarks, or the refusal. */
  async function read(name: string): Promise<{ mean: number; remarks: readonly string[] } | string> {
    const [file] = await readHeaders(await sourcesOf(join(folder, `${name}.dcm`)));
    const [{ stacks }] = seriesOf([file]);
    const slices = [0, 1, 2].map((k) => ({
      ...stacks[0].slices[0],
      plane: { ...stacks[0].slices[0].plane, position: [0, 0, k] as const },
    }));
    try {
      const { volume, remarks } = await readVolume({ ...stacks[0], slices }, name);
      let sum = 0;
      for (const value of volume.data) sum += value;
      return { mean: sum / volume.data.length, remarks };
    } catch (error) {
      if (error instanceof TrinephronError) return error.line;
      throw error;
    }
  }

  test.each(Object.entries(means))("%s", async (name, mean) => {
    const found = await read(name);
    if (mean === null) expect(found).toMatch(/^E_(FORMAT|FILE_TRUNCATED): /);
    else if (typeof found === "string") throw new Error(found);
    else expect(found.mean).toBeCloseTo(mean, name.startsWith("baseline") ? 0 : 9);
  });

  test("is named, and what was done", async () => {
    const said = async (name: string) => {
      const found = await read(name);
      return typeof found === "string" ? found : found.remarks.join("; ");
    };
    expect(await said("jpeg 8 in 16, 8 stored")).toBe(
      "8-bit jpeg pixels under Bits Allocated (0028,0100) 16: read as the stream says",
    );
    expect(await said("jpeg-2000 signed, header 0")).toBe(
      "signed pixels in the stream, Pixel Representation (0028,0103) 0: read as the stream says",
    );
    expect(await said("jpeg-ls 16, 8 stored")).toBe(
      "pixels of the 16-bit stream hold more than Bits Stored (0028,0101) 8: read as the stream says",
    );
    expect(await said("rle 8 in 16")).toContain(
      "RLE segments: 1 in the stream, 2 needed by Bits Allocated (0028,0100) 16",
    );
    expect(await said("jpeg three as one")).toContain(
      "Number of Frames (0028,0008) 1, but compressed frames: 3",
    );
    expect(await said("at the top")).toContain("values lie from bit 4 on and are read so");
    expect(await said("not at the top")).toContain("values lie in the lowest bits and are read so");
    expect(await said("jpeg 16, 12 stored")).toBe("");
    expect(await said("padded")).toBe("");
    expect(await said("bright")).toContain("MONOCHROME1");
  });

  test("is shown beside the pixels where nothing tells which is right", async () => {
    const [file] = await readHeaders(await sourcesOf(join(folder, "more than 12 bits.dcm")));
    expect((await pixelRange(file)).remarks.join()).toMatch(
      /hold more than Bits Stored .*no volume is made of it$/,
    );
  });
});
