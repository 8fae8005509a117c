import type { DataSet, Element } from "dicom-parser";
import { TrinephronError } from "../../../../base/errors.ts";
import type { Coding } from "../values/transferSyntax.ts";

/**
 * Each frame's compressed bytes. As many frames as fragments have one each; else fragments are
 * assigned by the extended or the basic offset table, and without a table that fits, each begins with its codec's marker.
 * @throws E_FORMAT where fragments and frames do not fit together
 */
export function encapsulatedFrames(
  dataSet: DataSet,
  frames: number,
  name: string,
  coding: Coding,
): Uint8Array[] {
  const element = dataSet.elements.x7fe00010;
  const fragments = (element.fragments ?? []).filter(({ length }) => length > 0);
  const bytes = ({ position, length }: { position: number; length: number }) =>
    dataSet.byteArray.subarray(position, position + length);
  if (fragments.length === 0) throw new TrinephronError("E_FILE_TRUNCATED", `${name}: no compressed pixels`);
  if (fragments.length === frames) return fragments.map(bytes);

  const grouped = (begins: (fragment: (typeof fragments)[number]) => boolean) => {
    const groups: Uint8Array[][] = [];
    for (const fragment of fragments) {
      if (begins(fragment) || groups.length === 0) groups.push([]);
      groups[groups.length - 1].push(bytes(fragment));
    }
    return groups;
  };
  const starts = offsets(dataSet, element);
  const marked = grouped((fragment) => beginsFrame(bytes(fragment), coding));
  const tabled = starts.length === frames ? grouped(({ offset }) => starts.includes(offset)) : marked;
  // A table whose offsets lead nowhere is not believed.
  const groups = tabled.length === frames ? tabled : marked;
  const found = Math.max(groups.length, marked.length);
  if (found !== frames)
    throw new TrinephronError(
      "E_FORMAT",
      `${name}: Number of Frames (0028,0008) ${frames}, but compressed frames: ${found}`,
      "ask for the series again: its header describes another image",
    );
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

/** JPEG and JPEG-LS begin with SOI, which entropy-coded bytes cannot hold; JPEG 2000 with SOC and SIZ, or as a JP2 file. */
function beginsFrame(bytes: Uint8Array, coding: Coding): boolean {
  if (coding === "deflated" || coding === "rle") return false;
  const start = [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return /^(ffd8ff|ff4fff51|0000000c6a502020)/.test(start);
}

const joined = (parts: readonly Uint8Array[]): Uint8Array =>
  parts.length === 1 ? parts[0] : concatenated(parts);

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
