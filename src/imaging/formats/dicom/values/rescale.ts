import type { DataSet } from "dicom-parser";
import { type Reading, reading } from "../file/reading.ts";
import { named } from "./dictionary.ts";
import { misread, numberOf } from "./number.ts";

/** Value = slope · stored + intercept (PS3.3 C.11.1.1.2). */
export interface Rescale {
  readonly slope: number;
  readonly intercept: number;
}

/**
 * The rescale of one frame: its own, or all frames' in an enhanced image, or the image's. One and zero where none is
 * given.
 * @throws E_VALUE where slope or intercept cannot be read or stands alone, or the slope is 0: never one and zero then
 */
export function rescaleOf(dataSet: DataSet, frame: number, to: Reading = reading("image")): Rescale {
  const group = functionalGroup(dataSet, frame, transformation);
  return (group && rescaleIn(group, to)) ?? rescaleIn(dataSet, to) ?? { slope: 1, intercept: 0 };
}

/** Whether a frame says how its stored values become HU. @throws E_VALUE as `rescaleOf` */
export const hasRescale = (dataSet: DataSet, frame: number, to: Reading): boolean =>
  [functionalGroup(dataSet, frame, transformation), dataSet].some((set) => set && rescaleIn(set, to));

const [slopeTag, interceptTag, transformation] = ["x00281053", "x00281052", "x00289145"];

function rescaleIn(dataSet: DataSet, to: Reading): Rescale | undefined {
  const [slope, intercept] = [numberOf(dataSet, slopeTag, to), numberOf(dataSet, interceptTag, to)];
  if (slope === undefined && intercept === undefined) return undefined;
  if (slope === undefined || intercept === undefined) {
    const [there, missing] = slope === undefined ? [interceptTag, slopeTag] : [slopeTag, interceptTag];
    throw misread(to.name, there, String(slope ?? intercept), `stands without ${named(missing)}`);
  }
  if (slope === 0) throw misread(to.name, slopeTag, "0", "makes all values alike");
  return { slope, intercept };
}

/** A functional group's item for a frame of an enhanced image: its own before the one all frames share (PS3.3 C.7.6.16). */
export function functionalGroup(dataSet: DataSet, frame: number, tag: string): DataSet | undefined {
  const item = (sequence: string, index: number) => dataSet.elements[sequence]?.items?.[index]?.dataSet;
  return [item("x52009230", frame), item("x52009229", 0)]
    .map((groups) => groups?.elements[tag]?.items?.[0]?.dataSet)
    .find((found) => found !== undefined);
}
