import type { Source } from "../../../imaging/formats/dicom/read.ts";
import { isGzip } from "../../../imaging/formats/nifti/isGzip.ts";

/** Whether a file is NIfTI by its first bytes: the header's size, 348 or 540, in either byte order, or gzip. */
export async function isNifti(source: Source): Promise<boolean> {
  const start = await source.start(4);
  if (start.length < 4) return false;
  const view = new DataView(start.buffer, start.byteOffset, 4);
  return (
    isGzip(start) || [view.getInt32(0, true), view.getInt32(0)].some((size) => size === 348 || size === 540)
  );
}
