import type { DataSet, Element } from "dicom-parser";
import { TrinephronError } from "../../../../base/errors.ts";

/**
 * Each frame's compressed bytes. Fragments are assigned by the extended or the basic offset table; without one, a
 * single frame has all fragments, as many frames as fragments one each, and else each begins with its codec's marker.
 * @throws E_FORMAT where fragments and frames do not fit together
 */
export function encapsulatedFrames(dataSet: DataSet, frames: number, name: string): Uint8Array[] {
  const element = dataSet.elements.x7fe00010;
  const fragments = (element.fragments ?? []).filter(({ length }) => length > 0);
  const bytes = ({ position, length }: { position: number; length: number }) =>
    dataSet.byteArray.subarray(position, position + length);
  if (fragments.length === 0) throw new TrinephronError("E_FILE_TRUNCATED", `${name}: no compressed pixels`);
  if (frames === 1) return [joined(fragments.map(bytes))];
  if (fragments.length === frames) return fragments.map(bytes);

  const starts = offsets(dataSet, element);
  const groups: Uint8Array[][] = [];
  for (const fragment of fragments) {
    const begins = starts.length === frames ? starts.includes(fragment.offset) : beginsFrame(bytes(fragment));
    if (begins || groups.length === 0) groups.push([]);
    groups[groups.length - 1].push(bytes(fragment));
  }
  if (groups.length !== frames)
    throw new TrinephronError("E_FORMAT", `${name}: ${frames} frames, but ${groups.length} compressed ones`);
  return groups.map(joined);
}

/** Starts of the frames in bytes from the first fragment's item. */
function offsets(dataSet: DataSet, element: Element): number[] {
  const extended = dataSet.elements.x7fe00001;
  if (!extended) return element.basicOffsetTable ?? [];
  const view = new DataView(dataSet.byteArray.buffer, dataSet.byteArray.byteOffset + extended.dataOffset);
  return Array.from({ length: Math.floor(extended.length / 8) }, (_, i) =>
    Number(view.getBigUint64(8 * i, true)),
  );
}

/** JPEG and JPEG-LS begin with SOI, JPEG 2000 with SOC. */
const beginsFrame = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xff && (bytes[1] === 0xd8 || bytes[1] === 0x4f);

const joined = (parts: readonly Uint8Array[]): Uint8Array =>
  parts.length === 1 ? parts[0] : Buffer.concat(parts);
