import type { Crop } from "./cropInput.ts";

/** The crop in memory that all threads share: the one that trains and the one that augments hold it but once. */
export function sharedCrop({ hu, mask, ...rest }: Crop): Crop {
  const sharedHu = new Int16Array(new SharedArrayBuffer(hu.byteLength));
  const sharedMask = new Uint8Array(new SharedArrayBuffer(mask.byteLength));
  sharedHu.set(hu);
  sharedMask.set(mask);
  return { ...rest, hu: sharedHu, mask: sharedMask };
}
