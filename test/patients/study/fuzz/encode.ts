import { deflateRawSync } from "node:zlib";
import { type DataSet, type Element, isSequence, longVrs } from "./dataSet.ts";

/** How a file is written. */
export interface Encoding {
  readonly explicit: boolean;
  readonly little: boolean;
  /** Transfer syntax that the meta information names. */
  readonly syntax: string;
  readonly deflated?: boolean;
  /** All sequences and items end with delimiters. */
  readonly delimited?: boolean;
  /** Preamble and meta information are left out. */
  readonly bare?: boolean;
  /** Compressed frames in place of the pixels. */
  readonly frames?: readonly Uint8Array[];
}

export const explicitLittle: Encoding = { explicit: true, little: true, syntax: "1.2.840.10008.1.2.1" };
export const implicitLittle: Encoding = { explicit: false, little: true, syntax: "1.2.840.10008.1.2" };
export const explicitBig: Encoding = { explicit: true, little: false, syntax: "1.2.840.10008.1.2.2" };

/** A whole file. */
export function encoded(dataSet: DataSet, encoding: Encoding = explicitLittle): Buffer {
  const body = Buffer.concat(dataSet.map((element) => elementBytes(element, encoding)));
  if (encoding.bare) return body;
  const meta = Buffer.concat(
    [
      { tag: "00020001", vr: "OB", value: Buffer.from([0, 1]) },
      { tag: "00020010", vr: "UI", value: Buffer.from(encoding.syntax) },
    ].map((element) => elementBytes(element, explicitLittle)),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    elementBytes({ tag: "00020000", vr: "UL", value: length }, explicitLittle),
    meta,
    encoding.deflated ? deflateRawSync(body) : body,
  ]);
}

function elementBytes(element: Element, encoding: Encoding): Buffer {
  const { tag, vr, written = vr } = element;
  const { explicit, little, frames } = encoding;
  if (tag === "7fe00010" && frames) return encapsulated(frames, encoding);
  // What stands under UN is implicit and little endian, whatever the file is (PS3.5 § 6.2.2).
  const within = written === "UN" && explicit ? { ...encoding, explicit: false, little: true } : encoding;
  const delimited = isSequence(element) && (element.delimited ?? encoding.delimited ?? false);
  const value = isSequence(element)
    ? itemBytes(element.value, within, delimited)
    : valueBytes(element.value as Buffer, vr, within.little);
  const length = delimited ? 0xffffffff : value.length;
  const head = Buffer.alloc(explicit && longVrs.has(written) ? 12 : 8);
  writeTag(head, tag, little);
  if (explicit) head.write(written, 4, "latin1");
  if (head.length === 12) uint32(head, length, 8, little);
  else if (explicit && little) head.writeUInt16LE(length, 6);
  else if (explicit) head.writeUInt16BE(length, 6);
  else uint32(head, length, 4, little);
  return Buffer.concat([head, value, ...(delimited ? [marker("fffee0dd", 0, within.little)] : [])]);
}

const itemBytes = (items: readonly DataSet[], encoding: Encoding, delimited: boolean): Buffer =>
  Buffer.concat(
    items.flatMap((item) => {
      const content = Buffer.concat(item.map((element) => elementBytes(element, encoding)));
      return delimited
        ? [marker("fffee000", 0xffffffff, encoding.little), content, marker("fffee00d", 0, encoding.little)]
        : [marker("fffee000", content.length, encoding.little), content];
    }),
  );

/** Bytes of a number of each VR that has them. */
const widths: Readonly<Record<string, 2 | 4 | 8>> = {
  ...{ US: 2, SS: 2, OW: 2, AT: 2, UL: 4, SL: 4, FL: 4, OL: 4, OF: 4, FD: 8, OD: 8 },
};

function valueBytes(value: Buffer, vr: string, little: boolean): Buffer {
  const pad = /^(UI|O.|UN)$/.test(vr) ? 0 : 0x20;
  const even = value.length % 2 === 0 ? value : Buffer.concat([value, Buffer.from([pad])]);
  const width = widths[vr];
  if (little || width === undefined) return even;
  const copy = Buffer.from(even);
  return width === 2 ? copy.swap16() : width === 4 ? copy.swap32() : copy.swap64();
}

function encapsulated(frames: readonly Uint8Array[], { little }: Encoding): Buffer {
  const head = Buffer.alloc(12);
  writeTag(head, "7fe00010", little);
  head.write("OB", 4, "latin1");
  head.writeUInt32LE(0xffffffff, 8);
  const fragments = frames.flatMap((frame) => {
    const even = frame.length % 2 === 0 ? frame : Buffer.concat([frame, Buffer.from([0])]);
    return [marker("fffee000", even.length, little), even];
  });
  return Buffer.concat([head, marker("fffee000", 0, little), ...fragments, marker("fffee0dd", 0, little)]);
}

function marker(tag: string, length: number, little: boolean): Buffer {
  const bytes = Buffer.alloc(8);
  writeTag(bytes, tag, little);
  uint32(bytes, length, 4, little);
  return bytes;
}

function writeTag(into: Buffer, tag: string, little: boolean): void {
  const [group, number] = [Number.parseInt(tag.slice(0, 4), 16), Number.parseInt(tag.slice(4), 16)];
  if (little) into.writeUInt16LE(number, into.writeUInt16LE(group, 0));
  else into.writeUInt16BE(number, into.writeUInt16BE(group, 0));
}

const uint32 = (into: Buffer, value: number, at: number, little: boolean): number =>
  little ? into.writeUInt32LE(value, at) : into.writeUInt32BE(value, at);
