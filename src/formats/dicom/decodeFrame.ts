import { inflateRawSync } from "node:zlib";
import { TrinephronError } from "../../errors.ts";
import { type CharLs, Context, charLs, NativeCodecs } from "./libraries.ts";
import type { PixelFormat } from "./pixelFormat.ts";
import type { Coding } from "./transferSyntax.ts";

/** Uncompressed bytes of one frame, little endian. */
type Decoder = (frame: Uint8Array, format: PixelFormat) => Promise<Uint8Array>;

const decoders: Readonly<Record<Exclude<Coding, "native">, Decoder>> = {
  rle: webAssembly("decodeRle"),
  jpeg: webAssembly("decodeJpeg"),
  "jpeg-ls": jpegLs,
  "jpeg-2000": webAssembly("decodeJpeg2000"),
  "ht-jpeg-2000": webAssembly("decodeHtJpeg2000"),
  deflated: async (frame, { rows, columns, bitsAllocated }) =>
    inflateRawSync(frame, { maxOutputLength: rows * columns * bitsAllocated + 1 }),
};

/**
 * One compressed frame's bytes, uncompressed, little endian.
 * @throws E_FORMAT where the codec refuses them
 */
export async function decodeFrame(
  frame: Uint8Array,
  coding: Exclude<Coding, "native">,
  format: PixelFormat,
  name: string,
): Promise<Uint8Array> {
  try {
    return await decoders[coding](frame, format);
  } catch (cause) {
    throw new TrinephronError(
      "E_FORMAT",
      `${name}: ${coding} pixels that cannot be decoded`,
      "copy it again",
      {
        cause,
      },
    );
  }
}

function webAssembly(decode: "decodeRle" | "decodeJpeg" | "decodeJpeg2000" | "decodeHtJpeg2000"): Decoder {
  return async (frame, format) => {
    if (!NativeCodecs.isInitialized()) await NativeCodecs.initializeAsync();
    const context = new Context({
      width: format.columns,
      height: format.rows,
      bitsAllocated: Math.max(8, format.bitsAllocated),
      bitsStored: format.bitsStored,
      samplesPerPixel: 1,
      pixelRepresentation: format.signed ? 1 : 0,
      planarConfiguration: 0,
      photometricInterpretation: format.photometric,
      encodedBuffer: frame,
    });
    try {
      return NativeCodecs[decode](context).getDecodedBuffer() ?? new Uint8Array();
    } catch (error) {
      // A module that aborted is in no state to go on.
      NativeCodecs.release();
      throw error;
    }
  };
}

let opened: Promise<CharLs> | undefined;

/** By CharLS itself: dcmjs-codecs' build of it stops at thresholds that differ from the defaults. */
async function jpegLs(frame: Uint8Array): Promise<Uint8Array> {
  const { JpegLSDecoder } = await (opened ??= charLs());
  const decoder = new JpegLSDecoder();
  try {
    decoder.getEncodedBuffer(frame.length).set(frame);
    decoder.decode();
    return Uint8Array.from(decoder.getDecodedBuffer());
  } catch (error) {
    opened = undefined;
    throw error;
  } finally {
    decoder.delete();
  }
}
