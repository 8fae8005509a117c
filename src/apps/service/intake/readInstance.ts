import { TrinephronError } from "../../../base/errors.ts";
import { readStart } from "../../../base/files.ts";
import { type DicomHeader, headerOf } from "../../../imaging/formats/dicom/file/header.ts";
import { type Parsed, parseDataSet } from "../../../imaging/formats/dicom/index.ts";

/** How much of a file is looked at for its header, bytes: most fit the first, and nothing fits none but the last. */
const starts = [2 ** 15, 2 ** 20, 2 ** 24] as const;

const pixelData = "x7fe00010";
const undefinedLength = 0xffffffff;
/** Transfer syntax whose data sets are compressed as a whole: a small file may unpack to any size. */
const deflated = "1.2.840.10008.1.2.1.99";

/**
 * Reads the header of a DICOM file that came in. Its pixels are not read; whether the file holds them all is seen from
 * its size, but for compressed ones.
 * @param bytes the file's size
 * @param name of the image, in errors
 * @throws E_FORMAT where it is no DICOM, E_FILE_TRUNCATED, E_VALUE, E_LIMIT for a header of more than 16 MB,
 * E_UNSUPPORTED for a deflated data set
 */
export async function readInstance(path: string, bytes: number, name: string): Promise<DicomHeader> {
  for (const length of starts) {
    const start = await readStart(path, length);
    if (start.subarray(0, 1024).includes(deflated))
      throw new TrinephronError(
        "E_UNSUPPORTED",
        `${name}: a deflated data set`,
        "send it in another transfer syntax",
      );
    const isWhole = bytes <= length;
    const parsed = parse(start, name, isWhole);
    if (!parsed || (!isWhole && !(pixelData in parsed.dataSet.elements))) continue;
    if (parsed.truncated || isCut(parsed, start, bytes))
      throw new TrinephronError(
        "E_FILE_TRUNCATED",
        `${name}: ends before its data set does`,
        "send it again",
      );
    return headerOf(parsed);
  }
  throw new TrinephronError("E_LIMIT", `${name}: its header is larger than ${starts.at(-1)} bytes`);
}

/** Undefined where only a part of the file was looked at, and that makes no sense by itself. */
function parse(start: Uint8Array, name: string, isWhole: boolean): Parsed | undefined {
  try {
    return parseDataSet(start, name, pixelData);
  } catch (error) {
    if (!isWhole && error instanceof TrinephronError && error.code === "E_FILE_TRUNCATED") return undefined;
    throw error;
  }
}

/** Whether the file ends within its pixels. */
function isCut({ dataSet }: Parsed, start: Uint8Array, bytes: number): boolean {
  const pixels = dataSet.elements[pixelData];
  if (!pixels || pixels.length === undefinedLength) return false;
  const { byteArray } = dataSet;
  const body = byteArray.buffer === start.buffer ? byteArray.byteOffset - start.byteOffset : 0;
  return body + pixels.dataOffset + pixels.length > bytes;
}
