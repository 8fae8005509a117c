import packed from "virtual:attributes";
import type { Attribute } from "../../../imaging/formats/dicom/values/attributes.ts";

/** PS3.6 as it was when the page was built: `00281053DSRescaleSlope`, a line each. */
export const attributes = (): ReadonlyMap<string, Attribute> =>
  new Map(
    packed
      .split("\n")
      .map((line) => [line.slice(0, 8), { vr: line.slice(8, 10), keyword: line.slice(10) }] as const),
  );
