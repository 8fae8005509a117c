import type { Geometry, Volume } from "../../../numerics/volume/index.ts";
import type { SeriesFacts } from "../../../patients/study/phases/evidence/facts.ts";

/** Voxels as the pictures take them, HU. */
export type HuVolume = Volume<Int16Array | Float32Array>;

/** An image that may be a phase: a CT series or a NIfTI file. */
export interface FoundImage {
  /** Unique in the study. */
  readonly name: string;
  readonly geometry: Geometry;
  readonly facts: SeriesFacts;
  /** What had to be corrected becomes part of `remarks`. @throws as the format's reader */
  read(remarks: Set<string>): Promise<HuVolume>;
}

/** The volume with voxels that the pictures take. */
export function asHu(volume: Volume): HuVolume {
  const { data } = volume;
  return data instanceof Int16Array || data instanceof Float32Array
    ? { ...volume, data }
    : { ...volume, data: Float32Array.from(data) };
}
