import { TrinephronError } from "../../../../base/errors.ts";
import type { VoxelArray } from "../../../../numerics/volume/volume.ts";
import { swapBytes } from "../../swapBytes.ts";
import type { Parsed } from "../file/parse.ts";
import { type TransferSyntax, transferSyntax } from "../values/transferSyntax.ts";
import { codedFormat, tellsDepth } from "./codedFormat.ts";
import { decodeFrame } from "./decodeFrame.ts";
import { encapsulatedFrames } from "./frames.ts";
import { type PixelFormat, pixelFormat } from "./pixelFormat.ts";
import { codedBits, type StoredValues, storedBits } from "./storedBits.ts";

/** The pixels of a data set. */
export interface Pixels {
  /** As the header has it. */
  readonly format: PixelFormat;
  /** Where the header contradicts the pixels of the frames read by now, and what was done. */
  readonly remarks: ReadonlySet<string>;
  /** Likewise where nothing tells which of them is right. */
  readonly doubts: ReadonlySet<string>;
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
  const format = pixelFormat(dataSet, name, tellsDepth(syntax.coding));
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
  if (element?.encapsulatedPixelData)
    throw new TrinephronError("E_FORMAT", `${name}: compressed pixels under an uncompressed transfer syntax`);
  if (!element || element.length < needed || element.dataOffset + needed > byteArray.length)
    throw new TrinephronError(
      "E_FILE_TRUNCATED",
      `${name}: ${element ? byteArray.length - element.dataOffset : 0} bytes of pixels, ${needed} needed`,
      "copy it again",
    );
  const data = byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
  mustBeOver(data, needed, format, name);
  const kept = new Kept(format);
  if (format.bitsAllocated === 1)
    return { format, ...kept, frame: async (index) => bits(data, index * values, values) };
  return {
    format,
    ...kept,
    frame: async (index) => {
      const [start, end] = [index * frameBytes, (index + 1) * frameBytes];
      if (!swapped) return kept.of(plain(data.subarray(start, end), format), name);
      const first = start - (start % unit);
      const words = swap(data.subarray(first, Math.ceil(end / unit) * unit), unit);
      return kept.of(plain(words.subarray(start - first, end - first), format), name);
    },
  };
}

/** Bytes behind the last pixel are padding where they are zeros, or fewer than a row: else the image is another. */
function mustBeOver(data: Uint8Array, needed: number, format: PixelFormat, name: string): void {
  const { rows, columns, frames, bitsAllocated } = format;
  const over = data.length - needed;
  const row = (columns * bitsAllocated) / 8;
  if (over < Math.max(2, row)) return;
  if (over < row * rows && data.subarray(needed).every((byte) => byte === 0)) return;
  throw new TrinephronError(
    "E_FORMAT",
    `${name}: ${data.length} bytes of pixels, ${needed} by the header: ${columns} × ${rows} × ${frames} pixels of ${bitsAllocated} bits`,
    "ask for the series again: its header describes another image",
  );
}

function compressed(
  { dataSet }: Parsed,
  format: PixelFormat,
  coding: Exclude<TransferSyntax["coding"], "native">,
  name: string,
): Pixels {
  const frames = encapsulatedFrames(dataSet, format.frames, name, coding);
  const values = format.rows * format.columns;
  const kept = new Kept(format);
  return {
    format,
    ...kept,
    frame: async (index) => {
      const coded = codedFormat(frames[index], coding, format, name);
      const { bitsAllocated } = coded.format;
      // Codecs of images yield a byte for each pixel of one bit.
      const packed = bitsAllocated === 1 && (coding === "rle" || coding === "deflated");
      const needed = Math.ceil((values * (packed ? 1 : Math.max(8, bitsAllocated))) / 8);
      const bytes = await decodeFrame(frames[index], coding, format, name);
      if (bytes.length < needed)
        throw new TrinephronError("E_FORMAT", `${name}: a frame of ${bytes.length} bytes, ${needed} needed`);
      const frame = bytes.subarray(0, needed);
      for (const remark of coded.remarks) kept.remarks.add(remark);
      if (packed) return bits(frame, 0, values);
      if (bitsAllocated === 1) return frame;
      const { stream } = coded;
      return kept.of(
        stream
          ? codedBits(
              typed(frame, { ...coded.format, signed: false }),
              format,
              stream.precision,
              stream.signed ?? false,
            )
          : plain(frame, coded.format),
        name,
      );
    },
  };
}

/** What is found while frames are read. */
class Kept {
  readonly remarks = new Set<string>();
  readonly doubts = new Set<string>();

  readonly #signless: number;

  constructor({ photometric, signKnown, float, bitsStored }: PixelFormat) {
    this.#signless = signKnown || float ? Infinity : 2 ** (bitsStored - 1);
    if (photometric === "MONOCHROME1")
      this.remarks.add("MONOCHROME1 (0028,0004) concerns the display: values are read as stored");
  }

  of({ values, remark, doubt }: StoredValues, name: string): VoxelArray {
    if (remark) this.remarks.add(remark);
    if (doubt) this.doubts.add(`${name}: ${doubt}`);
    if (this.#signless < Infinity && values.some((v: number) => v >= this.#signless))
      this.doubts.add(
        `${name}: no Pixel Representation (0028,0103): nothing tells which values are negative`,
      );
    return values;
  }
}

const plain = (bytes: Uint8Array, format: PixelFormat): StoredValues =>
  format.float ? { values: typed(bytes, format) } : storedBits(typed(bytes, format), format);

/** Little-endian bytes as values, unused bits and all. */
function typed(
  bytes: Uint8Array,
  { bitsAllocated, signed, float }: Pick<PixelFormat, "bitsAllocated" | "signed" | "float">,
): VoxelArray {
  const { buffer, byteOffset, length } = aligned(bytes, bitsAllocated / 8);
  const n = length / (bitsAllocated / 8);
  if (float)
    return bitsAllocated === 64
      ? new Float64Array(buffer, byteOffset, n)
      : new Float32Array(buffer, byteOffset, n);
  const of = { 8: [Uint8Array, Int8Array], 16: [Uint16Array, Int16Array], 32: [Uint32Array, Int32Array] }[
    bitsAllocated
  ];
  if (!of) throw new TrinephronError("E_UNSUPPORTED", `whole numbers of ${bitsAllocated} bits`);
  return new of[signed ? 1 : 0](buffer as ArrayBuffer, byteOffset, n);
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
  const copy = Uint8Array.from(bytes);
  swapBytes(copy, size);
  return copy;
}
