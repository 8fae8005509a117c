import { TrinephronError } from "../../../../base/errors.ts";
import { inflateRaw } from "../file/inflateRaw.ts";
import type { Coding } from "../values/transferSyntax.ts";
import { decodeInThread } from "./codecThread.ts";
import { codedFormat, contradiction } from "./codedFormat.ts";
import type { PixelFormat } from "./pixelFormat.ts";
import { rleFault } from "./rle.ts";

/** A frame takes milliseconds; damaged ones make some codecs run for ever. */
const longest = 20;

/**
 * One compressed frame's bytes, uncompressed, little endian.
 * @param seconds how long a codec may take
 * @throws E_FORMAT where the codec refuses them, or they are of another size than the header says; E_FILE_TRUNCATED for
 * a JPEG stream without its end
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
    mustUnpackWhole(frame, coding, format, name);
    const coded = codedFormat(frame, coding, format, name).format;
    const bytes = await decodeInThread({ coding, frame, format: coded }, seconds);
    mustEnd(frame, coding, name);
    return bytes;
  } catch (cause) {
    if (cause instanceof TrinephronError) throw cause;
    throw new TrinephronError(
      "E_FORMAT",
      `${name}: ${coding} pixels that cannot be decoded: ${reasonOf(cause as Error)}`,
      "copy it again",
      { cause },
    );
  }
}

const inflated = (frame: Uint8Array, { rows, columns, bitsAllocated }: PixelFormat): Uint8Array =>
  inflateRaw(frame, rows * columns * bitsAllocated + 1);

/** A codec leaves zeros where RLE segments end early, and leaves out what they have too much. */
function mustUnpackWhole(frame: Uint8Array, coding: Coding, format: PixelFormat, name: string): void {
  const fault = coding === "rle" ? rleFault(frame, format) : undefined;
  if (fault) throw contradiction(coding, name, fault);
}

/** Where a JPEG stream ends early, its codec makes pixels up. Entropy-coded bytes cannot hold the marker of the end. */
function mustEnd(frame: Uint8Array, coding: Coding, name: string): void {
  if (coding !== "jpeg") return;
  if (lastMarker(frame, 0xd9) > lastMarker(frame, 0xda)) return;
  throw new TrinephronError("E_FILE_TRUNCATED", `${name}: a JPEG stream without its end`, "copy it again");
}

function lastMarker(bytes: Uint8Array, code: number): number {
  let at = bytes.lastIndexOf(code);
  while (at > 0 && bytes[at - 1] !== 0xff) at = bytes.lastIndexOf(code, at - 1);
  return at > 0 ? at - 1 : -1;
}

/** CharLS gives the address of its reason. */
function reasonOf({ message }: Error): string {
  const line = message.trim().split("\n")[0];
  return /^\d+$/.test(line) ? "a damaged stream" : line;
}
