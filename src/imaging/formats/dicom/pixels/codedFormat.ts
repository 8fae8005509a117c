import { TrinephronError } from "../../../../base/errors.ts";
import type { Coding } from "../values/transferSyntax.ts";
import { type CodestreamSize, codestreamSize } from "./codestream.ts";
import type { PixelFormat } from "./pixelFormat.ts";

/** How a compressed frame's pixels lie once they are decoded. */
export interface CodedFormat {
  /** The header's, with the stream's own number of bits where it tells. */
  readonly format: PixelFormat;
  /** Undefined for streams that say nothing of themselves. */
  readonly stream?: CodestreamSize;
  readonly remarks: readonly string[];
}

/** Codings whose streams tell how many bits a pixel has. */
export const tellsDepth = (coding: Coding): boolean =>
  coding !== "native" && coding !== "rle" && coding !== "deflated";

/** Codecs yield no wider pixels. */
const widest = 16;

/**
 * What a compressed frame says of itself, before it is decoded. PS3.5 § 8.2: where the header and the stream differ,
 * the stream counts. Codecs reserve memory for the size a stream claims: one that is not the header's is refused.
 * @throws E_FORMAT where the stream contradicts the header and cannot tell what it holds
 */
export function codedFormat(
  frame: Uint8Array,
  coding: Exclude<Coding, "native">,
  format: PixelFormat,
  name: string,
): CodedFormat {
  const { rows, columns, samples, bitsAllocated, bitsStored } = format;
  const refused = (why: string) => contradiction(coding, name, why);
  if (coding === "deflated" || coding === "rle") return { format, remarks: [] };
  const stream = codestreamSize(frame, coding);
  if (!stream) return { format: believed(format, name), remarks: [] };
  if (stream.rows !== rows || stream.columns !== columns || stream.samples !== samples)
    throw refused(
      `${stream.columns} × ${stream.rows} × ${stream.samples} in the stream, ${columns} × ${rows} × ${samples} in the header`,
    );
  const { precision } = stream;
  if (precision > widest) throw refused(`${precision} bits a pixel in the stream`);
  // One bit a pixel comes as a byte.
  if (bitsAllocated === 1 && precision <= 8) return { format, stream, remarks: [] };
  const allocated = precision <= 8 ? 8 : 16;
  const remarks: string[] = [];
  if (allocated !== bitsAllocated)
    remarks.push(
      `${precision}-bit ${coding} pixels under Bits Allocated (0028,0100) ${bitsAllocated}: read as the stream says`,
    );
  else if (precision < bitsStored)
    remarks.push(
      `${precision}-bit ${coding} pixels under Bits Stored (0028,0101) ${bitsStored}: read as the stream says`,
    );
  return {
    format: { ...format, bitsAllocated: allocated, bitsStored: precision },
    stream,
    remarks,
  };
}

export const contradiction = (coding: Coding, name: string, why: string) =>
  new TrinephronError(
    "E_FORMAT",
    `${name}: ${coding} pixels that contradict the header: ${why}`,
    "ask for the series again, uncompressed",
  );

/** The header's word, for a stream without any: it must at least be one. */
function believed(format: PixelFormat, name: string): PixelFormat {
  const { bitsAllocated, bitsStored } = format;
  if (![1, 8, 16, 32].includes(bitsAllocated) || bitsStored < 1 || bitsStored > bitsAllocated)
    throw new TrinephronError("E_FORMAT", `${name}: ${bitsStored} bits stored in ${bitsAllocated}`);
  return format;
}
