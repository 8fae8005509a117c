import type { ByteArrayParser, DataSet, Element } from "dicom-parser";
import { attributeOf } from "../values/dictionary.ts";
import {
  ByteStream,
  bigEndianBytes,
  findEndOfEncapsulatedElement,
  ItemSet,
  littleEndianBytes,
} from "./libraries.ts";

/** Elements of VR UN in a data set of another byte order: their values are little endian (PS3.5 § 6.2.2). */
const littleEndianValues = new WeakSet<Element>();

/** Whether an element's binary values begin with their lowest byte. */
export const isLittleEndian = (dataSet: DataSet, element: Element): boolean =>
  littleEndianValues.has(element) || dataSet.byteArrayParser === littleEndianBytes;

/** How elements are written (PS3.5 § 7.1). */
interface Encoding {
  readonly explicit: boolean;
  readonly little: boolean;
}

interface Elements {
  readonly dataSet: DataSet;
  /** The bytes end before the data set does, or cannot be followed to its end. */
  readonly truncated: boolean;
  /** Tags of sequences with explicit VRs of which items have none, as `x00081140`. */
  readonly mixed: readonly string[];
}

/** Sequences nested deeper than any object nests them. */
const deepest = 64;
const undefinedLength = 0xffffffff;
const [item, itemEnd, sequenceEnd] = ["xfffee000", "xfffee00d", "xfffee0dd"];
const implicitLittle: Encoding = { explicit: false, little: true };
/** VRs with a length of four bytes behind two reserved ones (PS3.5 Table 7.1-1). */
const longVrs = new Set("OB OD OF OL OV OW SQ SV UC UN UR UT UV".split(" "));

const parents = new WeakMap<DataSet, DataSet>();

/** The data set that a sequence's item stands in; undefined for a file's own. */
export const parentOf = (dataSet: DataSet): DataSet | undefined => parents.get(dataSet);

/**
 * The elements of a data set. Sequences are parsed whether they say that they are some or not: an element of VR UN whose
 * attribute is a sequence in PS3.6 holds items of implicit VR little endian (PS3.5 § 6.2.2), and items without VRs are
 * read in files with them and the other way round. Private sequences of known length are passed over.
 *
 * @param untilTag nothing behind this element is read
 */
export function readElements(bytes: Uint8Array, encoding: Encoding, untilTag?: string): Elements {
  const reader = new Reader(bytes, untilTag);
  const dataSet = itemSet(bytes, encoding);
  try {
    reader.elements(dataSet, 0, bytes.length, encoding, 0, false);
  } catch (error) {
    // What the reader and dicom-parser throw where bytes make no sense; what was read before stands.
    if (!(error instanceof BrokenOff) && typeof error !== "string") throw error;
    reader.truncated = true;
  }
  return { dataSet, truncated: reader.truncated, mixed: [...reader.mixed] };
}

class BrokenOff extends Error {}

const tagTexts = new Map<number, string>();
/** More than PS3.6 has; damaged files may hold any number. */
const mostTags = 10_000;

/** A tag as dicom-parser names it. Those seen before are kept: a series has the same ones a thousand times. */
function tagText(group: number, element: number): string {
  const key = (group << 16) | element;
  const kept = tagTexts.get(key);
  if (kept !== undefined) return kept;
  const text = `x${(key >>> 0).toString(16).padStart(8, "0")}`;
  if (tagTexts.size < mostTags) tagTexts.set(key, text);
  return text;
}

const itemSet = (bytes: Uint8Array, { little }: Encoding): DataSet =>
  Object.assign(new ItemSet(parserOf(little), bytes, {}), { warnings: [] });

const parserOf = (little: boolean): ByteArrayParser => (little ? littleEndianBytes : bigEndianBytes);

class Reader {
  truncated = false;
  readonly mixed = new Set<string>();
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #untilTag: string | undefined;

