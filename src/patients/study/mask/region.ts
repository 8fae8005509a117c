import type { Geometry, Volume } from "../../../numerics/volume/index.ts";
import type { MaskSource } from "../assembled.ts";
import type { RegionName } from "./labels/labelTable.ts";

/** One named region of a file: a segment, an ROI, a mask image. */
export interface Region extends RegionName {
  /** Names the region in remarks and errors: file and name. */
  readonly path: string;
  readonly source: MaskSource;
  /** Series Instance UID of the images it was drawn on. */
  readonly referencedSeries?: string | undefined;
  readonly frameOfReference?: string | undefined;
  /** What a reader must know of it. @param reference the grid it will be brought to */
  remarks?(reference: Geometry): readonly string[];
  /** Not 0 where the region is, on a grid of its own. @param reference the grid it will be brought to */
  mask(reference: Geometry): Volume<Uint8Array> | Promise<Volume<Uint8Array>>;
}

/** 1 where a value is above 0. */
export function positive({ data, ...geometry }: Volume): Volume<Uint8Array> {
  const mask = new Uint8Array(data.length);
  for (let n = 0; n < data.length; n++) mask[n] = data[n] > 0 ? 1 : 0;
  return { ...geometry, data: mask };
}
