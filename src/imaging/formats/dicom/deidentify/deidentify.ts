import type { DataSet, Element } from "dicom-parser";
import { TrinephronError } from "../../../../base/errors.ts";
import { parseDataSet } from "../file/parse.ts";
import { attributeOf } from "../values/dictionary.ts";
import { sopClassName } from "../values/sopClasses.ts";
import { text } from "../values/text.ts";
import { implementationClassUid } from "../write/part10.ts";
import { actionOf } from "./confidentiality.ts";

/** What stands in place of a patient's identity. */
export interface DeidentifyOptions {
  /** Becomes Patient ID and Patient's Name. ASCII. */
  readonly pseudonym: string;
  /** Another UID for one of the original; the same for the same, in all files of a study. */
  readonly uid: (original: string) => string;
}

/** How a data set is written. */
interface Syntax {
  readonly explicit: boolean;
  readonly little: boolean;
}

const explicitLittle = "1.2.840.10008.1.2.1";
const deflated = "1.2.840.10008.1.2.1.99";
/** UIDs that the standard assigns: classes, transfer syntaxes, coding schemes, well-known frames of reference. */
const standardRoot = "1.2.840.10008.";

/**
 * A copy of a DICOM file without what says who the patient is, by the Basic Application Level Confidentiality Profile
 * (PS3.15 Annex E); see `actionOf`. Attributes that stay are copied byte by byte, pixel data among them, in the
 * transfer syntax they came in (deflated files become explicit little endian). A short text that would stay but holds the patient's name or ID as a
 * word is replaced.
 *
 * Pixels are not looked at: a face in a head CT, or text drawn into an image, stays.
 *
 * @param name of the file, in errors
 * @throws E_UNSUPPORTED where text may be drawn into the pixels: burned-in annotation, secondary captures, overlays in
 * unused bits; E_FILE_TRUNCATED, E_FORMAT as `parseDataSet`
 */
export function deidentify(bytes: Uint8Array, name: string, options: DeidentifyOptions): Uint8Array {
  const parsed = parseDataSet(bytes, name);
  const { dataSet, truncated } = parsed;
  if (truncated)
    throw new TrinephronError(
      "E_FILE_TRUNCATED",
      `${name}: ends early, so it is not copied`,
      "fetch it again",
    );
  const fault = drawnInto(dataSet, text(dataSet, "x00080016"), text(dataSet, "x00280301") === "YES");
  if (fault) throw new TrinephronError("E_UNSUPPORTED", `${name}: ${fault}`, "it is not copied");
  const transferSyntax = parsed.transferSyntax === deflated ? explicitLittle : parsed.transferSyntax;
  const syntax: Syntax = {
    explicit: Object.values(dataSet.elements).some(({ vr }) => vr !== undefined),
    little: transferSyntax !== "1.2.840.10008.1.2.2",
  };
  const signed = dataSet.uint16("x00280103") === 1;
  const context: Context = {
    ...{ ...options, name, syntax, signed },
    ...{ bytes: dataSet.byteArrayParser, names: namesIn(dataSet) },
  };
  const added = additions(context);
  // A file de-identified before has some of them already.
  const stays = cleaned(dataSet, context).filter(({ tag }) => !added.some((own) => own.tag === tag));
  const body = [...stays, ...added].sort((a, b) => (a.tag < b.tag ? -1 : 1));
  const sopInstance = dataSet.string("x00080018");
  const meta = metaInformation({
    "00020002": dataSet.string("x00080016") ?? "",
    "00020003": sopInstance === undefined ? "" : options.uid(sopInstance),
    "00020010": transferSyntax,
    "00020012": implementationClassUid,
  });
  return Buffer.concat([meta, ...body.map((written) => written.bytes)]);
}

