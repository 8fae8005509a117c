import type { Coding } from "../values/transferSyntax.ts";
import { type CharLs, Context, charLs, NativeCodecs } from "./libraries.ts";
import type { PixelFormat } from "./pixelFormat.ts";

/** Codings that are decoded by WebAssembly, in a thread of its own. */
export type CodecName = Exclude<Coding, "native" | "deflated">;

/** Uncompressed bytes of one frame, little endian. */
type Codec = (frame: Uint8Array, format: PixelFormat) => Promise<Uint8Array>;

export const codecs: Readonly<Record<CodecName, Codec>> = {
  rle: webAssembly("decodeRle"),
  jpeg: webAssembly("decodeJpeg"),
  "jpeg-ls": jpegLs,
  "jpeg-2000": webAssembly("decodeJpeg2000"),
  "ht-jpeg-2000": webAssembly("decodeHtJpeg2000"),
};

function webAssembly(decode: "decodeRle" | "decodeJpeg" | "decodeJpeg2000" | "decodeHtJpeg2000"): Codec {
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
