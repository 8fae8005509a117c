import type { DataSet } from "dicom-parser";
import { TrinephronError } from "../../../../base/errors.ts";
import { named } from "../values/dictionary.ts";
import { latin1 } from "../values/latin1.ts";
import { readElements } from "./elements.ts";
import { inflateRaw } from "./inflateRaw.ts";

/** A data set found in a file's bytes. */
export interface Parsed {
  readonly dataSet: DataSet;
  /** UID. */
  readonly transferSyntax: string;
  /** The file ends before its data set does; what stands before the end was read. */
  readonly truncated: boolean;
  /** What was repaired in following its elements, a line each. */
  readonly remarks: readonly string[];
}

/** A file of another kind: folders of images are full of them. */
export class NotDicomError extends TrinephronError {
  /** @param file its name */
  constructor(file: string) {
    super("E_FORMAT", `${file}: not a DICOM file`);
  }
}

/** A deflated file may not unpack to more than this many bytes: no scanner writes as much. */
const largestInflated = 2 ** 30;

const implicitLittle = "1.2.840.10008.1.2";
const explicitLittle = "1.2.840.10008.1.2.1";
const explicitBig = "1.2.840.10008.1.2.2";
const deflated = "1.2.840.10008.1.2.1.99";

/**
 * The data set of a DICOM file: with or without preamble and meta information, in any of the uncompressed encodings.
 * Values are found by their offsets in the bytes; nothing is copied, but for deflated files.
 * @param name names the file in errors
 * @param untilTag nothing behind this element is read, as dicom-parser writes tags: `x7fe00010`
 * @throws NotDicomError (E_FORMAT), E_FILE_TRUNCATED where it ends before its first value
 */
export function parseDataSet(bytes: Uint8Array, name: string, untilTag?: string): Parsed {
  if (bytes.length === 0) throw new TrinephronError("E_FILE_TRUNCATED", `${name}: an empty file`);
  const { declared, end } = metaInformation(bytes);
  const body = declared === deflated ? inflated(bytes.subarray(end), name) : bytes.subarray(end);
  const found = encodingOf(body);
  if (!declared && !found) throw new NotDicomError(name);
  // Some writers declare one encoding and use the other.
  const transferSyntax = !declared || (declared === implicitLittle && found) ? found! : declared;
  const encoding = transferSyntax === explicitBig ? explicitBig : (found ?? transferSyntax);
  const read = readElements(
    body,
    { explicit: encoding !== implicitLittle, little: encoding !== explicitBig },
    untilTag,
  );
  const { dataSet, truncated, mixed } = read;
  if (truncated && Object.keys(dataSet.elements).length === 0)
    throw new TrinephronError("E_FILE_TRUNCATED", `${name}: ends before its first value`, "copy it again");
  const remarks = mixed.map((tag) => `${named(tag)} has items in another encoding than the file's`);
  return { dataSet, transferSyntax, truncated, remarks };
}

/** The transfer syntax that group 0002 declares, and where the group ends (PS3.10 § 7.1). */
function metaInformation(bytes: Uint8Array): { declared: string | undefined; end: number } {
  const view = viewOf(bytes);
  let at = latin1(bytes, 128, 132) === "DICM" ? 132 : 0;
  let declared: string | undefined;
  while (at + 8 <= bytes.length && view.getUint16(at, true) === 2) {
    const long = /^(OB|OW|UN|SQ|UT)$/.test(latin1(bytes, at + 4, at + 6));
    if (long && at + 12 > bytes.length) break;
    const start = at + (long ? 12 : 8);
    const length = long ? view.getUint32(at + 8, true) : view.getUint16(at + 6, true);
    if (view.getUint16(at + 2, true) === 0x10)
      declared = latin1(bytes, start, start + length).replace(/[\0 ]+$/, "");
    at = start + length;
  }
  return { declared: declared || undefined, end: Math.min(at, bytes.length) };
}

/** The encoding that the first element shows: groups up to 0008 stand in front of any other in an image. */
function encodingOf(body: Uint8Array): string | undefined {
  if (body.length < 8) return undefined;
  const view = viewOf(body);
  const explicit = /^[A-Z]{2}$/.test(latin1(body, 4, 6));
  if (explicit && view.getUint16(0, true) <= 0x10) return explicitLittle;
  if (explicit && view.getUint16(0, false) <= 0x10) return explicitBig;
  const length = view.getUint32(4, true);
  const fits = length === 0xffffffff || length <= body.length;
  return !explicit && fits && view.getUint16(0, true) <= 0x10 && view.getUint16(2, true) <= 0x2000
    ? implicitLittle
    : undefined;
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function inflated(bytes: Uint8Array, name: string): Uint8Array {
  try {
    return inflateRaw(bytes, largestInflated);
  } catch (cause) {
    if (cause instanceof TrinephronError) throw cause;
    throw new TrinephronError("E_FILE_TRUNCATED", `${name}: the deflated part cannot be unpacked`, "", {
      cause,
    });
  }
}
