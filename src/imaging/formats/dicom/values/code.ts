import type { DataSet } from "dicom-parser";
import type { Reading } from "../file/reading.ts";
import { text } from "./text.ts";

/** A coded concept (PS3.3 § 8.8). */
export interface CodedConcept {
  readonly value: string;
  /** Coding Scheme Designator: `SCT`, `SRT`, `FMA`, `DCM`, … */
  readonly scheme: string;
  readonly meaning: string;
}

/** The first item of a code sequence; undefined where there is none. */
export function codeOf(dataSet: DataSet, sequence: string, to?: Reading): CodedConcept | undefined {
  const item = dataSet.elements[sequence]?.items?.[0]?.dataSet;
  if (!item) return undefined;
  const of = (tag: string) => text(item, tag, to);
  const value = of("x00080100") ?? of("x00080119") ?? of("x00080120");
  return value === undefined
    ? undefined
    : { value, scheme: of("x00080102") ?? "", meaning: of("x00080104") ?? "" };
}
