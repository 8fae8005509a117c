import type { Crop, Cube } from "./cropInput.ts";

/** The crop in memory that all threads share: the one that trains and the one that augments hold it but once. */
export const sharedCrop = ({ context, ...crop }: Crop): Crop => ({
  ...crop,
  ...sharedCube(crop),
  ...(context && { context: sharedCube(context) }),
});

function sharedCube({ hu, mask }: Cube): Cube {
  const sharedHu = new Int16Array(new SharedArrayBuffer(hu.byteLength));
  const sharedMask = new Uint8Array(new SharedArrayBuffer(mask.byteLength));
  sharedHu.set(hu);
  sharedMask.set(mask);
  return { hu: sharedHu, mask: sharedMask };
}
