import type { DataSet } from "dicom-parser";

/** Value = slope · stored + intercept (PS3.3 C.11.1.1.2). */
export interface Rescale {
  readonly slope: number;
  readonly intercept: number;
}

/** The rescale of one frame: its own, or all frames' in an enhanced image, or the image's. One and zero where none is given. */
export function rescaleOf(dataSet: DataSet, frame: number): Rescale {
  const of = (item: DataSet | undefined): Rescale | undefined => {
    const slope = item?.floatString("x00281053");
    const intercept = item?.floatString("x00281052");
    return Number.isFinite(slope) && slope !== 0 ? { slope: slope!, intercept: intercept ?? 0 } : undefined;
  };
  const group = functionalGroup(dataSet, frame, "x00289145");
  return of(group) ?? of(dataSet) ?? { slope: 1, intercept: 0 };
}

/** A functional group's item for a frame of an enhanced image: its own before the one all frames share (PS3.3 C.7.6.16). */
export function functionalGroup(dataSet: DataSet, frame: number, tag: string): DataSet | undefined {
  const item = (sequence: string, index: number) => dataSet.elements[sequence]?.items?.[index]?.dataSet;
  return [item("x52009230", frame), item("x52009229", 0)]
    .map((groups) => groups?.elements[tag]?.items?.[0]?.dataSet)
    .find((found) => found !== undefined);
}
