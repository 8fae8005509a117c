import { promisify } from "node:util";
import { constants, gunzip, gunzipSync } from "node:zlib";
import { TrinephronError } from "../../../base/errors.ts";

/** Bytes after the last voxel that are let pass: padding, not more images. */
export const slack = 65536;

/** Deflate makes nothing smaller than this times (zlib's technical notes). */
const maximalRatio = 1032;

/** Compressed bytes that surely hold a header. */
export const startBytes = 4096;

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** What the first compressed bytes hold: enough for a header. */
export function inflateStart(bytes: Uint8Array, name: string): Uint8Array {
  try {
    return gunzipSync(bytes.subarray(0, startBytes), { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    throw gzipError(error, name);
  }
}

/**
 * All of a stream that should hold `expected` bytes. Never takes more memory than that and {@link slack}.
 *
 * @throws E_FILE_TRUNCATED, E_FORMAT where it is damaged or holds far more
 */
export function inflateSync(bytes: Uint8Array, expected: number, name: string): Uint8Array {
  mayHold(bytes, expected, name);
  try {
    return gunzipSync(bytes, limits(expected));
  } catch (error) {
    throw gzipError(error, name);
  }
}

/** {@link inflateSync} on another thread. */
export async function inflate(bytes: Uint8Array, expected: number, name: string): Promise<Uint8Array> {
  mayHold(bytes, expected, name);
  return promisify(gunzip)(bytes, limits(expected)).catch((error: unknown) => {
    throw gzipError(error, name);
  });
}

/** One output buffer of the size the header promises, so that nothing is grown or joined. */
function limits(expected: number) {
  const limit = expected + slack;
  return { chunkSize: Math.min(limit + 1, 2 ** 30), maxOutputLength: limit };
}

function mayHold(bytes: Uint8Array, expected: number, name: string): void {
  if (expected > maximalRatio * bytes.length)
    throw new TrinephronError(
      "E_FILE_TRUNCATED",
      `${name}: ${bytes.length} compressed bytes cannot hold the ${expected} that its header promises`,
      again,
    );
}

const again = "copy or download it again";

function gzipError(error: unknown, name: string): TrinephronError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "Z_BUF_ERROR")
    return new TrinephronError("E_FILE_TRUNCATED", `${name}: its compressed data end too early`, again, {
      cause: error,
    });
  if (code === "ERR_BUFFER_TOO_LARGE")
    return new TrinephronError(
      "E_FORMAT",
      `${name}: holds more data than its header says`,
      "its header is damaged: copy or export it again",
      { cause: error },
    );
  return new TrinephronError("E_FORMAT", `${name}: its compressed data are damaged (${message})`, again, {
    cause: error,
  });
}
