import type { CodecName } from "./codecs.ts";

/** What a compressed frame says of itself. */
export interface CodestreamSize {
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  /** Bits of a sample. */
  readonly precision: number;
  /** Undefined where streams of the kind cannot tell: JPEG and JPEG-LS. */
  readonly signed?: boolean;
}

/**
 * The size in a JPEG or JPEG-LS frame header (ISO/IEC 10918-1 B.2.2) or a JPEG 2000 SIZ segment (15444-1 A.5.1);
 * undefined where there is none, and for RLE, which says nothing of its size.
 */
export function codestreamSize(frame: Uint8Array, coding: CodecName): CodestreamSize | undefined {
  if (coding === "rle") return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  return coding === "jpeg" || coding === "jpeg-ls" ? startOfFrame(view) : siz(view);
}

function startOfFrame(view: DataView): CodestreamSize | undefined {
  for (let at = 2; at + 10 <= view.byteLength; ) {
    const marker = view.getUint16(at);
    if (marker === 0xffff) at++;
    else if (isStartOfFrame(marker))
      return {
        precision: view.getUint8(at + 4),
        rows: view.getUint16(at + 5),
        columns: view.getUint16(at + 7),
        samples: view.getUint8(at + 9),
      };
    else if (marker >> 8 !== 0xff || marker === 0xffda) return undefined;
    else at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** SOF0 to SOF15 but for DHT, JPG and DAC, which lie among them; SOF55 of JPEG-LS. */
const isStartOfFrame = (marker: number): boolean =>
  marker === 0xfff7 ||
  (marker >= 0xffc0 && marker <= 0xffcf && marker !== 0xffc4 && marker !== 0xffc8 && marker !== 0xffcc);

function siz(view: DataView): CodestreamSize | undefined {
  // Some writers wrap the codestream in a JP2 file: SOC and SIZ then come after its boxes.
  for (let at = 0; at + 43 <= Math.min(view.byteLength, 4096); at++)
    if (view.getUint32(at) === 0xff4fff51) {
      // Of the first component: a sign bit, and the bits less one.
      const depth = view.getUint8(at + 42);
      return {
        columns: view.getUint32(at + 8) - view.getUint32(at + 16),
        rows: view.getUint32(at + 12) - view.getUint32(at + 20),
        samples: view.getUint16(at + 40),
        precision: (depth & 0x7f) + 1,
        signed: depth >= 0x80,
      };
    }
  return undefined;
}
