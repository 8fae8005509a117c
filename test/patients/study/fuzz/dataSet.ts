/** A DICOM data set as a tree that can be changed and written again, right or wrong, in any encoding. */

export interface Element {
  /** Eight hexadecimal digits. */
  readonly tag: string;
  readonly vr: string;
  /** Bytes, binary numbers little endian; of a sequence its items. */
  readonly value: Buffer | readonly DataSet[];
  /** What is written instead of the VR. */
  readonly written?: string;
  /** A sequence and its items end with delimiters. */
  readonly delimited?: boolean;
}
export type DataSet = readonly Element[];

export const isSequence = (element: Element): element is Element & { readonly value: readonly DataSet[] } =>
  Array.isArray(element.value);

/** VRs with a length of four bytes behind two reserved ones. */
export const longVrs = new Set("OB OD OF OL OV OW SQ SV UC UN UR UT UV".split(" "));

/** The elements behind the meta information of a file that this project wrote: explicit VR little endian, no faults. */
export function decoded(bytes: Uint8Array): DataSet {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const metaLength = file.readUInt32LE(140);
  return elementsIn(file, 144 + metaLength, file.length).elements;
}

const undefinedLength = 0xffffffff;
const [itemEnd, sequenceEnd] = ["fffee00d", "fffee0dd"];

function elementsIn(file: Buffer, start: number, end: number): { elements: Element[]; at: number } {
  const elements: Element[] = [];
  let at = start;
  while (at < end) {
    const tag = tagAt(file, at);
    if (tag === itemEnd) return { elements, at: at + 8 };
    const vr = file.toString("latin1", at + 4, at + 6);
    const long = longVrs.has(vr);
    const length = long ? file.readUInt32LE(at + 8) : file.readUInt16LE(at + 6);
    at += long ? 12 : 8;
    if (vr === "SQ") {
      const { items, at: next } = itemsIn(file, at, length);
      elements.push({ tag, vr, value: items });
      at = next;
    } else {
      elements.push({ tag, vr, value: file.subarray(at, at + length) });
      at += length;
    }
  }
  return { elements, at };
}

function itemsIn(file: Buffer, start: number, length: number): { items: DataSet[]; at: number } {
  const items: DataSet[] = [];
  const end = length === undefinedLength ? file.length : start + length;
  let at = start;
  while (at < end) {
    if (tagAt(file, at) === sequenceEnd) return { items, at: at + 8 };
    const own = file.readUInt32LE(at + 4);
    const until = own === undefinedLength ? end : at + 8 + own;
    const { elements, at: next } = elementsIn(file, at + 8, until);
    items.push(elements);
    at = next;
  }
  return { items, at };
}

const tagAt = (file: Buffer, at: number): string =>
  file.readUInt16LE(at).toString(16).padStart(4, "0") +
  file
    .readUInt16LE(at + 2)
    .toString(16)
    .padStart(4, "0");

/** The element of a tag. */
export const find = (dataSet: DataSet, tag: string): Element | undefined =>
  dataSet.find((element) => element.tag === tag);

/** Its bytes as text, without what pads them. */
export function textOf(dataSet: DataSet, tag: string): string | undefined {
  const element = find(dataSet, tag);
  return element && !isSequence(element)
    ? (element.value as Buffer).toString("latin1").replace(/[\0 ]+$/, "")
    : undefined;
}

/** The items of a sequence; none where it is missing. */
export const itemsOf = (dataSet: DataSet, tag: string): readonly DataSet[] => {
  const element = find(dataSet, tag);
  return element && isSequence(element) ? element.value : [];
};

/** Text as Latin-1, 16-bit numbers, bytes as they are, or items. */
export type Value = string | readonly number[] | Buffer | readonly DataSet[];

const bytesOf = (value: Value): Buffer | readonly DataSet[] => {
  if (Buffer.isBuffer(value)) return value;
  if (typeof value === "string") return Buffer.from(value, "latin1");
  return typeof value[0] === "number"
    ? Buffer.from(Uint16Array.from(value as readonly number[]).buffer)
    : (value as readonly DataSet[]);
};

/** With an element in the place of its tag. */
export function put(dataSet: DataSet, tag: string, vr: string, value: Value): DataSet {
  const element: Element = { tag, vr, value: bytesOf(value) };
  return [...without(dataSet, tag), element].sort((a, b) => (a.tag < b.tag ? -1 : 1));
}

/** With another value of an element that is there. */
export const replaced = (dataSet: DataSet, tag: string, value: Value): DataSet =>
  dataSet.map((element) => (element.tag === tag ? { ...element, value: bytesOf(value) } : element));

export const without = (dataSet: DataSet, ...tags: readonly string[]): DataSet =>
  dataSet.filter(({ tag }) => !tags.includes(tag));

/** Every element changed, those of items first. */
export function mapped(dataSet: DataSet, change: (element: Element) => Element): DataSet {
  return dataSet.map((element) =>
    change(
      isSequence(element)
        ? { ...element, value: element.value.map((item) => mapped(item, change)) }
        : element,
    ),
  );
}

/** Every text of a VR changed, in items too. */
export const mappedText = (dataSet: DataSet, vr: RegExp, change: (text: string) => string): DataSet =>
  mapped(dataSet, (element) =>
    vr.test(element.vr) && !isSequence(element) && element.value.length > 0
      ? {
          ...element,
          value: Buffer.from(
            change((element.value as Buffer).toString("latin1").replace(/[\0 ]+$/, "")),
            "latin1",
          ),
        }
      : element,
  );