  constructor(bytes: Uint8Array, untilTag: string | undefined) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#untilTag = untilTag;
  }

  /** Reads elements into a data set. @returns where they end */
  elements(
    into: DataSet,
    start: number,
    end: number,
    encoding: Encoding,
    depth: number,
    delimited: boolean,
  ): number {
    let at = start;
    while (at < end) {
      if (at + 8 > end) throw new BrokenOff();
      const tag = this.#tag(at, encoding);
      if (tag === itemEnd && delimited) return at + 8;
      // A delimiter too many, as some writers put behind a sequence of known length.
      if (tag.startsWith("xfffe")) {
        at += 8;
        continue;
      }
      const element = this.#head(tag, at, end, encoding);
      if (depth === 0 && tag === this.#untilTag) {
        into.elements[tag] = element;
        return end;
      }
      at = this.#value(element, into, end, encoding, depth);
      into.elements[tag] = element;
    }
    if (delimited) this.truncated = true;
    return at;
  }

  #head(tag: string, at: number, end: number, { explicit, little }: Encoding): Element {
    if (!explicit) return this.#element(tag, undefined, this.#view.getUint32(at + 4, little), at + 8);
    const vr = this.#vr(at);
    if (!longVrs.has(vr)) return this.#element(tag, vr, this.#view.getUint16(at + 6, little), at + 8);
    if (at + 12 > end) throw new BrokenOff();
    return this.#element(tag, vr, this.#view.getUint32(at + 8, little), at + 12);
  }

  #element(tag: string, vr: string | undefined, length: number, dataOffset: number): Element {
    const element: Element = { tag, length, dataOffset };
    if (vr !== undefined) element.vr = vr;
    if (length === undefinedLength) element.hadUndefinedLength = true;
    return element;
  }

  /** Reads an element's items or fragments and sets its length. @returns where it ends */
  #value(element: Element, parent: DataSet, end: number, encoding: Encoding, depth: number): number {
    const { tag, dataOffset, length } = element;
    const known = length !== undefinedLength;
    if (known && dataOffset + length > end) throw new BrokenOff();
    if (!known && tag === "x7fe00010") return this.#fragments(element, encoding);
    const inside = this.#itemsIn(element, end, encoding);
    if (inside) return this.#items(element, parent, end, inside, depth + 1);
    if (!known) throw new BrokenOff();
    if (element.vr === "UN") {
      littleEndianValues.add(element);
      const vr = attributeOf(tag.slice(1))?.vr;
      if (vr !== undefined && /^[A-RT-Z][A-Z]$/.test(vr)) element.vr = vr;
    }
    return dataOffset + length;
  }

  /** How the items of an element are written; undefined where it has none, or private ones of known length. */
  #itemsIn({ tag, vr, dataOffset, length }: Element, end: number, encoding: Encoding): Encoding | undefined {
    const known = length !== undefinedLength;
    const isPrivate = /[13579bdf]/.test(tag[4]);
    if (known && isPrivate) return undefined;
    if (vr === "SQ") return encoding;
    const first = (little: boolean) =>
      dataOffset + 8 <= end ? this.#tag(dataOffset, { explicit: false, little }) : undefined;
    const begins = (little: boolean) =>
      (length > 0 && first(little) === item) || (!known && first(little) === sequenceEnd);
    if (!encoding.explicit) return begins(encoding.little) && !tag.startsWith("x7fe0") ? encoding : undefined;
    if (vr === "UN" && (!known || attributeOf(tag.slice(1))?.vr === "SQ"))
      return begins(true) ? implicitLittle : begins(false) ? { explicit: false, little: false } : undefined;
    // Encapsulated values of other attributes than the pixels: fragments, of which nothing is read.
    return !known && begins(encoding.little) ? encoding : undefined;
  }

  #items(element: Element, parent: DataSet, end: number, encoding: Encoding, depth: number): number {
    if (depth > deepest) throw new BrokenOff();
    const { dataOffset, length, vr } = element;
    const known = length !== undefinedLength;
    const isSequence = vr === undefined || vr === "SQ" || vr === "UN";
    const until = known ? dataOffset + length : end;
    const items: Element[] = [];
    let [at, itemsEnd] = [dataOffset, dataOffset];
    for (;;) {
      if (known && at >= until) break;
      if (at + 8 > until) {
        if (known) throw new BrokenOff();
        this.truncated = true;
        break;
      }
      const tag = this.#tag(at, encoding);
      if (tag === sequenceEnd) {
        at += 8;
        if (known) continue;
        break;
      }
      if (tag !== item) throw new BrokenOff();
      const one = this.#element(item, undefined, this.#view.getUint32(at + 4, encoding.little), at + 8);
      at = isSequence ? this.#item(one, element.tag, parent, until, encoding, depth) : at + 8 + one.length;
      if (at > until) throw new BrokenOff();
      itemsEnd = at;
      items.push(one);
    }
    element.length = known ? length : itemsEnd - dataOffset;
    if (isSequence) element.items = items;
    return known ? until : at;
  }

  #item(
    one: Element,
    sequence: string,
    parent: DataSet,
    end: number,
    encoding: Encoding,
    depth: number,
  ): number {
    const delimited = one.length === undefinedLength;
    const until = delimited ? end : one.dataOffset + one.length;
    if (until > end) throw new BrokenOff();
    const own = this.#itemEncoding(one.dataOffset, until, encoding);
    if (own.explicit !== encoding.explicit) this.mixed.add(sequence);
    one.dataSet = itemSet(this.#bytes, own);
    parents.set(one.dataSet, parent);
    const next = this.elements(one.dataSet, one.dataOffset, until, own, depth, delimited);
    if (delimited) one.length = next - one.dataOffset;
    return delimited ? next : until;
  }

  /** An item's own encoding: some writers leave VRs out within a sequence, or put some in. */
  #itemEncoding(at: number, end: number, encoding: Encoding): Encoding {
    const { explicit, little } = encoding;
    const tag = at + 8 <= end ? this.#tag(at, encoding) : itemEnd;
    if (tag.startsWith("xfffe")) return encoding;
    const vr = this.#vr(at);
    const length = this.#view.getUint32(at + 4, little);
    if (explicit) {
      const fits = length === undefinedLength || at + 8 + length <= end;
      return !/^[A-Z]{2}$/.test(vr) && fits ? { explicit: false, little } : encoding;
    }
    const short = this.#view.getUint16(at + 6, little);
    const fits = longVrs.has(vr) ? short === 0 : at + 8 + short <= end;
    // A length of four bytes looks like a VR at times.
    const known = /^[A-Z]{2}$/.test(vr) && fits ? attributeOf(tag.slice(1))?.vr : undefined;
    const agrees = known === vr || (known !== undefined && (vr === "UN" || known === known.toLowerCase()));
    return agrees ? { explicit: true, little } : encoding;
  }

  /** Compressed pixels. */
  #fragments(element: Element, { little }: Encoding): number {
    const stream = new ByteStream(parserOf(little), this.#bytes, element.dataOffset);
    const warnings: string[] = [];
    findEndOfEncapsulatedElement(stream, element, warnings);
    if (warnings.some((warning) => warning.includes("missing sequence delimiter"))) this.truncated = true;
    return stream.position;
  }

  #tag(at: number, { little }: Encoding): string {
    return tagText(this.#view.getUint16(at, little), this.#view.getUint16(at + 2, little));
  }

  #vr(at: number): string {
    return String.fromCharCode(this.#bytes[at + 4], this.#bytes[at + 5]);
  }
}
