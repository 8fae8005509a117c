import { inflateRawSync } from "node:zlib";
import { TrinephronError } from "../../../../base/errors.ts";
import type { Coding } from "../file/transferSyntax.ts";
import type { CodecName } from "./codecs.ts";
import { decodeInThread } from "./codecThread.ts";
import { codestreamSize } from "./codestream.ts";
import type { PixelFormat } from "./pixelFormat.ts";

/** A frame takes milliseconds; damaged ones make some codecs run for ever. */
const longest = 20;

/**
 * One compressed frame's bytes, uncompressed, little endian.
 * @param seconds how long a codec may take
 * @throws E_FORMAT where the codec refuses them, or they are of another size than the header says
 */
export async function decodeFrame(
  frame: Uint8Array,
  coding: Exclude<Coding, "native">,
  format: PixelFormat,
  name: string,
  seconds = longest,
): Promise<Uint8Array> {
  try {
    if (coding === "deflated") return inflated(frame, format);
    mustFit(frame, coding, format);
    return await decodeInThread({ coding, frame, format }, seconds);
  } catch (cause) {
    throw new TrinephronError(
      "E_FORMAT",
      `${name}: ${coding} pixels that cannot be decoded: ${(cause as Error).message.trim().split("\n")[0]}`,
      "copy it again",
      { cause },
    );
  }
}

const inflated = (frame: Uint8Array, { rows, columns, bitsAllocated }: PixelFormat): Uint8Array =>
  inflateRawSync(frame, { maxOutputLength: rows * columns * bitsAllocated + 1 });

/** Codecs reserve memory for the size a stream claims: one that is not the header's is refused before. */
function mustFit(frame: Uint8Array, coding: CodecName, { rows, columns, samples }: PixelFormat): void {
  const size = codestreamSize(frame, coding);
  if (size && (size.rows !== rows || size.columns !== columns || size.samples !== samples))
    throw new Error(
      `${size.columns} × ${size.rows} × ${size.samples} in the stream, ${columns} × ${rows} × ${samples} in the header`,
    );
}
