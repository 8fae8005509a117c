import { TrinephronError } from "../../../base/errors.ts";
import { expectedBytes, parseNiftiHeader, slack } from "../../../imaging/formats/nifti/header.ts";
import { isGzip } from "../../../imaging/formats/nifti/isGzip.ts";

/** Bytes of the longer header, NIfTI-2's. */
const headerBytes = 540;

/**
 * The bytes of a NIfTI file, unpacked where they are packed; no more is unpacked than its header promises.
 * @throws E_FILE_TRUNCATED, E_FORMAT where it is damaged or holds far more
 */
export async function unzipped(stored: Uint8Array<ArrayBuffer>, name: string): Promise<Uint8Array> {
  if (!isGzip(stored)) return stored;
  const stream = new Blob([stored]).stream().pipeThrough(new DecompressionStream("gzip"));
  let all = new Uint8Array(2 ** 16);
  let [length, most] = [0, Infinity];
  try {
    for (const reader = stream.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      if (length + value.length > most) throw beyond(name);
      if (length + value.length > all.length) {
        const room = most === Infinity ? 2 * (length + value.length) : most;
        const grown = new Uint8Array(room);
        grown.set(all.subarray(0, length));
        all = grown;
      }
      all.set(value, length);
      length += value.length;
      if (most === Infinity && length >= headerBytes)
        most = expectedBytes(parseNiftiHeader(all.subarray(0, length), name)) + slack;
    }
  } catch (cause) {
    if (cause instanceof TrinephronError) throw cause;
    throw new TrinephronError(
      "E_FORMAT",
      `${name}: its compressed data are damaged or end too early`,
      "copy or download it again",
      { cause },
    );
  }
  return all.subarray(0, length);
}

const beyond = (name: string) =>
  new TrinephronError(
    "E_FORMAT",
    `${name}: holds more data than its header says`,
    "its header is damaged: copy or export it again",
  );
