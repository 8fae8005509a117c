import type { DataSet, Element } from "dicom-parser";
import { isLittleEndian } from "../file/elements.ts";

interface Kind {
  readonly bytes: 2 | 4 | 8;
  readonly read: (view: DataView, at: number, little: boolean) => number;
}

/** VRs of binary numbers (PS3.5 Table 6.2-1). */
const kinds: Readonly<Record<string, Kind>> = {
  US: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  SS: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  UL: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  SL: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  FL: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  FD: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
};

/** VRs of text that a number may stand in. */
const isText = (vr: string): boolean => /^(AE|AS|CS|DS|IS|LO|LT|SH|ST|UC|UT)$/.test(vr);

/**
 * All numbers of a binary attribute, by the VR that it is written with: an attribute of two bytes may be written with
 * four. Undefined where they are text.
 * @param vr what the attribute is, for files without VRs, of values of two or four bytes
 */
export function binaryNumbers(
  dataSet: DataSet,
  element: Element,
  vr: "US" | "SS" | "UL",
): number[] | undefined {
  const written = element.vr !== undefined && element.vr !== "UN" ? element.vr : undefined;
  if (written !== undefined && isText(written)) return undefined;
  const kind = (written === undefined ? undefined : kinds[written]) ?? ofLength(element.length, vr);
  const view = new DataView(dataSet.byteArray.buffer, dataSet.byteArray.byteOffset + element.dataOffset);
  const little = isLittleEndian(dataSet, element);
  return Array.from({ length: Math.floor(element.length / kind.bytes) }, (_, n) =>
    kind.read(view, n * kind.bytes, little),
  );
}

/** All numbers of an attribute that should be text but is written with a VR of binary numbers; undefined where it is text. */
export function numbersNotText(dataSet: DataSet, element: Element): number[] | undefined {
  const kind = element.vr === undefined ? undefined : kinds[element.vr];
  return kind && binaryNumbers(dataSet, element, "US");
}

/** Of a file without VRs. */
const ofLength = (length: number, vr: "US" | "SS" | "UL"): Kind =>
  length === 4 ? kinds[vr === "SS" ? "SL" : "UL"] : kinds[vr === "UL" && length < 4 ? "US" : vr];
