/** A writer of data sets that writes what it is told, right or wrong. */

/** Tag of eight hexadecimal digits, VR, value: text as Latin-1, bytes as they are, items of a sequence. */
export type Written = readonly [
  tag: string,
  vr: string,
  value: string | Uint8Array | readonly Item[],
  how?: How,
];
export type Item = readonly Written[];

export interface How {
  /** What is written instead of the VR. */
  readonly vr?: string;
  /** Of a sequence: how its items are written; as the data set by default. */
  readonly items?: "implicit" | "explicit";
  /** Length FFFFFFFF and delimiters, of the sequence and its items. */
  readonly undefinedLength?: boolean;
}

type Encoding = "implicit" | "explicit";

const encodeItem = (elements: Item, encoding: Encoding): Buffer =>
  Buffer.concat(elements.map((element) => encode(element, encoding)));

function encode([tag, vr, value, how = {}]: Written, encoding: Encoding): Buffer {
  const { undefinedLength = false } = how;
  const raw = Array.isArray(value)
    ? sequence(value as readonly Item[], how.items ?? encoding, undefinedLength)
    : padded(typeof value === "string" ? Buffer.from(value, "latin1") : Buffer.from(value as Uint8Array), vr);
  const written = how.vr ?? vr;
  const long = encoding === "explicit" && /^(O[BDFLVW]|S[QV]|U[CNRTV])$/.test(written);
  const head = Buffer.alloc(long ? 12 : 8);
  head.writeUInt16LE(Number.parseInt(tag.slice(0, 4), 16), 0);
  head.writeUInt16LE(Number.parseInt(tag.slice(4), 16), 2);
  if (encoding === "explicit") head.write(written, 4, "latin1");
  const length = undefinedLength ? 0xffffffff : raw.length;
  if (long) head.writeUInt32LE(length, 8);
  else if (encoding === "explicit") head.writeUInt16LE(length, 6);
  else head.writeUInt32LE(length, 4);
  return Buffer.concat([head, raw, ...(undefinedLength ? [marker(0xe0dd, 0)] : [])]);
}

function sequence(items: readonly Item[], encoding: Encoding, undefinedLength: boolean): Buffer {
  return Buffer.concat(
    items.map((item) => {
      const content = encodeItem(item, encoding);
      return undefinedLength
        ? Buffer.concat([marker(0xe000, 0xffffffff), content, marker(0xe00d, 0)])
        : Buffer.concat([marker(0xe000, content.length), content]);
    }),
  );
}

function marker(element: number, length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(0xfffe, 0);
  bytes.writeUInt16LE(element, 2);
  bytes.writeUInt32LE(length, 4);
  return bytes;
}

const padded = (raw: Buffer, vr: string): Buffer =>
  raw.length % 2 === 0 ? raw : Buffer.concat([raw, Buffer.from([/^(UI|O.|UN)$/.test(vr) ? 0 : 0x20])]);

/** A whole file; elements are put in order. */
export function part10(elements: Item, encoding: Encoding = "explicit"): Buffer {
  const syntax = encoding === "explicit" ? "1.2.840.10008.1.2.1" : "1.2.840.10008.1.2";
  const meta = encodeItem(
    [
      ["00020001", "OB", Uint8Array.of(0, 1)],
      ["00020002", "UI", "1.2.840.10008.5.1.4.1.1.2"],
      ["00020003", "UI", "1.2.3"],
      ["00020010", "UI", syntax],
    ],
    "explicit",
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  const body = elements.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([
    ...[Buffer.alloc(128), Buffer.from("DICM"), encode(["00020000", "UL", length], "explicit"), meta],
    encodeItem(body, encoding),
  ]);
}

export const us = (...values: number[]): Uint8Array => Buffer.from(Uint16Array.from(values).buffer);

/** Elements in place of those of the same tag, or beside them; undefined takes one out. */
export function withElements(
  elements: Item,
  changes: Readonly<Record<string, readonly [vr: string, value: Written[2], how?: How] | undefined>>,
): Item {
  const kept = elements.filter(([tag]) => !(tag in changes));
  const added = Object.entries(changes).flatMap(([tag, change]): Written[] =>
    change ? [[tag, ...change]] : [],
  );
  return [...kept, ...added];
}

/** A CT image of 2 × 2 pixels: 100, 101, 102 and 103 HU. @param n slice, 2.5 mm from the one before */
export const ctImage = (n = 0): Item => [
  ["00080008", "CS", "ORIGINAL\\PRIMARY\\AXIAL"],
  ["00080016", "UI", "1.2.840.10008.5.1.4.1.1.2"],
  ["00080018", "UI", `1.2.3.4.${n + 1}`],
  ["00080060", "CS", "CT"],
  ["00100020", "LO", "T1"],
  ["0020000d", "UI", "1.2.3.6"],
  ["0020000e", "UI", "1.2.3.5"],
  ["00200011", "IS", "3"],
  ["00200013", "IS", String(n + 1)],
  ["00200032", "DS", `-10\\-20\\${2.5 * n}`],
  ["00200037", "DS", "1\\0\\0\\0\\1\\0"],
  ["00280002", "US", us(1)],
  ["00280004", "CS", "MONOCHROME2"],
  ["00280010", "US", us(2)],
  ["00280011", "US", us(2)],
  ["00280030", "DS", "0.5\\0.75"],
  ["00280100", "US", us(16)],
  ["00280101", "US", us(16)],
  ["00280102", "US", us(15)],
  ["00280103", "US", us(0)],
  ["00281052", "DS", "-1024"],
  ["00281053", "DS", "1"],
  ["7fe00010", "OW", us(1124, 1125, 1126, 1127)],
];
