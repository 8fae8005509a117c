import { TrinephronError } from "../../../../base/errors.ts";
import type { VoxelArray } from "../../../../numerics/volume/volume.ts";
import type { Parsed } from "../file/parse.ts";
import { type TransferSyntax, transferSyntax } from "../file/transferSyntax.ts";
import { decodeFrame } from "./decodeFrame.ts";
import { encapsulatedFrames } from "./frames.ts";
import { type PixelFormat, pixelFormat } from "./pixelFormat.ts";

/** The pixels of a data set. */
export interface Pixels {
  readonly format: PixelFormat;
  /** Stored values of a frame, row by row, before any rescale; may share memory with the file's bytes. */
  frame(index: number): Promise<VoxelArray>;
}

/**
 * The pixels of a data set; frames are decoded as they are asked for.
 * @throws E_UNSUPPORTED for a transfer syntax that is not read, for colour, and for sizes no image has; E_FORMAT where
 * there are no pixels, or attributes contradict each other; E_FILE_TRUNCATED
 */
export function openPixels(parsed: Parsed, name: string): Pixels {
  const { dataSet, truncated } = parsed;
  const syntax = transferSyntax(parsed.transferSyntax);
  if (!syntax)
    throw new TrinephronError("E_UNSUPPORTED", `${name}: pixels of transfer syntax ${parsed.transferSyntax}`);
  if (truncated && (!dataSet.elements.x7fe00010 || syntax.coding !== "native"))
    throw new TrinephronError("E_FILE_TRUNCATED", `${name}: ends before its pixels do`, "copy it again");
  const format = pixelFormat(dataSet, name);
  return syntax.coding === "native"
    ? native(parsed, format, syntax, name)
    : compressed(parsed, format, syntax.coding, name);
}

function native(
  { dataSet }: Parsed,
  format: PixelFormat,
  { bigEndian }: TransferSyntax,
  name: string,
): Pixels {
  const { elements, byteArray } = dataSet;
  const element = elements.x7fe00010 ?? elements.x7fe00008 ?? elements.x7fe00009;
  const values = format.rows * format.columns;
  const frameBytes = (values * format.bitsAllocated) / 8;
  // Explicit VR big endian swaps words; 8-bit pixels of VR OW are swapped in pairs with them, over frames' ends too.
  const swapped = bigEndian && (format.bitsAllocated > 8 || element?.vr === "OW");
  const unit = swapped ? Math.max(2, format.bitsAllocated / 8) : 1;
  const needed = Math.ceil((frameBytes * format.frames) / unit) * unit;
  if (!element || element.length < needed || element.dataOffset + needed > byteArray.length)
    throw new TrinephronError(
      "E_FILE_TRUNCATED",
      `${name}: ${element ? byteArray.length - element.dataOffset : 0} bytes of pixels, ${needed} needed`,
      "copy it again",
    );
  const data = byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
  if (format.bitsAllocated === 1)
    return { format, frame: async (index) => bits(data, index * values, values) };
  return {
    format,
    frame: async (index) => {
      const [start, end] = [index * frameBytes, (index + 1) * frameBytes];
      if (!swapped) return typed(data.subarray(start, end), format);
      const first = start - (start % unit);
      const words = swap(data.subarray(first, Math.ceil(end / unit) * unit), unit);
      return typed(words.subarray(start - first, end - first), format);
    },
  };
}

function compressed(
  { dataSet }: Parsed,
  format: PixelFormat,
  coding: Exclude<TransferSyntax["coding"], "native">,
  name: string,
): Pixels {
  const frames = encapsulatedFrames(dataSet, format.frames, name);
  const values = format.rows * format.columns;
  // Codecs of images yield a byte for each pixel of one bit.
  const packed = format.bitsAllocated === 1 && (coding === "rle" || coding === "deflated");
  const needed = Math.ceil((values * (packed ? 1 : Math.max(8, format.bitsAllocated))) / 8);
  return {
    format,
    frame: async (index) => {
      const bytes = await decodeFrame(frames[index], coding, format, name);
      if (bytes.length < needed)
        throw new TrinephronError("E_FORMAT", `${name}: a frame of ${bytes.length} bytes, ${needed} needed`);
      const frame = bytes.subarray(0, needed);
      return packed ? bits(frame, 0, values) : format.bitsAllocated === 1 ? frame : typed(frame, format);
    },
  };
}

/** Little-endian bytes as values: unused bits taken off, the sign of fewer bits extended (PS3.5 § 8.1.1). */
function typed(bytes: Uint8Array, { bitsAllocated, bitsStored, signed, float }: PixelFormat): VoxelArray {
  const { buffer, byteOffset, length } = aligned(bytes, bitsAllocated / 8);
  const n = length / (bitsAllocated / 8);
  if (float)
    return bitsAllocated === 64
      ? new Float64Array(buffer, byteOffset, n)
      : new Float32Array(buffer, byteOffset, n);
  const unused = bitsAllocated - bitsStored;
  const of = { 8: [Uint8Array, Int8Array], 16: [Uint16Array, Int16Array], 32: [Uint32Array, Int32Array] }[
    bitsAllocated
  ];
  if (!of) throw new TrinephronError("E_UNSUPPORTED", `whole numbers of ${bitsAllocated} bits`);
  const values = new of[signed ? 1 : 0](buffer as ArrayBuffer, byteOffset, n);
  return unused === 0 ? values : withoutUnused(values, unused, bitsAllocated, signed);
}

function withoutUnused(values: VoxelArray, unused: number, allocated: number, signed: boolean): VoxelArray {
  const shift = 32 - allocated + unused;
  let clean = true;
  for (let i = 0; i < values.length && clean; i++)
    clean = values[i] === (signed ? (values[i] << shift) >> shift : (values[i] << shift) >>> shift);
  return clean ? values : values.map((v) => (signed ? (v << shift) >> shift : (v << shift) >>> shift));
}

/** The same bytes where a typed array of this element size may begin. */
const aligned = (bytes: Uint8Array, size: number): Uint8Array =>
  bytes.byteOffset % size === 0 ? bytes : Uint8Array.from(bytes);

function bits(data: Uint8Array, start: number, count: number): Uint8Array {
  const values = new Uint8Array(count);
  for (let i = 0; i < count; i++) values[i] = (data[(start + i) >> 3] >> ((start + i) & 7)) & 1;
  return values;
}

function swap(bytes: Uint8Array, size: number): Uint8Array {
  const copy = Buffer.from(bytes);
  return size === 2 ? copy.swap16() : size === 4 ? copy.swap32() : copy.swap64();
}
