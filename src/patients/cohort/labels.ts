import { TrinephronError } from "../../base/errors.ts";
import type { Volume } from "../../numerics/volume/index.ts";

/**
 * A mask's voxels as bytes, without a copy where they are bytes already.
 *
 * @param path named in errors
 * @throws E_MASK where a voxel is none of 0 (empty), 1 (kidney), 2 (tumour), 3 (cyst)
 */
export function labelsOf(volume: Volume, path: string): Volume<Uint8Array> {
  const { data } = volume;
  const labels = data instanceof Uint8Array ? data : new Uint8Array(data.length);
  for (let n = 0; n < data.length; n++) {
    const label = data[n];
    if (label !== 0 && label !== 1 && label !== 2 && label !== 3)
      throw new TrinephronError(
        "E_MASK",
        `${path}: label ${label} is none of 0 (empty), 1 (kidney), 2 (tumour), 3 (cyst)`,
        "relabel the mask",
      );
    labels[n] = label;
  }
  return { ...volume, data: labels };
}
