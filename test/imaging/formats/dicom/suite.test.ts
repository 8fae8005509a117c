import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { TrinephronError } from "../../../../src/base/errors.ts";
import { type PixelRange, pixelRange } from "../../../../src/imaging/formats/dicom/fileInfo.ts";
import {
  type DicomFile,
  openPixels,
  parseDataSet,
  readHeaders,
  sourcesOf,
} from "../../../../src/imaging/formats/dicom/index.ts";
import { rescaleOf } from "../../../../src/imaging/formats/dicom/values/rescale.ts";

const suite = join(import.meta.dirname, "../../../../../shared/data/dicom_suite");
const python = "/usr/bin/python3";
const has = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
const present = existsSync(suite) && has(python, "-c", "import pydicom") && has("dcmdjpeg", "--version");
if (!present) console.warn("skipped: ../shared/data/dicom_suite, python3-pydicom or dcmtk is missing");

/** Minimum, maximum, mean and a sum weighted by place, after the rescale: by pydicom, of JPEG and JPEG-LS after dcmtk has decoded them. */
const oracle = `
import json, os, subprocess, sys, tempfile, warnings
# GDCM dies of one of the files.
sys.modules["gdcm"] = None
import numpy, pydicom
from pydicom.pixel_data_handlers import numpy_handler, pillow_handler, rle_handler
# GDCM, where it is installed, crashes on damaged files.
pydicom.config.pixel_data_handlers = [numpy_handler, rle_handler, pillow_handler]
warnings.filterwarnings("ignore")
jpeg = {"50", "51", "57", "70"}
answers = {}
for path in json.load(sys.stdin):
    try:
        dataset = pydicom.dcmread(path, force=True)
        syntax = str(dataset.file_meta.get("TransferSyntaxUID", ""))
        coding = syntax.removeprefix("1.2.840.10008.1.2.4.")
        command = "dcmdjpeg" if coding in jpeg else "dcmdjpls" if coding in {"80", "81"} else None
        if command:
            plain = tempfile.mktemp()
            subprocess.run([command, path, plain], check=True, stderr=subprocess.DEVNULL)
            dataset = pydicom.dcmread(plain)
            os.remove(plain)
        if dataset.get("SamplesPerPixel", 1) != 1 or dataset.PhotometricInterpretation == "PALETTE COLOR":
            continue
        stored = dataset.pixel_array.astype(float)
        bits = dataset.get("BitsStored", 0)
        # Bits above the stored ones mean nothing, and the sign is the highest stored one (PS3.5 section 8.1.1).
        if "FloatPixelData" not in dataset and "DoubleFloatPixelData" not in dataset and 0 < bits < dataset.BitsAllocated:
            stored = stored.astype(numpy.int64) & (2**bits - 1)
            if dataset.PixelRepresentation == 1:
                stored = stored - (stored >= 2 ** (bits - 1)) * 2**bits
            stored = stored.astype(float)
        if dataset.BitsAllocated == 1:
            stored = (stored != 0).astype(float)
        frames = stored if int(dataset.get("NumberOfFrames", 1) or 1) > 1 else stored[None]
        values = []
        for f, frame in enumerate(frames):
            group = dataset
            for sequence, index in (("SharedFunctionalGroupsSequence", 0), ("PerFrameFunctionalGroupsSequence", f)):
                if sequence in dataset and index < len(dataset[sequence].value):
                    item = dataset[sequence].value[index]
                    if "PixelValueTransformationSequence" in item:
                        group = item.PixelValueTransformationSequence[0]
            slope, intercept = group.get("RescaleSlope"), group.get("RescaleIntercept")
            values.append(frame * float(1 if slope is None else slope) + float(intercept or 0))
        values = numpy.stack(values)
        place = numpy.arange(values.size) % 997 + 1
        answers[path] = [values.min(), values.max(), values.mean(), float((values.ravel() * place).sum())]
    except Exception as error:
        answers[path] = str(error)
json.dump(answers, sys.stdout)
`;

const files = present
  ? readdirSync(suite, { recursive: true, encoding: "utf8" })
      .map((name) => join(suite, name))
      .filter((path) => statSync(path).isFile())
  : [];

const lossy = ["50", "51", "81", "91", "203"].map((end) => `1.2.840.10008.1.2.4.${end}`);

async function weightedSum({ source }: DicomFile): Promise<number> {
  const parsed = parseDataSet(await source.whole(), source.name);
  const pixels = openPixels(parsed, source.name);
  let [sum, at] = [0, 0];
  for (let f = 0; f < pixels.format.frames; f++) {
    const { slope, intercept } = rescaleOf(parsed.dataSet, f);
    for (const stored of await pixels.frame(f)) sum += (stored * slope + intercept) * ((at++ % 997) + 1);
  }
  return sum;
}

describe.skipIf(!present)("the suite of other projects' files", async () => {
  const headers = present
    ? await readHeaders((await Promise.all(files.map((path) => sourcesOf(path)))).flat())
    : [];
  const expected: Record<string, number[] | string> = present
    ? JSON.parse(
        execFileSync(python, ["-c", oracle], {
          input: JSON.stringify(files),
          maxBuffer: 1 << 26,
          encoding: "utf8",
        }),
      )
    : {};
  const ours = new Map<string, PixelRange | TrinephronError>();
  for (const file of headers)
    ours.set(
      file.source.name,
      file.error ??
        (await pixelRange(file).catch((error: unknown) => {
          if (error instanceof TrinephronError) return error;
          throw error;
        })),
    );
  const compared = Object.entries(expected).filter(([, value]) => Array.isArray(value)) as [
    string,
    number[],
  ][];

  test("has as many files with an oracle's pixels as it should", () => {
    expect(compared.length).toBeGreaterThan(200);
  });

  test.each(compared.map(([path, value]) => [path.slice(suite.length + 1), value] as const))(
    "%s",
    async (name, value) => {
      const file = headers.find(({ source }) => source.name === join(suite, name))!;
      const found = ours.get(file.source.name)!;
      if (found instanceof TrinephronError) throw found;
      const [low, high, mean, weighted] = value;
      // Decoders of lossy syntaxes may round differently, by a few stored values.
      const tolerance = lossy.includes(file.header!.transferSyntax) ? 4 : 1e-6;
      expect(Math.abs(found.min - low)).toBeLessThanOrEqual(tolerance);
      expect(Math.abs(found.max - high)).toBeLessThanOrEqual(tolerance);
      expect(Math.abs(found.mean - mean)).toBeLessThanOrEqual(tolerance / 8 + 1e-9 * Math.abs(mean));
      if (tolerance < 1)
        expect(await weightedSum(file)).toBeCloseTo(weighted, Math.abs(weighted) > 1e9 ? 0 : 3);
    },
  );

  test("what is not read is refused with a code", () => {
    const codes = [...ours.values()].flatMap((value) =>
      value instanceof TrinephronError ? [value.code] : [],
    );
    expect(new Set(codes)).toEqual(new Set(["E_FORMAT", "E_FILE_TRUNCATED", "E_UNSUPPORTED", "E_VALUE"]));
  });
});
