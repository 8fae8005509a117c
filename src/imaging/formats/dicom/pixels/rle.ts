import type { PixelFormat } from "./pixelFormat.ts";

/** The RLE header: a count and fifteen offsets of 32 bits (PS3.5 G.5). */
const headerBytes = 64;

/**
 * What in an RLE frame does not fit the header, undefined where all fits. RLE says nothing of its size: the number of
 * segments, one for each byte of a pixel, their offsets and the bytes each unpacks to are all there is to check.
 */
export function rleFault(frame: Uint8Array, format: PixelFormat): string | undefined {
  const { rows, columns, samples, bitsAllocated } = format;
  if (frame.length < headerBytes) return `${frame.length} bytes, fewer than an RLE header`;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const count = view.getUint32(0, true);
  const needed = samples * Math.ceil(bitsAllocated / 8);
  if (count !== needed)
    return `RLE segments: ${count} in the stream, ${needed} needed by Bits Allocated (0028,0100) ${bitsAllocated}`;
  const offsets = Array.from({ length: count }, (_, n) => view.getUint32(4 + 4 * n, true));
  const ends = [...offsets.slice(1), frame.length];
  const wrong = offsets.findIndex((at, n) => at < headerBytes || at >= ends[n]);
  if (offsets[0] !== headerBytes || wrong >= 0)
    return `segment ${Math.max(wrong, 0) + 1} at byte ${offsets[Math.max(wrong, 0)]} of ${frame.length}`;
  const bytes = bitsAllocated === 1 ? Math.ceil((rows * columns) / 8) : rows * columns;
  const row = Math.ceil(bytes / rows);
  for (const [n, at] of offsets.entries()) {
    const unpacked = unpackedBytes(frame.subarray(at, ends[n]));
    // Writers pad a segment, at times with a run of zeros; a row more is another image.
    if (unpacked < bytes || unpacked >= bytes + Math.max(2, row))
      return `segment ${n + 1} unpacks to ${unpacked} bytes, ${bytes} needed by ${columns} × ${rows} pixels`;
  }
  return undefined;
}

/** Bytes that a segment's runs make (PS3.5 G.3.2); a run cut off by the segment's end counts as far as it reaches. */
function unpackedBytes(segment: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < segment.length; ) {
    const n = segment[at++];
    if (n < 128) {
      sum += Math.min(n + 1, segment.length - at);
      at += n + 1;
    } else if (n > 128) {
      if (at < segment.length) sum += 257 - n;
      at++;
    }
  }
  return sum;
}
