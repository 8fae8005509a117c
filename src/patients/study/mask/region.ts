import type { Geometry, Volume } from "../../../numerics/volume/index.ts";
import type { MaskSource } from "../assembled.ts";
import type { RegionName } from "./labels/labelTable.ts";
import type { ScannedStack } from "./scannedStack.ts";

/** A region on a grid of its own. */
export interface RegionMask extends Volume<Uint8Array> {
  /** What was done to it, and what was passed over, a line each. */
  readonly remarks?: readonly string[];
}

/** One named region of a file: a segment, an ROI, a mask image. */
export interface Region extends RegionName {
  /** Names the region in remarks and errors: file and name. */
  readonly path: string;
  readonly source: MaskSource;
  /** The file it is of, where that may hold others: two files that draw one label are compared. */
  readonly file?: string | undefined;
  /** Series Instance UID of the images it was drawn on. */
  readonly referencedSeries?: string | undefined;
  readonly frameOfReference?: string | undefined;
  /** Patient ID of its file. */
  readonly patient?: string | undefined;
  /**
   * Not 0 where the region is, on a grid of its own.
   * @param reference the grid it will be brought to
   * @param stacks the study's, that of the reference first
   */
  mask(reference: Geometry, stacks: readonly ScannedStack[]): RegionMask | Promise<RegionMask>;
}

/** 1 where a value is above 0. */
export function positive({ data, ...geometry }: Volume): Volume<Uint8Array> {
  const mask = new Uint8Array(data.length);
  for (let n = 0; n < data.length; n++) mask[n] = data[n] > 0 ? 1 : 0;
  return { ...geometry, data: mask };
}