/** Why text may be part of the pixels; undefined where nothing says so. */
function drawnInto(dataSet: DataSet, sopClass: string | undefined, burnedIn: boolean): string | undefined {
  if (burnedIn) return "says that annotations are burned into its pixels";
  if (sopClass?.startsWith("1.2.840.10008.5.1.4.1.1.7")) return `${sopClassName(sopClass)}: may show names`;
  const embedded = Object.keys(dataSet.elements).some((tag) => {
    const overlay = /^x(60[0-9a-f]{2})0102$/.exec(tag);
    return overlay && (dataSet.uint16(tag) ?? 0) > 0 && !(`x${overlay[1]}3000` in dataSet.elements);
  });
  return embedded ? "has an overlay in unused bits of its pixels" : undefined;
}

interface Context extends DeidentifyOptions {
  /** Of the file, in errors. */
  readonly name: string;
  /** Its byte order. */
  readonly bytes: DataSet["byteArrayParser"];
  readonly syntax: Syntax;
  /** Pixel values are signed: decides VRs that PS3.6 gives as "US or SS". */
  readonly signed: boolean;
  /** Matches the patient's name, ID or accession number as words; undefined where the file has none. */
  readonly names: RegExp | undefined;
}

function namesIn(dataSet: DataSet): RegExp | undefined {
  const words = ["x00100010", "x00100020", "x00080050"]
    .flatMap((tag) => (text(dataSet, tag) ?? "").split(/[\^=\s,]+/))
    .filter((word) => word.length > 2);
  const escaped = words.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
  return words.length > 0
    ? new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join("|")})(?![\\p{L}\\p{N}])`, "iu")
    : undefined;
}

interface Written {
  readonly tag: string;
  readonly bytes: Uint8Array;
}

function cleaned(dataSet: DataSet, context: Context): Written[] {
  return Object.values(dataSet.elements).flatMap((element) => {
    const tag = element.tag.slice(1).toLowerCase();
    // Without a VR in the file, that of the dictionary.
    const vr = element.items ? "SQ" : (element.vr ?? onlyOne(attributeOf(tag)?.vr, context));
    const written = cleanedElement(dataSet, element, tag, vr, context);
    return written ? [{ tag, bytes: written }] : [];
  });
}

/** One VR where PS3.6 gives several, or none. */
function onlyOne(vr: string | undefined, { signed }: Context): string {
  if (vr === "xs") return signed ? "SS" : "US";
  return { ox: "OW", lt: "OW", up: "UL", na: "UN" }[vr ?? "na"] ?? vr!;
}

function cleanedElement(
  dataSet: DataSet,
  element: Element,
  tag: string,
  vr: string,
  context: Context,
): Uint8Array | undefined {
  const { syntax, uid, pseudonym } = context;
  const write = (value: Uint8Array) => encoded(tag, vr, value, syntax);
  const value = dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
  if (tag === "00100010" || tag === "00100020") return write(Buffer.from(pseudonym));
  switch (actionOf(tag, vr)) {
    case "X":
      return undefined;
    case "Z":
      return write(new Uint8Array());
    case "D":
      return vr === "SQ" ? sequence(element, tag, context) : write(dummy(vr));
    case "U": {
      const uids = (dataSet.string(element.tag) ?? "").split("\\").map((id) => id.trim());
      const others = uids.map((id) => (id === "" || id.startsWith(standardRoot) ? id : uid(id)));
      return write(Buffer.from(others.join("\\")));
    }
    case "K":
      if (vr === "SQ") return sequence(element, tag, context);
      if (/^(LO|SH|UC)$/.test(vr) && context.names?.test(text(dataSet, element.tag) ?? ""))
        return write(dummy(vr));
      return element.encapsulatedPixelData
        ? Buffer.concat([head(tag, vr, 0xffffffff, syntax), value])
        : write(value);
  }
}

/** @throws E_UNSUPPORTED for items in another byte order than the file, whose values cannot be copied */
function sequence({ items = [] }: Element, tag: string, context: Context): Uint8Array {
  const written = items.map(({ dataSet }) => {
    if (dataSet && dataSet.byteArrayParser !== context.bytes)
      throw new TrinephronError(
        "E_UNSUPPORTED",
        `${context.name}: items in two byte orders`,
        "it is not copied",
      );
    const inside = dataSet
      ? cleaned(dataSet, context)
          .sort((a, b) => (a.tag < b.tag ? -1 : 1))
          .map(({ bytes }) => bytes)
      : [];
    return item(Buffer.concat(inside), context.syntax);
  });
  return encoded(tag, "SQ", Buffer.concat(written), context.syntax);
}

/** What says that the file was de-identified (PS3.15 E.1, PS3.3 C.12.1.1.1). */
function additions({ syntax }: Context): Written[] {
  const element = (tag: string, vr: string, value: string): Written => ({
    tag,
    bytes: encoded(tag, vr, Buffer.from(value), syntax),
  });
  const code = [
    element("00080100", "SH", "113100"),
    element("00080102", "SH", "DCM"),
    element("00080104", "LO", "Basic Application Confidentiality Profile"),
  ].map(({ bytes }) => bytes);
  return [
    element("00120062", "CS", "YES"),
    element("00120063", "LO", "trinephron, PS3.15 basic profile"),
    { tag: "00120064", bytes: encoded("00120064", "SQ", item(Buffer.concat(code), syntax), syntax) },
    element("00280303", "CS", "REMOVED"),
  ];
}

/** A value without meaning for an attribute that may not be empty. */
function dummy(vr: string): Uint8Array {
  const texts: Record<string, string> = { DA: "19000101", TM: "000000", DT: "19000101000000", AS: "000Y" };
  if (/^(DS|IS)$/.test(vr)) return Buffer.from("0");
  if (/^(PN|LO|SH|ST|LT|UT|UC|CS|AE)$/.test(vr)) return Buffer.from("REMOVED");
  return texts[vr] ? Buffer.from(texts[vr]) : new Uint8Array(8);
}

/** An element with its value padded to an even length: text with spaces, UIDs and bytes with zeros. */
function encoded(tag: string, vr: string, value: Uint8Array, syntax: Syntax): Buffer {
  const padding = value.length % 2 === 0 ? [] : [/^(UI|O.|UN|SQ)$/.test(vr) ? 0 : 0x20];
  return Buffer.concat([head(tag, vr, value.length + padding.length, syntax), value, Buffer.from(padding)]);
}

/** Tag, VR and length (PS3.5 § 7.1). A value too long for its VR's two bytes of length is UN (§ 6.2.2). */
function head(tag: string, own: string, length: number, { explicit, little }: Syntax): Buffer {
  const vr = length > 0xfffe && /^[A-Z]{2}$/.test(own) && !longVr.test(own) ? "UN" : own;
  const long = explicit && longVr.test(vr);
  const buffer = Buffer.alloc(long ? 12 : 8);
  const view = new DataView(buffer.buffer, buffer.byteOffset);
  view.setUint16(0, Number.parseInt(tag.slice(0, 4), 16), little);
  view.setUint16(2, Number.parseInt(tag.slice(4), 16), little);
  if (explicit) buffer.write(vr, 4, "latin1");
  if (long) view.setUint32(8, length, little);
  else if (explicit) view.setUint16(6, length, little);
  else view.setUint32(4, length, little);
  return buffer;
}

const longVr = /^(O[BDFLVW]|S[QV]|U[CNRTV])$/;

const item = (content: Uint8Array, { little }: Syntax): Buffer =>
  Buffer.concat([head("fffee000", "", content.length, { explicit: false, little }), content]);

/** Preamble and group 0002 (PS3.10 § 7.1), without what named a sender. */
function metaInformation(uids: Readonly<Record<string, string>>): Buffer {
  const syntax: Syntax = { explicit: true, little: true };
  const elements = [
    encoded("00020001", "OB", Uint8Array.of(0, 1), syntax),
    ...Object.entries(uids).map(([tag, uid]) => encoded(tag, "UI", Buffer.from(uid), syntax)),
  ];
  const content = Buffer.concat(elements);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(content.length);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    encoded("00020000", "UL", length, syntax),
    content,
  ]);
}
