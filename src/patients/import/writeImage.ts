import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { writeWhole } from "../../base/files.ts";
import { encodeNifti } from "../../imaging/formats/nifti/index.ts";
import type { Volume } from "../../numerics/volume/index.ts";

/** Writes a volume as gzipped NIfTI-1, whole or not at all. @throws E_FILE_WRITE */
export async function writeImage(path: string, volume: Volume): Promise<void> {
  const bytes = encodeNifti(volume, {}, path);
  await writeWhole(path, await promisify(gzip)(bytes, { level: 1 }));
}
