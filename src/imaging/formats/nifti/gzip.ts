import { promisify } from "node:util";
import { constants, gunzip, gunzipSync } from "node:zlib";
import { TrinephronError } from "../../../base/errors.ts";
import { slack } from "./header.ts";
import { isGzip } from "./isGzip.ts";

/** Deflate makes nothing smaller than this times (zlib's technical notes). */
const maximalRatio = 1032;

/** Compressed bytes that hold a header, in all but streams of many tiny members. */
const startBytes = 4096;

/**
 * The first `wanted` bytes of a file, unpacked where it is compressed, or more of it; fewer only of a file that holds
 * fewer, or ends early. No more is read than that takes.
 *
 * @param read gives the file's first bytes; fewer than asked for at its end
 */
export async function readUnpacked(
  read: (length: number) => Promise<Uint8Array>,
  wanted: number,
  name: string,
): Promise<Uint8Array> {
  for (let length = startBytes, taken = startBytes; ; ) {
    const bytes = await read(length);
    if (!isGzip(bytes)) return bytes;
    const start = startOf(bytes, taken, name);
    const all = bytes.length < length;
    if (start.bytes.length >= wanted || (all && start.end >= bytes.length)) return start.bytes;
    if (start.end < bytes.length) taken += 4 * startBytes;
    else length = Math.max(2 * length, start.end);
  }
}

/** The first `wanted` bytes of a compressed stream, or more of it; fewer only of one that holds fewer, or ends early. */
export function inflateStart(bytes: Uint8Array, wanted: number, name: string): Uint8Array {
  for (let taken = startBytes; ; taken += 4 * startBytes) {
    const start = startOf(bytes, taken, name);
    if (start.bytes.length >= wanted || start.end >= bytes.length) return start.bytes;
  }
}

/** What `taken` bytes after the first member's header unpack to, and where they end: so a bomb stays small. */
function startOf(bytes: Uint8Array, taken: number, name: string): { bytes: Uint8Array; end: number } {
  const end = dataStart(bytes) + taken;
  return { bytes: inflated(bytes.subarray(0, end), name), end };
}

/** Where the data of the first member start, after fields that may be long (RFC 1952); or where the bytes end. */
function dataStart(bytes: Uint8Array): number {
  const flags = bytes[3];
  const [crc, extra, name, comment] = [1, 2, 3, 4].map((bit) => (flags >> bit) & 1);
  let at = 10;
  if (extra) at += 2 + (bytes[at] | (bytes[at + 1] << 8));
  for (const text of [name, comment])
    if (text) {
      const end = bytes.indexOf(0, at);
      at = end < 0 ? bytes.length : end + 1;
    }
  return Math.min(at + 2 * crc, bytes.length);
}

function inflated(bytes: Uint8Array, name: string): Uint8Array {
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
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
    const found = gunzipSync(bytes, limits(expected));
    return found.length < expected ? beyondPadding(bytes, expected) : found;
  } catch (error) {
    throw gzipError(error, name);
  }
}

/** {@link inflateSync} on another thread. */
export async function inflate(bytes: Uint8Array, expected: number, name: string): Promise<Uint8Array> {
  mayHold(bytes, expected, name);
  try {
    const found = await promisify(gunzip)(bytes, limits(expected));
    return found.length < expected ? beyondPadding(bytes, expected) : found;
  } catch (error) {
    throw gzipError(error, name);
  }
}

/** All members, zeros between them passed over as gzip does; zlib stops at the first zero. */
function beyondPadding(bytes: Uint8Array, expected: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let [at, room] = [0, expected];
  while (room > 0 && isGzip(bytes.subarray(at))) {
    // Node's types do not know what `info` returns.
    const { buffer, engine } = gunzipSync(bytes.subarray(at), {
      ...limits(room),
      info: true,
    }) as unknown as { buffer: Uint8Array; engine: { bytesWritten: number } };
    parts.push(buffer);
    at += engine.bytesWritten;
    room -= buffer.length;
    while (bytes[at] === 0) at++;
  }
  return Buffer.concat(parts);
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
