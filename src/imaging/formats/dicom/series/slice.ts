import type { DicomHeader, Plane } from "../file/header.ts";
import type { DicomFile } from "../file/images.ts";

/** One plane of pixels: a frame of a file. */
export interface Slice {
  readonly file: DicomFile & { readonly header: DicomHeader };
  readonly frame: number;
  readonly plane: Plane;
}

/** Slices that become part of no volume, though others of their series do. */
export interface SlicesAside {
  readonly slices: readonly Pick<Slice, "file" | "frame">[];
  readonly reason: string;
}
